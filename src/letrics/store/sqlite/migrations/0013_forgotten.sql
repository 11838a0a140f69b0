-- People who were forgotten, so that nothing adds them again (letrics.identity.forgotten). id: a random number.
CREATE TABLE forgotten (id INTEGER PRIMARY KEY, forgotten_at TEXT NOT NULL) STRICT;

-- Keyed hashes of what identifies them. kind: what is hashed.
CREATE TABLE forgotten_key (
    person INTEGER NOT NULL,
    kind INTEGER NOT NULL,
    hash BLOB NOT NULL,
    PRIMARY KEY (person, kind, hash)
) STRICT, WITHOUT ROWID;
CREATE INDEX forgotten_key_hash ON forgotten_key (hash);

-- The random secrets of these hashes: that of this database, and those of lists that were merged into it.
CREATE TABLE forgotten_secret (secret BLOB PRIMARY KEY) STRICT, WITHOUT ROWID;
INSERT INTO forgotten_secret VALUES (randomblob(32));

-- version: counts the changes of the list. forgotten_seq, deleted_seq: the last seq at which people were forgotten, or records
-- deleted. What was built from the log before that may have their values.
CREATE TABLE erasure (
    one INTEGER PRIMARY KEY CHECK (one = 1),
    version INTEGER NOT NULL,
    forgotten_seq INTEGER NOT NULL,
    deleted_seq INTEGER NOT NULL
) STRICT;
INSERT INTO erasure VALUES (1, 0, 0, 0);

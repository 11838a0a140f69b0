-- What was put into contact_key lately: written here batch by batch, where few pages hold it all, and moved on in sorted
-- parts (letrics.store.sqlite.recent). A key is in either table, or in both.
CREATE TABLE recent_key (
    hash INTEGER NOT NULL,
    mark INTEGER NOT NULL,
    num INTEGER NOT NULL,
    PRIMARY KEY (hash, mark, num)
) STRICT, WITHOUT ROWID;

-- keys: how many rows recent_key has at most. swept: the hash up to which the present round has moved them on.
CREATE TABLE recent_state (one INTEGER PRIMARY KEY CHECK (one = 1), keys INTEGER NOT NULL, swept INTEGER NOT NULL) STRICT;
INSERT INTO recent_state VALUES (1, 0, -9223372036854775808);

-- The digest of the patch that made the document what it is (letrics.store.packed); NULL where it is not known.
ALTER TABLE contact ADD COLUMN digest INTEGER;

-- The log itself. seq: its last number; next_*: the num that the next new record gets (nums are never reused);
-- companies, contacts: how many records there are; pruned: the last seq whose tombstone is no longer kept.
CREATE TABLE log (
    one INTEGER PRIMARY KEY CHECK (one = 1),
    id TEXT NOT NULL,
    seq INTEGER NOT NULL,
    next_company INTEGER NOT NULL,
    next_contact INTEGER NOT NULL,
    companies INTEGER NOT NULL,
    contacts INTEGER NOT NULL,
    pruned INTEGER NOT NULL
) STRICT;
INSERT INTO log VALUES (1, lower(hex(randomblob(16))), 0, 0, 0, 0, 0, 0);

-- The last seq of every batch that changed something, and the batch's random id.
CREATE TABLE batch (seq INTEGER PRIMARY KEY, id TEXT NOT NULL) STRICT;

CREATE TABLE company (
    num INTEGER PRIMARY KEY,
    seq INTEGER NOT NULL,
    domain TEXT NOT NULL,
    document BLOB NOT NULL
) STRICT;
CREATE UNIQUE INDEX company_domain ON company (domain);
CREATE UNIQUE INDEX company_seq ON company (seq);

-- external: 1 where the contact's id was given to it, 0 where it was made here.
CREATE TABLE contact (
    num INTEGER PRIMARY KEY,
    seq INTEGER NOT NULL,
    company INTEGER NOT NULL,
    external INTEGER NOT NULL,
    document BLOB NOT NULL
) STRICT;
CREATE UNIQUE INDEX contact_seq ON contact (seq);
CREATE INDEX contact_company ON contact (company);

-- Which contact holds which key (letrics.store.identity). hash and mark are two parts of one digest: contacts whose
-- keys share a hash by chance have different marks.
CREATE TABLE contact_key (
    hash INTEGER NOT NULL,
    mark INTEGER NOT NULL,
    num INTEGER NOT NULL,
    PRIMARY KEY (hash, mark, num)
) STRICT, WITHOUT ROWID;

-- Ids that contacts had before an external id took their place; they still answer.
CREATE TABLE former_id (num INTEGER NOT NULL, id TEXT NOT NULL, PRIMARY KEY (num, id)) STRICT, WITHOUT ROWID;

-- Deletions: numbers alone, nothing of what was deleted. kind: 0 a company, 1 a contact.
CREATE TABLE tombstone (seq INTEGER PRIMARY KEY, kind INTEGER NOT NULL, num INTEGER NOT NULL) STRICT;

-- Who applies the log, up to which seq, and when it last said so (milliseconds since 1970).
CREATE TABLE follower (name TEXT PRIMARY KEY, seq INTEGER NOT NULL, seen INTEGER NOT NULL) STRICT, WITHOUT ROWID;

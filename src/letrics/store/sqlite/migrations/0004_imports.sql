-- Imports. status: see letrics.store.import_record. changes, report, mapping: JSON objects. undoable: 0 once the states before
-- it are no longer stored.
CREATE TABLE import (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    kind TEXT NOT NULL,
    file TEXT NOT NULL,
    source TEXT,
    user TEXT,
    mapping BLOB NOT NULL,
    status TEXT NOT NULL,
    started_at TEXT NOT NULL,
    updated_at TEXT NOT NULL,
    changes BLOB NOT NULL,
    report BLOB NOT NULL,
    undoable INTEGER NOT NULL DEFAULT 1
) STRICT;

-- The batches of an import: its seqs are after first_seq up to last_seq, its new records have the nums from first_*
-- up to but without end_*.
CREATE TABLE import_batch (
    import INTEGER NOT NULL,
    first_seq INTEGER NOT NULL,
    last_seq INTEGER NOT NULL,
    first_company INTEGER NOT NULL,
    end_company INTEGER NOT NULL,
    first_contact INTEGER NOT NULL,
    end_contact INTEGER NOT NULL,
    PRIMARY KEY (import, first_seq)
) STRICT, WITHOUT ROWID;

-- The state of each record that an import changed, as it was before its first change by it.
CREATE TABLE contact_before (
    import INTEGER NOT NULL,
    num INTEGER NOT NULL,
    seq INTEGER NOT NULL,
    company INTEGER NOT NULL,
    external INTEGER NOT NULL,
    digest INTEGER,
    document BLOB NOT NULL,
    PRIMARY KEY (import, num)
) STRICT, WITHOUT ROWID;

CREATE TABLE company_before (
    import INTEGER NOT NULL,
    num INTEGER NOT NULL,
    seq INTEGER NOT NULL,
    domain TEXT NOT NULL,
    document BLOB NOT NULL,
    PRIMARY KEY (import, num)
) STRICT, WITHOUT ROWID;

-- A record at seq is what it was at former: undoing a later import restored it.
CREATE TABLE restored (seq INTEGER PRIMARY KEY, former INTEGER NOT NULL) STRICT;

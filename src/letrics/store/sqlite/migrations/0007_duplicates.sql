-- Pairs of contacts that may be one person, the lower num first. reason, status: see letrics.store.duplicate_record.
CREATE TABLE duplicate (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    first INTEGER NOT NULL,
    second INTEGER NOT NULL,
    reason TEXT NOT NULL,
    status TEXT NOT NULL,
    found_at TEXT NOT NULL,
    UNIQUE (first, second)
) STRICT;
CREATE INDEX duplicate_second ON duplicate (second);
CREATE INDEX duplicate_status ON duplicate (status, id);

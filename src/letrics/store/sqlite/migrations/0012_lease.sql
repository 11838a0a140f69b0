-- Which process does what only one process at a time may do, such as feeding an index that all of them search. holder: a name
-- of the process. expires_ms: milliseconds since 1970 at which another process may take the lease.
CREATE TABLE lease (name TEXT PRIMARY KEY, holder TEXT NOT NULL, expires_ms INTEGER NOT NULL) STRICT, WITHOUT ROWID;

-- What signing in needs. Of every secret (a session's id, a link, the set-up code) only the SHA-256 is kept. Times are
-- milliseconds since 1970-01-01T00:00Z.
ALTER TABLE user ADD COLUMN full_name TEXT;

CREATE TABLE session (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    user_id INTEGER NOT NULL REFERENCES user (id),
    digest BLOB NOT NULL UNIQUE,
    created_at INTEGER NOT NULL,
    last_seen_at INTEGER NOT NULL,
    ends_at INTEGER NOT NULL,
    user_agent TEXT NOT NULL,
    address TEXT NOT NULL
) STRICT;

CREATE INDEX session_by_user ON session (user_id);

-- Links that are good once. One that has been used is deleted.
CREATE TABLE link (
    digest BLOB PRIMARY KEY,
    purpose TEXT NOT NULL CHECK (purpose IN ('setup', 'invitation', 'reset', 'sign_in')),
    email TEXT,
    admin INTEGER NOT NULL DEFAULT 0,
    created_at INTEGER NOT NULL,
    expires_at INTEGER
) STRICT, WITHOUT ROWID;

-- Failed attempts to sign in, by the SHA-256 of the account's name or of the address they came from.
CREATE TABLE attempt (
    key BLOB PRIMARY KEY,
    failures INTEGER NOT NULL,
    last_at INTEGER NOT NULL,
    blocked_until INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

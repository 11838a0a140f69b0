-- The second factor of a user: the secret that they share with an authenticator app (RFC 6238), NULL without one, and
-- the time step of the last code that was accepted, so that no code is accepted twice.
ALTER TABLE user ADD COLUMN totp_secret BLOB;
ALTER TABLE user ADD COLUMN totp_step INTEGER;

-- Codes that work once in place of one of the app. One that has been used is deleted.
CREATE TABLE recovery_code (
    digest BLOB PRIMARY KEY,
    user_id INTEGER NOT NULL REFERENCES user (id) ON DELETE CASCADE
) STRICT, WITHOUT ROWID;

CREATE INDEX recovery_code_by_user ON recovery_code (user_id);

-- Sign-ins that only lack the code.
CREATE TABLE second_step (
    digest BLOB PRIMARY KEY,
    user_id INTEGER NOT NULL REFERENCES user (id) ON DELETE CASCADE,
    expires_at INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

-- Browsers in which a user has signed in, by the SHA-256 of a secret and the user: others cannot make them wait.
CREATE TABLE known_browser (
    digest BLOB PRIMARY KEY,
    user_id INTEGER NOT NULL REFERENCES user (id) ON DELETE CASCADE,
    expires_at INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

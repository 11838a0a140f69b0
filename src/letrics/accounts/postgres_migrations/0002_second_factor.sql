-- The second factor of a user: the secret that they share with an authenticator app (RFC 6238), NULL without one, and
-- the time step of the last code that was accepted, so that no code is accepted twice.
ALTER TABLE "user" ADD COLUMN totp_secret BYTEA;
ALTER TABLE "user" ADD COLUMN totp_step BIGINT;

-- Codes that work once in place of one of the app. One that has been used is deleted.
CREATE TABLE recovery_code (
    digest BYTEA PRIMARY KEY,
    user_id BIGINT NOT NULL REFERENCES "user" (id) ON DELETE CASCADE
);

CREATE INDEX recovery_code_by_user ON recovery_code (user_id);

-- Sign-ins that only lack the code.
CREATE TABLE second_step (
    digest BYTEA PRIMARY KEY,
    user_id BIGINT NOT NULL REFERENCES "user" (id) ON DELETE CASCADE,
    expires_at BIGINT NOT NULL
);

-- Browsers in which a user has signed in, by the SHA-256 of a secret and the user: others cannot make them wait.
CREATE TABLE known_browser (
    digest BYTEA PRIMARY KEY,
    user_id BIGINT NOT NULL REFERENCES "user" (id) ON DELETE CASCADE,
    expires_at BIGINT NOT NULL
);

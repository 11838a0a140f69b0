-- See the migration of this name for SQLite.
CREATE TABLE forgotten (id BIGINT PRIMARY KEY, forgotten_at TEXT NOT NULL);
CREATE TABLE forgotten_key (
    person BIGINT NOT NULL,
    kind SMALLINT NOT NULL,
    hash BYTEA NOT NULL,
    PRIMARY KEY (person, kind, hash)
);
CREATE INDEX forgotten_key_hash ON forgotten_key (hash);
CREATE TABLE forgotten_secret (secret BYTEA PRIMARY KEY);
INSERT INTO forgotten_secret VALUES (uuid_send(gen_random_uuid()) || uuid_send(gen_random_uuid()));
CREATE TABLE erasure (
    one SMALLINT PRIMARY KEY CHECK (one = 1),
    version BIGINT NOT NULL,
    forgotten_seq BIGINT NOT NULL,
    deleted_seq BIGINT NOT NULL
);
INSERT INTO erasure VALUES (1, 0, 0, 0);

-- The number of the last change. By it, a server that reads from a standby knows whether that has all changes that it
-- has seen on the primary.
ALTER TABLE accounts_version ADD COLUMN number BIGINT NOT NULL DEFAULT 0;

CREATE OR REPLACE FUNCTION note_changed_accounts() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    UPDATE accounts_version SET id = gen_random_uuid(), number = number + 1;
    PERFORM pg_notify('letrics_accounts', '');
    RETURN NULL;
END
$$;

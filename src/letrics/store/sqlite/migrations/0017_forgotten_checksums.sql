-- The CRC-32 of each secret and hash of the list of forgotten people (letrics.store.tables.forgotten_checksums). The step of
-- this migration adds those of the rows that are stored.
ALTER TABLE forgotten_secret ADD COLUMN checksum INTEGER;
ALTER TABLE forgotten_key ADD COLUMN checksum INTEGER;

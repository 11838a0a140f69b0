-- The CRC-32 of each document (letrics.store.tables.checksums); NULL for documents of earlier versions.
ALTER TABLE company ADD COLUMN checksum BIGINT;
ALTER TABLE contact ADD COLUMN checksum BIGINT;

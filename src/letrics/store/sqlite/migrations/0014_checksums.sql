-- The CRC-32 of each document (letrics.store.tables.checksums); NULL for documents of earlier versions.
ALTER TABLE company ADD COLUMN checksum INTEGER;
ALTER TABLE contact ADD COLUMN checksum INTEGER;

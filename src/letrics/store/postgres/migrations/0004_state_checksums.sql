-- Checksums of former states (letrics.store.tables.checksums, letrics.store.tables.merge_rows); NULL for those of earlier
-- versions, and of documents that have none.
ALTER TABLE contact_before ADD COLUMN checksum BIGINT;
ALTER TABLE company_before ADD COLUMN checksum BIGINT;
ALTER TABLE contact_merge ADD COLUMN checksum BIGINT;

-- The weighted sum of all other columns (letrics.store.tables.number_rows); NULL for rows of earlier versions.
ALTER TABLE restored ADD COLUMN checksum BIGINT;
ALTER TABLE merged_company ADD COLUMN checksum BIGINT;

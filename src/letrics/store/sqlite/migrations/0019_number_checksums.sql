-- The weighted sum of all other columns (letrics.store.tables.number_rows); NULL for rows of earlier versions.
ALTER TABLE restored ADD COLUMN checksum INTEGER;
ALTER TABLE merged_company ADD COLUMN checksum INTEGER;

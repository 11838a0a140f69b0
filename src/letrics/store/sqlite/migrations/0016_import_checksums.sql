-- The CRC-32 of all other columns of an import but `undoable` (letrics.store.tables.import_rows); NULL for imports of earlier
-- versions.
ALTER TABLE import ADD COLUMN checksum INTEGER;

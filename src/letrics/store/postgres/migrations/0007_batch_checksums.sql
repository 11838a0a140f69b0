-- The weighted sum of all other columns of a batch of an import (letrics.store.tables.checksums); NULL for batches of earlier
-- versions.
ALTER TABLE import_batch ADD COLUMN checksum BIGINT;

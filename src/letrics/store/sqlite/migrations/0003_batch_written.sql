-- When each batch was written, as documents have it (UTC, ISO 8601); NULL for batches of earlier versions.
ALTER TABLE batch ADD COLUMN written TEXT;

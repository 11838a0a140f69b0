"""The numbered migrations of the file of responses by Idempotency-Key."""

"""The numbered migrations of responses by Idempotency-Key in PostgreSQL."""

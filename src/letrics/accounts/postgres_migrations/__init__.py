"""The numbered migrations of accounts in PostgreSQL."""

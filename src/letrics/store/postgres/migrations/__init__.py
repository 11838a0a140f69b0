"""The numbered migrations of the log in PostgreSQL. A released migration is never edited."""

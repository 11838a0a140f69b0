"""The numbered migrations of the log's database. A released migration is never edited."""

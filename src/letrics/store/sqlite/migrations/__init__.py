"""The numbered migrations of the log's database. One that has been released is never edited."""

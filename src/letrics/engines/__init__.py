"""Search engines: followers of the log that say which records a query hits, and how many."""

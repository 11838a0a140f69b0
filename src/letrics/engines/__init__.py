"""Search engines: followers of the log that say which records match a query, and how many."""

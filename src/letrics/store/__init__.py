"""The log store: keeps records, gives each a permanent number, and records the order of their changes."""

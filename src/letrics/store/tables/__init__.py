"""The tables of a log in a SQL database, whichever it is."""

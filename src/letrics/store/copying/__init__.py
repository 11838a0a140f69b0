"""Copy the tables of one database into another: between SQLite and PostgreSQL, either way, while the source is used."""

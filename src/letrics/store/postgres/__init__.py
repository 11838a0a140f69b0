"""The log store in a PostgreSQL database. Nothing else in the program imports its driver, psycopg."""

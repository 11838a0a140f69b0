"""Connections to the database that hosts share, for the tests of what is stored there besides the log."""

from letrics.store.postgres.postgres_connection import open_postgres

__all__ = ["open_postgres"]

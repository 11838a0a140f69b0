"""The tables are tested on SQLite."""

from tests.store.sqlite.conftest import connection, store

__all__ = ["connection", "store"]

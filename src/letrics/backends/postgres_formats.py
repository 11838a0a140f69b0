"""The formats of the tables in a PostgreSQL database, compared with those of this version."""

from __future__ import annotations

from typing import Final

from letrics.accounts.account_tables import MIGRATIONS
from letrics.store.migrate import load_migrations
from letrics.store.postgres.postgres_connection import open_postgres
from letrics.store.postgres.postgres_store import WRITERS_LOCK
from letrics.store.sql import read_value

_PARTS: Final = (
    ("migration", "letrics.store.postgres.migrations"),
    (MIGRATIONS, "letrics.accounts.postgres_migrations"),
)
"""The tables of the migrations that were applied, and the packages that have all of them."""


def has_old_tables(url: str) -> bool:
    """Whether the tables in a database have the format of an earlier version. Changes nothing. Raises StoreAway."""
    with open_postgres(url, WRITERS_LOCK, read_only=True) as connection, connection.away():
        for table, package in _PARTS:
            if connection.has_table(table):
                found = read_value(connection, f"SELECT coalesce(max(number), 0) FROM {table}")  # noqa: S608
                if found < len(load_migrations(package)):
                    return True
    return False

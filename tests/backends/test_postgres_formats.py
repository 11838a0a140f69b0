"""Formats of the tables in a PostgreSQL database."""

from __future__ import annotations

from pathlib import Path

import psycopg
import pytest

from letrics.backends.postgres import PostgresBackend
from letrics.backends.postgres_accounts import PostgresAccounts
from letrics.backends.postgres_formats import has_old_tables
from tests.servers.postgres import new_database


@pytest.mark.parametrize("table", ["migration", "accounts_migration"])
def test_tables_without_the_last_migration_are_old(tmp_path: Path, table: str) -> None:
    url = new_database()
    assert not has_old_tables(url), "there are none"
    PostgresBackend(url, tmp_path).open(create=True).close()
    PostgresAccounts(url).open(create=True).close()
    assert not has_old_tables(url)
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute(f"DELETE FROM {table} WHERE number = (SELECT max(number) FROM {table})")
    assert has_old_tables(url)

"""The private PostgreSQL server of the tests."""

from __future__ import annotations

from pathlib import Path

import psycopg

from tests.servers.postgres import database_of, new_database


def test_each_new_database_is_empty() -> None:
    first, second = new_database(), new_database()
    with psycopg.connect(first) as connection:
        connection.execute("CREATE TABLE one (n INTEGER)")
    with psycopg.connect(second) as connection:
        row = connection.execute("SELECT to_regclass('one')").fetchone()
    assert row == (None,)


def test_a_directory_keeps_its_database(tmp_path: Path) -> None:
    assert database_of(tmp_path) == database_of(tmp_path) != database_of(tmp_path / "other")

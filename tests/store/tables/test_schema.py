"""The tables of a log are the same in SQLite and PostgreSQL: statements name them once."""

from __future__ import annotations

from pathlib import Path

from letrics.store.postgres.postgres_store import PostgresStore
from letrics.store.sqlite import SqliteStore
from tests.servers.postgres import new_database

_IN_SQLITE = """
SELECT t.name, c.name, c."notnull" OR c.pk > 0 FROM pragma_table_list AS t, pragma_table_info(t.name) AS c
WHERE t.type = 'table' AND t.name NOT LIKE 'sqlite%' ORDER BY t.name, c.cid
"""
_IN_POSTGRES = """
SELECT table_name::text, column_name::text, is_nullable = 'NO' FROM information_schema.columns
WHERE table_schema = current_schema() ORDER BY table_name COLLATE "C", ordinal_position
"""


def test_both_databases_have_the_same_columns(tmp_path: Path) -> None:
    with SqliteStore.open(tmp_path / "log.db") as one, PostgresStore.open(new_database()) as other:
        expected = [(table, column, bool(filled)) for table, column, filled in one._connection.execute(_IN_SQLITE)]
        found = other._connection.execute(_IN_POSTGRES).fetchall()
    assert found == expected

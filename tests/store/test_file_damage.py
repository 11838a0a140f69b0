"""Damage of SQLite files."""

from __future__ import annotations

from pathlib import Path

from letrics.store.connection import open_sqlite
from letrics.store.file_damage import file_damage, is_of_index


def test_index_that_does_not_match_its_table_is_named(tmp_path: Path) -> None:
    connection = open_sqlite(tmp_path / "a.db")
    connection.execute("CREATE TABLE t (a INTEGER); CREATE INDEX i ON t (a); INSERT INTO t VALUES (1), (2)")
    assert list(file_damage(connection)) == []
    connection.execute("PRAGMA writable_schema = ON")
    connection.execute("UPDATE sqlite_schema SET sql = 'CREATE INDEX i ON t (a + 1)' WHERE name = 'i'")
    connection.close()
    connection = open_sqlite(tmp_path / "a.db")
    found = list(file_damage(connection))
    assert found and all(is_of_index(words) and "--repair" in words for words in found)
    assert "restore it" in next(file_damage(connection, "restore it"))
    connection.close()

"""Numbered migrations: applied once, refused if changed, refused if from a newer version."""

from __future__ import annotations

from pathlib import Path

import apsw
import pytest

from letrics.store.base import StoreAway, StoreTooNew
from letrics.store.connection import open_sqlite
from letrics.store.migrate import Migration, migrate
from letrics.store.sql import SqlConnection

FIRST = Migration(1, "people", "CREATE TABLE person (name TEXT); INSERT INTO person VALUES ('Ada')")
SECOND = Migration(2, "ages", "ALTER TABLE person ADD COLUMN age INTEGER")


def columns(connection: apsw.Connection) -> list[str]:
    return [row[1] for row in connection.execute("PRAGMA table_info(person)")]


def test_migrations_are_applied_once_and_recorded(tmp_path: Path) -> None:
    connection = open_sqlite(tmp_path / "a.db")
    migrate(connection, [FIRST])
    migrate(connection, [FIRST])
    migrate(connection, [FIRST, SECOND])
    assert columns(connection) == ["name", "age"]
    assert connection.execute("SELECT count(*) FROM person").get == 1
    rows = connection.execute("SELECT number, name, checksum FROM migration").fetchall()
    assert rows == [(1, "people", FIRST.checksum), (2, "ages", SECOND.checksum)]
    connection.close()


def test_a_step_runs_once_after_its_sql(tmp_path: Path) -> None:
    connection = open_sqlite(tmp_path / "a.db")

    def grow(connection: SqlConnection) -> None:
        connection.execute("UPDATE person SET age = coalesce(age, 0) + 1")

    second = Migration(2, "ages", SECOND.sql, grow)
    for _ in range(2):
        migrate(connection, [FIRST, second])
    assert connection.execute("SELECT name, age FROM person").fetchall() == [("Ada", 1)]
    assert second.checksum == SECOND.checksum
    connection.close()


def test_a_failing_migration_leaves_nothing_behind(tmp_path: Path) -> None:
    connection = open_sqlite(tmp_path / "a.db")
    with pytest.raises(apsw.SQLError):
        migrate(connection, [FIRST, Migration(2, "bad", "CREATE TABLE other (x); nonsense")])
    assert not connection.table_exists("main", "person")
    assert not connection.table_exists("main", "migration")
    connection.close()


def test_a_changed_migration_is_refused(tmp_path: Path) -> None:
    connection = open_sqlite(tmp_path / "a.db")
    migrate(connection, [FIRST])
    with pytest.raises(StoreAway, match=r"migration 1 \(people\)"):
        migrate(connection, [Migration(1, "people", FIRST.sql + " "), SECOND])
    assert columns(connection) == ["name"]
    connection.close()


def test_a_database_from_the_future_says_to_upgrade(tmp_path: Path) -> None:
    connection = open_sqlite(tmp_path / "a.db")
    migrate(connection, [FIRST, SECOND])
    with pytest.raises(StoreTooNew, match=r"its format is 2 and this version knows formats up to 1\. Upgrade Letrics"):
        migrate(connection, [FIRST])
    connection.close()


def test_a_reader_does_not_migrate(tmp_path: Path) -> None:
    connection = open_sqlite(tmp_path / "a.db")
    migrate(connection, [FIRST])
    reader = open_sqlite(tmp_path / "a.db", read_only=True)
    migrate(reader, [FIRST])
    with pytest.raises(StoreAway, match="opened read-only"):
        migrate(reader, [FIRST, SECOND])
    reader.close()
    connection.close()


def test_nothing_due_does_not_wait_for_a_writer(tmp_path: Path) -> None:
    connection = open_sqlite(tmp_path / "a.db")
    migrate(connection, [FIRST])
    connection.execute("BEGIN IMMEDIATE")
    other = open_sqlite(tmp_path / "a.db", busy_ms=1)
    migrate(other, [FIRST])
    other.close()
    connection.close()


def test_numbers_have_no_gaps(tmp_path: Path) -> None:
    connection = open_sqlite(tmp_path / "a.db")
    with pytest.raises(ValueError, match="numbered 1, 2, 3"):
        migrate(connection, [SECOND])
    connection.close()

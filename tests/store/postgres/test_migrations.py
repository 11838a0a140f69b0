"""Migrations of a PostgreSQL database."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

import psycopg
import pytest

from letrics.store.base import StoreAway, StoreTooNew
from letrics.store.migrate import Migration, migrate
from letrics.store.postgres.postgres_connection import PostgresConnection, open_postgres
from letrics.store.sql import SqlConnection
from tests.servers.postgres import new_database

FIRST = Migration(1, "people", "CREATE TABLE person (name TEXT); INSERT INTO person VALUES ('Ada; Bob?')")


def grow(connection: SqlConnection) -> None:
    connection.execute("UPDATE person SET age = coalesce(age, 0) + 1")


SECOND = Migration(2, "ages", "ALTER TABLE person ADD COLUMN age BIGINT", grow)


@pytest.fixture
def url() -> str:
    return new_database()


@pytest.fixture
def connection(url: str) -> Iterator[PostgresConnection]:
    made = open_postgres(url, 1)
    yield made
    made.close()


def test_processes_that_start_together_migrate_once(url: str, connection: PostgresConnection) -> None:
    def start(_: int) -> int:
        with open_postgres(url, 1) as other:
            return len(migrate(other, [FIRST, SECOND]))

    with ThreadPoolExecutor(4) as pool:
        assert sorted(pool.map(start, range(4))) == [0, 0, 0, 2]
    assert connection.execute("SELECT name, age FROM person").fetchall() == [("Ada; Bob?", 1)]
    rows = connection.execute("SELECT number, name, checksum FROM migration ORDER BY number").fetchall()
    assert rows == [(1, "people", FIRST.checksum), (2, "ages", SECOND.checksum)]


def test_parts_of_the_program_share_a_database(connection: PostgresConnection) -> None:
    migrate(connection, [FIRST])
    migrate(connection, [Migration(1, "notes", "CREATE TABLE note (text TEXT)")], "note_migration")
    migrate(connection, [FIRST, SECOND])
    assert connection.has_table("note")


def test_a_failing_migration_leaves_nothing_behind(connection: PostgresConnection) -> None:
    with pytest.raises(psycopg.errors.SyntaxError):
        migrate(connection, [FIRST, Migration(2, "bad", "CREATE TABLE other (x BIGINT); nonsense")])
    assert not connection.has_table("person") and not connection.has_table("migration")


def test_other_migrations_are_refused(url: str, connection: PostgresConnection) -> None:
    migrate(connection, [FIRST])
    with pytest.raises(StoreAway, match=r"migration 1 \(people\) differs"):
        migrate(connection, [Migration(1, "people", FIRST.sql + " "), SECOND])
    with open_postgres(url, 1, read_only=True) as reader, pytest.raises(StoreAway, match="opened read-only"):
        migrate(reader, [FIRST, SECOND])
    migrate(connection, [FIRST, SECOND])
    with pytest.raises(StoreTooNew, match="its format is 2"):
        migrate(connection, [FIRST])

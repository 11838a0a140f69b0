"""Texts that PostgreSQL does not take."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from letrics.store.postgres.postgres_connection import PostgresConnection, open_postgres
from tests.servers.postgres import new_database


@pytest.fixture
def connection() -> Iterator[PostgresConnection]:
    made = open_postgres(new_database(), 1)
    made.run_script("CREATE TABLE note (num BIGINT, body TEXT)")
    yield made
    made.close()


def test_null_character_is_replaced_wherever_it_is_sent(connection: PostgresConnection) -> None:
    connection.execute("INSERT INTO note VALUES (1, ?)", ("a\0b",))
    connection.insert("note", ("num", "body"), [(2, "a\0b"), (3, None)])
    connection.insert_missing("note", ("num", "body"), [(4, "a\0b")])
    found = connection.execute("SELECT num FROM note WHERE body = ? ORDER BY num", ("a\0b",)).fetchall()
    assert found == [(1,), (2,), (4,)]
    sql = "SELECT num FROM carray(?) AS a CROSS JOIN note ON note.body = a.value ORDER BY num"
    assert connection.execute(sql, (connection.texts(["a\ufffdb"]),)).fetchall() == found

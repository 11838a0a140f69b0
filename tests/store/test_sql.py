"""Statements and operations mean the same in SQLite and in PostgreSQL."""

from __future__ import annotations

from array import array
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest

from letrics.store.connection import open_sqlite
from letrics.store.sql import SqlConnection, read_rows, read_value
from tests.matrix.databases import open_postgres
from tests.servers.postgres import new_database

COLUMNS = ("num", "name", "document")


@pytest.fixture(params=["sqlite", "postgres"])
def connection(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[SqlConnection]:
    made: SqlConnection
    if request.param == "sqlite":
        made = open_sqlite(tmp_path / "a.db")
        made.run_script("CREATE TABLE item (num INTEGER PRIMARY KEY, name TEXT UNIQUE, document BLOB) STRICT")
    else:
        made = open_postgres(new_database(), 1)
        made.run_script("CREATE TABLE item (num BIGINT PRIMARY KEY, name TEXT UNIQUE, document BYTEA)")
    made.insert("item", COLUMNS, [(1, "a", b"{}"), (2, "b", b"\0\xff"), (3, None, None)])
    yield made
    made.close()


def nums(connection: SqlConnection) -> list[int]:
    return [num for (num,) in connection.execute("SELECT num FROM item ORDER BY num")]


def test_values_come_back_as_they_were_inserted(connection: SqlConnection) -> None:
    found = read_rows(connection, "SELECT num, name, document FROM item ORDER BY num")
    assert found == [(1, "a", b"{}"), (2, "b", b"\0\xff"), (3, None, None)]
    assert read_value(connection, "SELECT name FROM item WHERE num = ?", (2,)) == "b"
    assert read_value(connection, "SELECT name FROM item WHERE num = ?", (9,)) is None


def test_placeholders_with_numbers_may_repeat(connection: SqlConnection) -> None:
    sql = "SELECT num FROM item WHERE num = ?2 OR (num > ?1 AND num > ?2) ORDER BY num"
    assert read_rows(connection, sql, (0, 2)) == [(2,), (3,)]


@pytest.mark.parametrize("values", [[1, 3], (1, 3), {1: 0, 3: 0}, array("q", [1, 3]), np.array([1, 3])])
def test_list_of_integers_is_a_table(connection: SqlConnection, values: list[int]) -> None:
    sql = "SELECT item.num FROM carray(?) AS a CROSS JOIN item ON item.num = a.value ORDER BY 1"
    assert read_rows(connection, sql, (connection.ints(values),)) == [(1,), (3,)]


def test_list_of_texts_is_a_table(connection: SqlConnection) -> None:
    sql = "SELECT num FROM item WHERE name IN (SELECT value FROM carray(?) AS a)"
    assert read_rows(connection, sql, (connection.texts(["b", "c"]),)) == [(2,)]


def test_empty_lists_have_no_rows(connection: SqlConnection) -> None:
    for empty in (connection.ints([]), connection.texts([])):
        assert read_rows(connection, "SELECT 1 FROM carray(?) AS a", (empty,)) == []


def test_rows_that_are_there_are_not_inserted(connection: SqlConnection) -> None:
    rows = [(1, "new", None), (4, "a", None), (5, "c", None), (6, "c", None)]
    assert connection.insert_missing("item", COLUMNS, rows) == 1
    assert nums(connection) == [1, 2, 3, 5]


def test_rows_are_updated_by_their_num(connection: SqlConnection) -> None:
    connection.update("item", ("name", "document"), [("z", b"z", 1), (None, b"y", 2), ("x", b"x", 9)])
    assert read_rows(connection, "SELECT name, document FROM item WHERE num < 3 ORDER BY num") == [
        ("z", b"z"),
        (None, b"y"),
    ]
    assert nums(connection) == [1, 2, 3]


def test_rows_with_exactly_these_values_are_deleted(connection: SqlConnection) -> None:
    assert connection.delete_rows("item", ("num", "name"), [(1, "a"), (2, "a"), (9, "z")]) == 1
    assert nums(connection) == [2, 3]


def test_text_in_a_document_is_found(connection: SqlConnection) -> None:
    connection.insert("item", COLUMNS, [(4, "d", b'{"reason":"\xc3\xa9"}')])
    has_reason = connection.has_text("document", '"reason":')
    assert read_rows(connection, f"SELECT num FROM item WHERE {has_reason}") == [(4,)]


def test_writing_is_rolled_back_by_an_exception(connection: SqlConnection) -> None:
    def fail() -> None:
        with connection.writing():
            connection.execute("DELETE FROM item")
            raise KeyError

    with pytest.raises(KeyError):
        fail()
    with connection.reading():
        assert nums(connection) == [1, 2, 3]
    with connection.writing():
        connection.execute("DELETE FROM item WHERE num = 1")
    assert nums(connection) == [2, 3]


def test_tables_are_known_by_name(connection: SqlConnection) -> None:
    assert connection.has_table("item") and not connection.has_table("items")

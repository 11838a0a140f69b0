"""Connections to PostgreSQL: statements of both databases, transactions, losses."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator

import numpy as np
import psycopg
import pytest
from psycopg.errors import lookup

from letrics.store.base import StoreAway
from letrics.store.postgres.away import PostgresAway
from letrics.store.postgres.postgres_connection import PostgresConnection, open_postgres
from letrics.store.sql import SqlConnection, read_rows, read_value
from tests.servers.postgres import free_port, new_database

Open = Callable[..., PostgresConnection]
_TABLE = (
    "CREATE TABLE item (num BIGINT PRIMARY KEY, name TEXT, document BYTEA); CREATE INDEX item_by_name ON item (name)"
)


@pytest.fixture
def open_one() -> Iterator[Open]:
    """Opens connections to one new database, and closes them at the end."""
    url, opened = new_database(), []

    def open_it(**options: float) -> PostgresConnection:
        opened.append(open_postgres(url, 1, **options))  # type: ignore[arg-type]
        return opened[-1]

    yield open_it
    for one in opened:
        one.close()


@pytest.fixture
def items(open_one: Open) -> PostgresConnection:
    """A connection to a database with the table `item`."""
    connection = open_one()
    connection.run_script(_TABLE)
    return connection


def names(connection: SqlConnection) -> list[object]:
    return [name for (name,) in connection.execute("SELECT name FROM item ORDER BY num")]


def kill(connection: PostgresConnection, other: PostgresConnection) -> None:
    """End the session of a connection on the server."""
    pid = read_value(connection, "SELECT pg_backend_pid()")
    assert read_value(other, "SELECT pg_terminate_backend(CAST(? AS INTEGER), 5000)", (pid,))


def test_placeholders_in_order_and_with_numbers(items: PostgresConnection) -> None:
    assert items.execute("SELECT ?, ? + 1, ?", ("a", 1, b"\0\xff")).fetchone() == ("a", 2, b"\0\xff")
    assert items.execute("SELECT ?2, ?1, ?1 + 1", (2**40, None)).fetchall() == [(None, 2**40, 2**40 + 1)]
    assert read_value(items, "SELECT ?", (np.int64(7),)) == 7


@pytest.mark.parametrize("number", [2**63, -(2**63) - 1, 10**23])
def test_numbers_of_more_than_64_bits_overflow(items: PostgresConnection, number: int) -> None:
    with pytest.raises(OverflowError):
        items.execute("SELECT name FROM item WHERE num = ?", (number,))
    assert items.execute("SELECT ?", (2**63 - 1,)).fetchall() == [(2**63 - 1,)]


@pytest.mark.parametrize("values", [[], [3], [1, 3, 2**62, -5]])
def test_a_list_of_integers_is_a_table(items: PostgresConnection, values: list[int]) -> None:
    sql = "SELECT a.value FROM carray(?) AS a"
    for given in (values, set(values), np.array(values, np.int64)):
        assert sorted(value for (value,) in items.execute(sql, (items.ints(given),))) == sorted(values)


def test_a_list_of_texts_is_a_table(items: PostgresConnection) -> None:
    items.insert("item", ("num", "name"), [(1, "Zoë"), (2, "b")])
    sql = "SELECT num FROM carray(?) AS k CROSS JOIN item ON name = k.value"
    assert read_rows(items, sql, (items.texts(["Zoë", "", "ß"]),)) == [(1,)]
    assert read_rows(items, sql, (items.texts([]),)) == []


def test_rows_are_inserted_changed_and_deleted(items: PostgresConnection) -> None:
    columns = ("num", "name", "document")
    items.insert("item", columns, ((n, None if n == 2 else f"n{n}", b"\0" * n) for n in range(4)))
    assert items.insert_missing("item", columns, [(3, "other", b""), (4, "n4", None)]) == 1
    items.update("item", ("name", "document"), [("new", b"x", 1), (None, b"", 3)])
    assert read_rows(items, "SELECT num, name, document FROM item ORDER BY num") == [
        (0, "n0", b""), (1, "new", b"x"), (2, None, b"\0\0"), (3, None, b""), (4, "n4", None),
    ]  # fmt: skip
    assert items.delete_rows("item", ("num", "name"), [(0, "n0"), (1, "n1"), (4, "n4")]) == 2
    items.executemany("DELETE FROM item WHERE num = ?", [(1,), (2,)])
    assert names(items) == [None]


def test_many_rows_are_inserted_once_each(items: PostgresConnection) -> None:
    rows = [(n, f"name {n}") for n in range(25_000)]
    assert items.insert_missing("item", ("num", "name"), rows) == 25_000
    assert items.insert_missing("item", ("num", "name"), rows) == 0


def test_the_text_of_a_document_is_found(items: PostgresConnection) -> None:
    items.insert("item", ("num", "document"), [(1, '{"a":"ü"}'.encode()), (2, b"{}")])
    condition = items.has_text("document", '"ü"')
    assert read_rows(items, f"SELECT num FROM item WHERE {condition}") == [(1,)]


def test_writing_commits_or_rolls_back(items: PostgresConnection, open_one: Open) -> None:
    other = open_one()
    with items.writing():
        items.insert("item", ("num", "name"), [(1, "a")])
        assert names(other) == []
    assert names(other) == ["a"]

    def fail(error: type[Exception]) -> None:
        with items.writing():
            items.execute("DELETE FROM item")
            items.insert("item", ("num",), [(1,), (1,)] if error is psycopg.errors.UniqueViolation else [])
            raise error

    for error in (psycopg.errors.UniqueViolation, KeyError):
        with pytest.raises(error):
            fail(error)
    assert names(other) == ["a"]


def test_writers_are_one_after_the_other(items: PostgresConnection, open_one: Open) -> None:
    other, order = open_one(), []

    def write() -> None:
        with other.writing():
            order.append("second")

    thread = threading.Thread(target=write)
    with items.writing():
        thread.start()
        time.sleep(0.1)
        order.append("first")
    thread.join()
    assert order == ["first", "second"]


def test_a_writer_that_waits_too_long_is_away(items: PostgresConnection, open_one: Open) -> None:
    other = open_one(busy_ms=50)
    with items.writing(), pytest.raises(StoreAway, match="locked by another process"), other.away(), other.writing():
        pass
    with other.writing():
        assert names(other) == []


def test_reading_sees_one_state(items: PostgresConnection, open_one: Open) -> None:
    other = open_one()
    with other.reading():
        assert names(other) == []
        items.insert("item", ("num", "name"), [(1, "a")])
        assert names(other) == []
    assert names(other) == ["a"]


def test_a_transaction_that_reads_may_idle_for_an_hour(items: PostgresConnection) -> None:
    setting = "SELECT current_setting('idle_in_transaction_session_timeout')"
    with items.reading():
        assert read_value(items, setting) == "1h"
    assert read_value(items, setting) == "5min"


def test_a_writer_sees_what_it_waited_for(items: PostgresConnection) -> None:
    items.execute("SET default_transaction_isolation = 'repeatable read'")  # as a database may have it by default
    with items.writing():
        assert read_value(items, "SELECT current_setting('transaction_isolation')") == "read committed"


def test_a_read_only_connection_refuses_to_write(items: PostgresConnection, open_one: Open) -> None:
    reader = open_one(read_only=True)
    assert reader.is_read_only and reader.has_table("item") and not reader.has_table("user")
    with pytest.raises(StoreAway, match="read-only"), reader.away():
        reader.execute("DELETE FROM item")


def test_a_lost_connection_is_made_again(items: PostgresConnection, open_one: Open) -> None:
    other = open_one()
    items.insert("item", ("num", "name"), [(1, "a")])
    kill(other, items)
    assert names(other) == ["a"]
    kill(other, items)
    with other.writing():
        other.execute("UPDATE item SET name = 'b'")
    kill(other, items)
    with other.reading():
        assert names(other) == ["b"]
    assert other.session == 4


def test_a_session_that_idled_for_too_long_is_made_again(items: PostgresConnection) -> None:
    items.insert("item", ("num", "name"), [(1, "a")])
    items.execute("SET idle_session_timeout = 20")
    time.sleep(0.2)
    assert names(items) == ["a"]
    assert items.session == 2


def test_a_loss_in_a_transaction_is_away(items: PostgresConnection, open_one: Open) -> None:
    other = open_one()

    def lose() -> None:
        with other.away(), other.writing():
            other.insert("item", ("num", "name"), [(1, "a")])
            kill(other, items)
            other.insert("item", ("num", "name"), [(2, "b")])

    with pytest.raises(StoreAway, match=r"was shut down|cannot be reached"):
        lose()
    with other.writing():
        other.insert("item", ("num", "name"), [(3, "c")])
    assert names(items) == ["c"]


def test_a_statement_without_response_is_away(open_one: Open) -> None:
    connection = open_one(silence_seconds=0.2)
    connection.execute("SET statement_timeout = 0")
    with pytest.raises(StoreAway, match="cannot be reached"), connection.away():
        connection.execute("SELECT pg_sleep(20)")
    assert read_value(connection, "SELECT 1") == 1


def test_a_slow_statement_is_away(open_one: Open) -> None:
    connection = open_one()
    connection.execute("SET statement_timeout = 50")
    with pytest.raises(StoreAway, match="did not respond in time"), connection.away():
        connection.execute("SELECT pg_sleep(20)")


def test_a_closed_connection_stays_closed(open_one: Open) -> None:
    connection = open_one()
    connection.close()
    connection.close()
    with pytest.raises(StoreAway, match="closed"), connection.away():
        connection.execute("SELECT 1")


@pytest.mark.parametrize("state", ["53400", "58030", "58P01", "57P05"])
def test_failures_of_the_server_are_away(state: str) -> None:
    with pytest.raises(StoreAway, match=rf"^db .*\({state}\)$|cannot be reached"), PostgresAway("db"):
        raise lookup(state)("failed")


@pytest.mark.parametrize(
    ("url", "words"),
    [
        ("postgresql://letrics:s3cret@127.0.0.1:{port}/none", "cannot be reached"),
        ("postgresql://letrics:s3cret%@127.0.0.1/none", "is not the URL of a database"),
        ("postgresql://letrics:x@s3cret@127.0.0.1/none", "%40 for @"),
        ("postgresql://letrics:s3cret/x@127.0.0.1/none", "%40 for @"),
        ("postgresql://letrics:1/s3cret@127.0.0.1/none", "%40 for @"),
    ],
)
def test_an_unusable_address_is_named_without_password(url: str, words: str) -> None:
    with pytest.raises(StoreAway, match=words) as caught:
        open_postgres(url.format(port=free_port()), 1)
    assert "s3cret" not in str(caught.value)


def test_an_unknown_database_is_named(open_one: Open) -> None:
    url = open_one().database.rpartition("/")[0] + "/nothing"
    with pytest.raises(StoreAway, match='database "nothing" does not exist'):
        open_postgres(url, 1)

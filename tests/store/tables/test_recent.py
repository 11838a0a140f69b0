"""Recent keys: lookups find them in both tables, and moving them range by range loses none."""

from __future__ import annotations

import pytest

from letrics.identity.keys import hashes_of, key_of
from letrics.identity.plan import KeyRows
from letrics.store.connection import SqliteConnection
from letrics.store.tables.key_table import read_keys, write_keys
from letrics.store.tables.recent import move_on, tables

HASHES = (-(1 << 63), -(1 << 62) - 1, -(1 << 62), -1, 0, 1, 1 << 61, (1 << 63) - 1)
KEYS = [key_of(hash, 7) for hash in HASHES]


def put(connection: SqliteConnection, first: int = 0) -> None:
    write_keys(connection, KeyRows(list(KEYS), list(range(first, first + len(KEYS)))), KeyRows())


def found(connection: SqliteConnection) -> dict[bytes, int]:
    return dict(read_keys(connection, hashes_of(KEYS)))


def counted(connection: SqliteConnection) -> tuple[int, int, int]:
    large = connection.execute("SELECT count(*) FROM contact_key").get
    small = connection.execute("SELECT count(*) FROM recent_key").get
    return large, small, connection.execute("SELECT keys FROM recent_state").get


def test_move_on_of_few_keys_moves_none(connection: SqliteConnection) -> None:
    assert tables(connection) == ("contact_key",)
    put(connection)
    move_on(connection, 8)
    assert counted(connection) == (0, 8, 8)
    assert tables(connection) == ("contact_key", "recent_key")
    assert found(connection) == {key: num for num, key in enumerate(KEYS)}


@pytest.mark.parametrize("most", range(8))
def test_move_on_moves_the_excess_and_loses_none(connection: SqliteConnection, most: int) -> None:
    for first in (0, 100, 200):
        put(connection, first)
        move_on(connection, most)
        large, small, told = counted(connection)
        assert small == told <= most
        assert large + small == (first // 100 + 1) * len(KEYS)
    assert {key for key, _ in read_keys(connection, hashes_of(KEYS))} == set(KEYS)


def test_removed_key_is_in_neither_table_and_counted_once(connection: SqliteConnection) -> None:
    put(connection)
    move_on(connection, 0)
    put(connection)
    put(connection)
    assert counted(connection) == (8, 8, 8)
    write_keys(connection, KeyRows(), KeyRows(KEYS[:3], [0, 1, 2]))
    assert counted(connection) == (5, 5, 5)
    assert set(found(connection)) == set(KEYS[3:])

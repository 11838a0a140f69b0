"""The tables of identity keys, and keys whose hashes collide."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from letrics.identity.keys import Key, hashes_of, key_of
from letrics.identity.plan import KeyRows
from letrics.store.connection import SqliteConnection
from letrics.store.tables.key_table import keys_held_by, read_keys, sort_rows, write_keys

A, B, C = (key_of(hash, 1) for hash in (-5, 0, 1 << 62))
SAME_HASH = key_of(-5, 2)
"""A key with the hash of A and another mark."""

_keys = st.builds(key_of, st.integers(-(1 << 63), (1 << 63) - 1), st.integers(-(1 << 31), (1 << 31) - 1))


def put(connection: SqliteConnection, **nums: int) -> None:
    keys = {"a": A, "b": B, "c": C, "same_hash": SAME_HASH}
    write_keys(connection, KeyRows([keys[name] for name in nums], list(nums.values())), KeyRows())


def stored(connection: SqliteConnection) -> dict[Key, int]:
    return dict(read_keys(connection, hashes_of([A, B, C, SAME_HASH])))


@given(st.lists(_keys, max_size=20))
def test_hashes_of_are_sorted_and_unique(keys: list[Key]) -> None:
    hashes = hashes_of(keys).tolist()
    assert hashes == sorted({int.from_bytes(key[:8], "little", signed=True) for key in keys})


@given(st.lists(st.tuples(_keys, st.integers(0, 1 << 40)), max_size=20))
def test_sort_rows_puts_keys_in_order_of_hash(pairs: list[tuple[Key, int]]) -> None:
    rows = KeyRows()
    for key, num in pairs:
        rows.add(key, num)
    found = sort_rows(rows)
    assert [hash for hash, _, _ in found] == sorted(hash for hash, _, _ in found)
    assert sorted((key_of(hash, mark), num) for hash, mark, num in found) == sorted(pairs)


def test_read_keys_finds_keys_of_one_hash(connection: SqliteConnection) -> None:
    put(connection, a=1, same_hash=2, b=3)
    assert list(read_keys(connection, hashes_of([]))) == []
    assert sorted(read_keys(connection, hashes_of([A]))) == sorted([(A, 1), (SAME_HASH, 2)])
    assert dict(read_keys(connection, hashes_of([C]))) == {}


def test_write_keys_ignores_what_is_there_or_missing(connection: SqliteConnection) -> None:
    put(connection, a=1)
    put(connection, a=1, b=2)
    write_keys(connection, KeyRows(), KeyRows([C, A], [3, 9]))
    assert stored(connection) == {A: 1, B: 2}
    write_keys(connection, KeyRows([C], [3]), KeyRows([A], [1]))
    assert stored(connection) == {B: 2, C: 3}


def test_keys_held_by_are_all_keys_of_a_contact(connection: SqliteConnection) -> None:
    put(connection, a=1, b=2, c=1)
    assert set(keys_held_by(connection, 1)) == {A, C}
    assert list(keys_held_by(connection, 7)) == []


def test_new_contact_may_have_a_key_twice(connection: SqliteConnection) -> None:
    put(connection, a=1)
    write_keys(connection, KeyRows([B, A, A, B, B], [3, 2, 3, 2, 3]), KeyRows(), first_new=2)
    assert sorted(read_keys(connection, hashes_of([A, B]))) == sorted([(A, 1), (A, 2), (A, 3), (B, 2), (B, 3)])
    assert connection.execute("SELECT keys FROM recent_state").get == 5

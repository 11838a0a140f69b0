"""The keys that contacts have from merges."""

from __future__ import annotations

import pytest

from letrics.identity.keys import id_key
from letrics.store.base import StoreDamaged
from letrics.store.connection import SqliteConnection
from letrics.store.tables.merged_key_table import add_merged_keys, forget_merges, read_merged_keys, remove_merged_keys

A, B = id_key("a"), id_key("b")


def test_merged_keys_are_read_by_contact(connection: SqliteConnection) -> None:
    add_merged_keys(connection, 1, [A, B, A])
    add_merged_keys(connection, 2, [A])
    rows = read_merged_keys(connection, [1, 3])
    assert set(zip(rows.keys, rows.nums, strict=True)) == {(A, 1), (B, 1)}
    assert read_merged_keys(connection, []).keys == []


def test_merged_keys_are_removed_one_by_one_or_with_the_contact(connection: SqliteConnection) -> None:
    add_merged_keys(connection, 1, [A, B])
    remove_merged_keys(connection, 1, [A])
    assert read_merged_keys(connection, [1]).keys == [B]
    forget_merges(connection, [1])
    assert read_merged_keys(connection, [1]).keys == []


def test_key_of_too_many_bits_is_damage(connection: SqliteConnection) -> None:
    add_merged_keys(connection, 1, [A])
    connection.execute("UPDATE merged_key SET mark = 1 << 40")
    with pytest.raises(StoreDamaged, match="of the table merged_key"):
        read_merged_keys(connection, [1])

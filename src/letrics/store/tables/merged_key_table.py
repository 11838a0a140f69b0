"""The table of keys that contacts have from the contacts merged into them, and the records of these merges."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from letrics.identity.keys import Key, parts_of
from letrics.identity.plan import KeyRows
from letrics.store.sql import SqlConnection, read_rows
from letrics.store.tables.duplicate_table import forget_duplicates
from letrics.store.tables.key_table import whole_key


def read_merged_keys(connection: SqlConnection, nums: Sequence[int]) -> KeyRows:
    """The keys that these contacts have from merges."""
    rows = KeyRows()
    sql = "SELECT m.num, m.hash, m.mark FROM carray(?) AS a CROSS JOIN merged_key AS m ON m.num = a.value"
    for num, hash, mark in read_rows(connection, sql, (connection.ints(nums),)) if nums else ():
        rows.add(whole_key(connection, "merged_key", hash, mark), num)
    return rows


def add_merged_keys(connection: SqlConnection, num: int, keys: Iterable[Key]) -> None:
    """Note keys that a contact has from a merge."""
    rows = [(num, *parts_of(key)) for key in keys]
    connection.insert_missing("merged_key", ("num", "hash", "mark"), rows)


def remove_merged_keys(connection: SqlConnection, num: int, keys: Iterable[Key]) -> None:
    """Forget keys that a contact had from a merge."""
    rows = [(num, *parts_of(key)) for key in keys]
    connection.delete_rows("merged_key", ("num", "hash", "mark"), rows)


def forget_merges(connection: SqlConnection, nums: Sequence[int]) -> None:
    """Erase the merges into deleted contacts, with the former states, and the keys from them."""
    while nums:
        asked = (connection.ints(nums),)
        found = "IN (SELECT value FROM carray(?) AS a)"
        gone = read_rows(connection, f"SELECT gone FROM contact_merge WHERE kept {found}", asked)  # noqa: S608
        connection.execute(f"DELETE FROM contact_merge WHERE kept {found}", asked)  # noqa: S608
        connection.execute(f"DELETE FROM merged_key WHERE num {found}", asked)  # noqa: S608
        nums = [num for (num,) in gone]  # other contacts may have been merged into these before
        forget_duplicates(connection, nums)

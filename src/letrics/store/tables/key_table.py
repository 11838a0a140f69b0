"""The tables of identity keys: read and written in sorted sets.

Reading and writing keys one by one in random order is many times slower.
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from letrics.identity.keys import PARTS, Hashes, Key, key_of
from letrics.identity.plan import KeyRows
from letrics.store.sql import SqlConnection
from letrics.store.tables.recent import put_keys, remove_keys, tables


def read_keys(connection: SqlConnection, hashes: Hashes) -> Iterator[tuple[Key, int]]:
    """The stored keys with these hashes, and their nums. A key that is in both tables is yielded twice."""
    if not len(hashes):
        return
    asked = connection.ints(hashes)
    for table in tables(connection):
        found = connection.execute(
            f"SELECT k.hash, k.mark, k.num FROM carray(?) AS a CROSS JOIN {table} AS k ON k.hash = a.value",  # noqa: S608
            (asked,),
        )
        for hash, mark, num in found:
            yield key_of(hash, mark), num


def keys_held_by(connection: SqlConnection, num: int) -> Iterator[Key]:
    """The keys that a contact holds, for one whose document cannot be decoded.

    O(number of all keys), because the tables are in order of key and not of num.
    """
    for table in tables(connection):
        for hash, mark in connection.execute(f"SELECT hash, mark FROM {table} WHERE num = ?", (num,)):  # noqa: S608
            yield key_of(hash, mark)


def sort_rows(rows: KeyRows) -> list[tuple[int, int, int]]:
    """The hash, mark and num of each key, in the order of the tables."""
    parts = np.frombuffer(b"".join(rows.keys), PARTS)
    order = np.argsort(parts["hash"])
    nums = np.array(rows.nums, dtype=np.int64)[order].tolist()
    return list(zip(parts["hash"][order].tolist(), parts["mark"][order].tolist(), nums, strict=True))


def write_keys(connection: SqlConnection, put: KeyRows, removed: KeyRows) -> None:
    """Apply the changes of a batch to the tables: first delete, then insert.

    Keys to insert that are already there, and keys to delete that are not, are ignored.
    """
    if removed.keys:
        remove_keys(connection, sort_rows(removed))
    if put.keys:
        put_keys(connection, sort_rows(put))

"""The tables of identity keys: read and written in sorted sets.

Reading and writing keys one by one in random order is many times slower.
"""

from __future__ import annotations

import struct
from collections.abc import Iterator
from typing import Any, Final

import numpy as np
import numpy.typing as npt

from letrics.identity.keys import PARTS, Hashes, Key, key_of
from letrics.identity.plan import KeyRows
from letrics.store.base import StoreDamaged
from letrics.store.sql import SqlConnection
from letrics.store.tables.recent import add_keys, put_keys, remove_keys, tables

_Column = npt.NDArray[Any]
_NO_NEW: Final = 1 << 62
"""Higher than any num."""


def read_keys(connection: SqlConnection, hashes: Hashes) -> Iterator[tuple[Key, int]]:
    """The stored keys with these hashes, and their nums. A key that is in both tables is yielded twice.

    Raises StoreDamaged for a key that is none.
    """
    if not len(hashes):
        return
    asked = connection.ints(hashes)
    for table in tables(connection):
        found = connection.execute(
            f"SELECT k.hash, k.mark, k.num FROM carray(?) AS a CROSS JOIN {table} AS k ON k.hash = a.value",  # noqa: S608
            (asked,),
        )
        try:
            for hash, mark, num in found:
                yield key_of(hash, mark), num
        except struct.error:  # of a number with too many bits, which only damage makes
            raise StoreDamaged(connection.database, table, hash) from None


def keys_held_by(connection: SqlConnection, num: int) -> Iterator[Key]:
    """The keys that a contact holds, for one whose document cannot be decoded.

    O(number of all keys), because the tables are in order of key and not of num.
    """
    for table in tables(connection):
        for hash, mark in connection.execute(f"SELECT hash, mark FROM {table} WHERE num = ?", (num,)):  # noqa: S608
            yield whole_key(connection, table, hash, mark)


def whole_key(connection: SqlConnection, table: str, hash: int, mark: int) -> Key:
    """The key of a row. Raises StoreDamaged if it is none."""
    try:
        return key_of(hash, mark)
    except struct.error:  # of a number with too many bits, which only damage makes
        raise StoreDamaged(connection.database, table, hash) from None


def sort_rows(rows: KeyRows) -> list[tuple[int, int, int]]:
    """The hash, mark and num of each key, in the order of the tables."""
    return _listed(*_columns(rows))


def _columns(rows: KeyRows) -> tuple[_Column, _Column, _Column]:
    """The hashes, marks and nums of keys, in order of hash."""
    parts = np.frombuffer(b"".join(rows.keys), PARTS)
    order = np.argsort(parts["hash"])
    return parts["hash"][order], parts["mark"][order], np.array(rows.nums, dtype=np.int64)[order]


def _listed(*columns: _Column) -> list[tuple[int, int, int]]:
    return list(zip(*(column.tolist() for column in columns), strict=True))


def write_keys(connection: SqlConnection, put: KeyRows, removed: KeyRows, first_new: int = _NO_NEW) -> None:
    """Apply the changes of a batch to the tables: first delete, then insert. New contacts have nums from `first_new`.

    Keys to insert that are already there, and keys to delete that are not, are ignored.
    """
    if removed.keys:
        remove_keys(connection, sort_rows(removed))
    if not put.keys:
        return
    columns = _columns(put)
    is_new = columns[-1] >= first_new
    if is_new.any():
        add_keys(connection, _without_repeated(_listed(*(column[is_new] for column in columns))))
    if not is_new.all():
        put_keys(connection, _listed(*(column[~is_new] for column in columns)))


def _without_repeated(rows: list[tuple[int, int, int]]) -> list[tuple[int, int, int]]:
    """The rows, each once, in the same order."""
    unique = dict.fromkeys(rows)
    return rows if len(unique) == len(rows) else list(unique)

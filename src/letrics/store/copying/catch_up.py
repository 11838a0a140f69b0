"""Bring records that were copied earlier up to the state of the source."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Final

import numpy as np

from letrics.identity.keys import hashes_of
from letrics.identity.plan import KeyRows
from letrics.store.copying.copied_table import CONTACT, PART, RECORDS, CopiedTable, quoted, read_parts
from letrics.store.sql import SqlConnection, read_rows
from letrics.store.tables.deleting import keys_of_contacts
from letrics.store.tables.following import COMPANY as COMPANY_KIND
from letrics.store.tables.following import CONTACT as CONTACT_KIND
from letrics.store.tables.key_table import read_keys, write_keys

_KINDS: Final = {"company": COMPANY_KIND, "contact": CONTACT_KIND}
_WITHOUT_SEQ: Final = ("digest", "checksum")
"""The columns of records that can change without a new seq."""


def catch_up(source: SqlConnection, target: SqlConnection, after: int) -> int:
    """Replace the records that changed in the source after the seq `after`, with their keys; returns how many.

    Runs inside a transaction of each. Records that were deleted are removed.
    """
    count = 0
    for table in RECORDS:
        changed = _nums(source, f"SELECT num FROM {table.name} WHERE seq > ?", after)  # noqa: S608
        deleted = _nums(source, f"SELECT num FROM tombstone WHERE kind = {_KINDS[table.name]} AND seq > ?", after)  # noqa: S608
        # First all that goes: a value that has to be unique may have moved from one record to another.
        for part in _parts(np.concatenate([changed, deleted])):
            _remove(target, table, part)
        for part in _parts(changed):
            _add(source, target, table, part)
        count += len(changed) + len(deleted)
        _align(source, target, table)
    return count


def _align(source: SqlConnection, target: SqlConnection, table: CopiedTable) -> None:
    """Replace the values that change without a new seq, in the records that the target has.

    They are the digest of the row that an unchanged contact was last imported from, and the checksum that a repair
    adds to a document of an earlier version.
    """
    columns = tuple(column for column in _WITHOUT_SEQ if column in table.columns)
    names = ", ".join(f"r.{column}" for column in ("num", *columns))
    sql = f"SELECT {names} FROM carray(?) AS a CROSS JOIN {table.name} AS r ON r.num = a.value"  # noqa: S608
    for rows in read_parts(target, CopiedTable(table.name, ("num", *columns))):
        known = set(rows)
        wanted = read_rows(source, sql, (source.ints([row[0] for row in rows]),))
        target.update(table.name, columns, [(*row[1:], row[0]) for row in wanted if row not in known])


def _nums(connection: SqlConnection, sql: str, after: int) -> np.ndarray:
    return np.fromiter((num for (num,) in connection.execute(sql, (after,))), np.int64)


def _parts(nums: np.ndarray) -> Iterator[list[int]]:
    ordered = np.unique(nums)
    return (ordered[start : start + PART].tolist() for start in range(0, len(ordered), PART))


def _remove(target: SqlConnection, table: CopiedTable, nums: Sequence[int]) -> None:
    if table is CONTACT:
        write_keys(target, KeyRows(), keys_of_contacts(target, nums)[1])
    target.execute(f"DELETE FROM {table.name} WHERE num IN (SELECT value FROM carray(?) AS a)", (target.ints(nums),))  # noqa: S608


def _add(source: SqlConnection, target: SqlConnection, table: CopiedTable, nums: Sequence[int]) -> None:
    columns = ", ".join(f"r.{quoted(column)}" for column in table.columns)
    rows = read_rows(
        source,
        f"SELECT {columns} FROM carray(?) AS a CROSS JOIN {table.name} AS r ON r.num = a.value",  # noqa: S608
        (source.ints(nums),),
    )
    target.insert(table.name, table.columns, rows)
    if table is CONTACT:
        write_keys(target, _held(source, nums), KeyRows())


def _held(source: SqlConnection, nums: Sequence[int]) -> KeyRows:
    """The keys that these contacts hold: of those that their values give them, the ones that no other contact has."""
    _, given = keys_of_contacts(source, nums)
    asked = set(zip(given.keys, given.nums, strict=True))
    held = KeyRows()
    for key, num in set(read_keys(source, hashes_of(given.keys))) & asked:
        held.add(key, num)
    return held

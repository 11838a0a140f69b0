"""Compare two databases table by table: the numbers of their rows, and digests of what is in them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from hashlib import blake2b
from heapq import merge
from itertools import chain
from typing import Final

import msgspec

from letrics.store.copying.copied_table import CONTACT_KEY, LOG, RECORDS, WHOLE, CopiedTable, read_parts
from letrics.store.copying.copy_report import Report
from letrics.store.sql import Row, SqlConnection
from letrics.store.tables.recent import tables as key_tables

_encode: Final = msgspec.msgpack.encode


@dataclass(frozen=True, slots=True)
class Difference:
    """A table that is not the same: its rows in the source and in the target."""

    table: str
    source_rows: int
    target_rows: int

    def __str__(self) -> str:
        if self.source_rows != self.target_rows:
            return f"{self.table} has {self.source_rows:,} rows, and {self.target_rows:,} in the copy"
        return f"{self.table} has other contents in the copy, in the same number of rows ({self.source_rows:,})"


def compare_logs(source: SqlConnection, target: SqlConnection, report: Report) -> tuple[int, list[Difference]]:
    """Read all rows of both logs, which the caller has in a transaction each.

    Returns the number of rows of the source, and the tables that differ.
    """
    total, found = compare_tables(source, target, (*RECORDS, *WHOLE, LOG), report)
    report(CONTACT_KEY.name, 0, 0)
    keys, copied_keys = _keys(source), _keys(target)
    if keys != copied_keys:
        found.append(Difference(CONTACT_KEY.name, keys[0], copied_keys[0]))
    return total + keys[0], found


def compare_tables(
    source: SqlConnection, target: SqlConnection, tables: Iterable[CopiedTable], report: Report
) -> tuple[int, list[Difference]]:
    """Read all rows of these tables in both databases; returns as `compare_logs` does."""
    total, found = 0, list[Difference]()
    for table in tables:
        report(table.name, 0, 0)
        rows, digest = _digest(source, table)
        copied, copied_digest = _digest(target, table)
        if digest != copied_digest:
            found.append(Difference(table.name, rows, copied))
        total += rows
    return total, found


def _digest(connection: SqlConnection, table: CopiedTable) -> tuple[int, bytes]:
    """The number of rows of a table, and a digest of them in the order of their key."""
    count, digest = 0, blake2b(digest_size=16)
    for rows in read_parts(connection, table):
        count += len(rows)
        for row in rows:
            digest.update(_encode(row))
    return count, digest.digest()


def _keys(connection: SqlConnection) -> tuple[int, bytes]:
    """The number of keys and a digest of them. A key may be in either table of a database, or in both."""
    count, digest, last = 0, blake2b(digest_size=16), None
    for row in merge(*(_rows(connection, name) for name in key_tables(connection))):
        if row != last:
            count, last = count + 1, row
            digest.update(_encode(row))
    return count, digest.digest()


def _rows(connection: SqlConnection, name: str) -> Iterator[Row]:
    table = CopiedTable(name, CONTACT_KEY.columns, CONTACT_KEY.key_columns)
    return chain.from_iterable(read_parts(connection, table))

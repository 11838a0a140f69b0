"""The rows of the table of merges, each with the states that undoing the merge needs and a checksum of all of it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final, NamedTuple
from zlib import crc32

import msgspec

from letrics.identity.keys import Key
from letrics.records import UNREADABLE, decode_contact
from letrics.store.sql import SqlConnection
from letrics.store.tables.checksums import sum_of
from letrics.store.tables.lenient_rows import lenient_rows

_KEY_BYTES: Final = 12
"""The number of bytes of a key, in the columns that have several."""
NEW: Final = 0
"""Stands for the id of a row that is not stored yet."""
_encode: Final = msgspec.msgpack.encode


class MergeRow(NamedTuple):
    """A row of the table of merges; the migration that makes the table describes the columns. A text that is not UTF-8
    is `bytes`."""

    id: int
    kept: int
    gone: int
    gone_id: str
    merged_at: str
    kept_company: int
    kept_external: int
    kept_before: bytes
    kept_company_after: int
    kept_after: bytes
    kept_keys: bytes
    company: int
    external: int
    document: bytes
    former_ids: bytes
    keys: bytes
    checksum: int | None = None

    def fault(self) -> str | None:
        """What is wrong with the row, in words. None if it is what was written, as far as that is known."""
        try:
            if self.checksum is not None and self.checksum != _checksum(self):
                return "is not the one that was written (checksum)"
            if not (isinstance(self.gone_id, str) and isinstance(self.merged_at, str)):
                return "has a text that is not UTF-8"
            for document in (self.kept_before, self.kept_after, self.document):
                decode_contact(document)
            self.read_former_ids()
        except (*UNREADABLE, TypeError) as error:
            return f"cannot be read ({type(error).__name__})"
        return None

    def read_former_ids(self) -> list[str]:
        """The former ids of the contact that is gone. Raises one of UNREADABLE."""
        return msgspec.json.decode(self.former_ids, type=list[str])


def split_keys(keys: bytes) -> list[Key]:
    """The keys in a column that has several, without the rest of one that is damaged."""
    return [keys[at : at + _KEY_BYTES] for at in range(0, len(keys) - _KEY_BYTES + 1, _KEY_BYTES)]


def _checksum(row: MergeRow) -> int:
    """The checksum of a row: of all columns but its id. That of `kept` is added, because it may change."""
    return crc32(_encode(row[2:-1])) + sum_of([row.kept])


def insert_merge(connection: SqlConnection, row: MergeRow) -> None:
    """Add a row, with a checksum and a new id."""
    columns = MergeRow._fields[1:]
    values = (*row[1:-1], _checksum(row))
    connection.execute(
        f"INSERT INTO contact_merge ({', '.join(columns)}) VALUES ({', '.join('?' * len(columns))})",  # noqa: S608
        values,
    )


def find_merge(connection: SqlConnection, kept: int, ids: Sequence[str]) -> MergeRow | None:
    """The last merge of a contact with one of two ids into another one."""
    rows = _read(connection, "WHERE kept = ? AND gone_id IN (?, ?) ORDER BY id DESC LIMIT 1", (kept, *ids))
    return rows[0] if rows else None


def damaged_merges(connection: SqlConnection) -> list[MergeRow]:
    """The merges that are not what was written. Reads all of them, which are as many as a person has decided on."""
    return [row for row in _read(connection, "ORDER BY id") if row.fault() is not None]


def delete_merge(connection: SqlConnection, row: MergeRow) -> None:
    """Delete a row. The merge cannot be undone any more."""
    connection.execute("DELETE FROM contact_merge WHERE id = ?", (row.id,))


def renumber_kept(connection: SqlConnection, former: int, num: int) -> None:
    """Replace the num of a contact that others were merged into."""
    more = sum_of([num]) - sum_of([former])
    connection.execute("UPDATE contact_merge SET kept = ?, checksum = checksum + ? WHERE kept = ?", (num, more, former))


def _read(connection: SqlConnection, where: str, values: Sequence[object] = ()) -> list[MergeRow]:
    rows = lenient_rows(connection, MergeRow._fields, ("gone_id", "merged_at"), f"FROM contact_merge {where}", values)
    return [MergeRow(*row) for row in rows]

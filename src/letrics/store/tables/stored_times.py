"""Times in tables that have no checksum: malformed ones are listed by `letrics check` and replaced by its repair."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final, NamedTuple

from letrics.normalize.time import is_written_form
from letrics.plurals import inflected
from letrics.store.sql import Row, SqlConnection
from letrics.store.tables.lenient_rows import lenient_rows

_PART: Final = 20_000
"""Rows in memory at a time."""
_FIRST: Final = -(1 << 63)
"""The smallest integer that a key can be, which none is."""


class _Times(NamedTuple):
    """A column with times; `key` identifies a row. `what` are words for one and several of them."""

    table: str
    key: str
    column: str
    what: str
    is_optional: bool = False


_TIMES: Final = (
    _Times(
        "forgotten",
        "id",
        "forgotten_at",
        "{time at which a person was forgotten is|times at which people were forgotten are}",
    ),
    _Times(
        "duplicate",
        "id",
        "found_at",
        "{time at which a possible duplicate was found is|times at which possible duplicates were found are}",
    ),
    _Times(
        "batch",
        "seq",
        "written",
        "{time at which a change was written is|times at which changes were written are}",
        is_optional=True,
    ),
)


def time_faults(connection: SqlConnection) -> Iterator[str]:
    """Descriptions of the malformed times, one for each column that has some."""
    for times in _TIMES:
        found = _malformed(connection, times)
        if found:
            where = f"{times.key} {found[0][0]}" + (", …" if len(found) > 1 else "")
            what = inflected(len(found), times.what)
            yield f"{len(found):,} {what} malformed ({times.table} {where}): run `letrics check --repair`"


def repair_times(connection: SqlConnection, now: str) -> int:
    """Replace malformed times by the present one, or by none where it may be unknown; returns how many."""
    count = 0
    for times in _TIMES:
        value = None if times.is_optional else now
        rows = [(value, key) for key, _ in _malformed(connection, times)]
        sql = f"UPDATE {times.table} SET {times.column} = ? WHERE {times.key} = ?"  # noqa: S608
        connection.executemany(sql, rows)
        count += len(rows)
    return count


def _malformed(connection: SqlConnection, times: _Times) -> list[Row]:
    found, rows, last = list[Row](), list[Row](), _FIRST
    while last == _FIRST or len(rows) == _PART:
        rest = f"FROM {times.table} WHERE {times.key} > ? ORDER BY {times.key} LIMIT {_PART}"
        rows = lenient_rows(connection, (times.key, times.column), (times.column,), rest, (last,))
        found += [row for row in rows if not (times.is_optional and row[1] is None) and not _is_time(row[1])]
        last = rows[-1][0] if rows else last + 1
    return found


def _is_time(value: object) -> bool:
    return isinstance(value, str) and is_written_form(value)

"""The small table of recent keys, before the large one.

Keys are random numbers: those of one batch lie all over their table. In a table of 33 million of them the 330,000 of a
batch change nearly every page (850 MB of write-ahead log for 100,000 contacts). So a batch puts its keys into a table
small enough that all of it is cheap to write anew, and when that holds more than `MOST`, parts of it are moved on, one
range of hashes after another: sorted, and many to a page. A key may be in both tables.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

import apsw

MOST: Final = 2_000_000
"""How many keys are recent at most. Twice as many would halve what is moved on and double what each batch rewrites."""

_RANGES: Final = 32
_LOWEST: Final = -(1 << 63)
_STEP: Final = (1 << 64) // _RANGES

Written = tuple[int, int, int]
"""A row: hash, mark, num."""


def tables(connection: apsw.Connection) -> tuple[str, ...]:
    """Where keys are to be looked for."""
    few = connection.execute("SELECT keys FROM recent_state").get
    return ("contact_key", "recent_key") if few else ("contact_key",)


def put_keys(connection: apsw.Connection, keys: Iterable[Written]) -> None:
    """Put in keys, in order of hash. What is there already does no harm."""
    before = connection.total_changes()
    connection.executemany("INSERT OR IGNORE INTO recent_key VALUES (?, ?, ?)", keys)
    _count(connection, connection.total_changes() - before)


def remove_keys(connection: apsw.Connection, keys: list[Written]) -> None:
    """Take keys out, in order of hash. What is not there does no harm."""
    connection.executemany("DELETE FROM contact_key WHERE hash=? AND mark=? AND num=?", keys)
    before = connection.total_changes()
    connection.executemany("DELETE FROM recent_key WHERE hash=? AND mark=? AND num=?", keys)
    _count(connection, before - connection.total_changes())


def _count(connection: apsw.Connection, more: int) -> None:
    if more:
        connection.execute("UPDATE recent_state SET keys = keys + ?", (more,))


def move_on(connection: apsw.Connection) -> None:
    """Move keys into the large table until no more than `MOST` are recent. To be called at the end of a batch."""
    row = connection.execute("SELECT keys, swept FROM recent_state").fetchone()
    assert row is not None, "the migration puts the row in"
    keys, swept = row
    if keys <= MOST:
        return
    for _ in range(_RANGES):
        span = (swept, swept + _STEP - 1)
        connection.execute(
            "INSERT OR IGNORE INTO contact_key SELECT * FROM recent_key WHERE hash BETWEEN ? AND ? ORDER BY hash", span
        )
        connection.execute("DELETE FROM recent_key WHERE hash BETWEEN ? AND ?", span)
        keys -= connection.changes()
        swept = span[1] + 1 if span[1] < _LOWEST + (_STEP * _RANGES) - 1 else _LOWEST  # a round is over
        if keys <= MOST:
            break
    connection.execute("UPDATE recent_state SET keys = ?, swept = ?", (keys, swept))

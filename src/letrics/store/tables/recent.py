"""The small table of recent keys, a write buffer for the large table of all keys.

Keys are random numbers, so the keys of one batch are spread over the whole table. In a table of 33 million keys, the
330,000 keys of a batch change nearly every page (850 MB of write-ahead log for 100,000 contacts). Therefore a batch
inserts its keys into a table small enough that rewriting all of it is cheap. When that table has too many keys, they
are moved to the large table, one range of hashes after another: sorted, and many per page. A key may be in both
tables.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Final

from letrics.store.sql import SqlConnection, read_value

_RANGES: Final = 32
"""Number of equal ranges of hashes. Keys are moved one range at a time."""
_LOWEST: Final = -(1 << 63)
"""The lowest hash (signed 64 bits)."""
_STEP: Final = (1 << 64) // _RANGES
"""Number of hash values in a range."""

_KEY: Final = ("hash", "mark", "num")
"""The columns of a key."""
Written = tuple[int, int, int]
"""A row: hash, mark, num."""


def tables(connection: SqlConnection) -> tuple[str, ...]:
    """The names of the tables to look for keys in. An empty table of recent keys is omitted."""
    few = read_value(connection, "SELECT keys FROM recent_state")
    return ("contact_key", "recent_key") if few else ("contact_key",)


def add_keys(connection: SqlConnection, keys: Sequence[Written]) -> None:
    """Insert keys of new contacts, given in order of hash. None of them is there: several times faster."""
    connection.insert("recent_key", _KEY, keys)
    _count(connection, len(keys))


def put_keys(connection: SqlConnection, keys: Iterable[Written]) -> None:
    """Insert keys, given in order of hash. Keys that are already there are ignored."""
    _count(connection, connection.insert_missing("recent_key", _KEY, keys))


def remove_keys(connection: SqlConnection, keys: list[Written]) -> None:
    """Delete keys, given in order of hash. Keys that are not there are ignored."""
    connection.delete_rows("contact_key", _KEY, keys)
    _count(connection, -connection.delete_rows("recent_key", _KEY, keys))


def _count(connection: SqlConnection, more: int) -> None:
    if more:
        connection.execute("UPDATE recent_state SET keys = keys + ?", (more,))


def move_on(connection: SqlConnection, max_keys: int) -> None:
    """Move keys to the large table until at most `max_keys` keys are recent. Call it at the end of a batch."""
    row = connection.execute("SELECT keys, swept FROM recent_state").fetchone()
    assert row is not None, "the migration inserts the row"
    keys, swept = row
    if keys <= max_keys:
        return
    for _ in range(_RANGES):
        span = (swept, swept + _STEP - 1)
        connection.execute(
            "INSERT INTO contact_key SELECT * FROM recent_key WHERE hash BETWEEN ? AND ? ORDER BY hash "
            "ON CONFLICT DO NOTHING",
            span,
        )
        keys -= read_value(connection, "SELECT count(*) FROM recent_key WHERE hash BETWEEN ? AND ?", span)
        connection.execute("DELETE FROM recent_key WHERE hash BETWEEN ? AND ?", span)
        swept = span[1] + 1 if span[1] < _LOWEST + (_STEP * _RANGES) - 1 else _LOWEST  # start the next round
        if keys <= max_keys:
            break
    connection.execute("UPDATE recent_state SET keys = ?, swept = ?", (keys, swept))

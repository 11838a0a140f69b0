"""Which states of records are former ones that undoing an import restored: undoing an earlier import asks for them.

With a damaged row, an undo would keep a record because something else seems to have changed it since.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Final

from letrics.plurals import inflected
from letrics.store.base import StoreDamaged
from letrics.store.sql import Row, SqlConnection, read_rows
from letrics.store.tables.number_rows import (
    RESTORED,
    damaged_numbers,
    former_number,
    has_key,
    insert_numbers,
    is_damaged,
    repair_numbers,
)

_EFFECT: Final = "The import cannot be undone safely"
_MOST_SHOWN: Final = 20
"""Maximum number of damaged rows that are listed one by one."""


def note_restored(connection: SqlConnection, states: Iterable[tuple[int, int]]) -> None:
    """Note seqs of states, each with the seq of the former state that it is."""
    insert_numbers(connection, RESTORED, list(states))


def former_seq(connection: SqlConnection, seq: int) -> int | None:
    """The seq of the former state that the state at a seq is, None if it is none. Raises StoreDamaged."""
    rows = read_rows(connection, "SELECT seq, former, checksum FROM restored WHERE seq = ?", (seq,))
    if not rows:
        return None
    former: object = rows[0][1]
    if not isinstance(former, int) or former >= seq or is_damaged(rows[0]):
        raise StoreDamaged(connection.database, "restored", seq, _EFFECT)
    return former


def verify_restored(connection: SqlConnection) -> None:
    """Raise StoreDamaged if a row is damaged. Reads all of them."""
    for row in damaged_numbers(connection, RESTORED):
        raise StoreDamaged(connection.database, "restored", row[0], _EFFECT)


def restored_faults(connection: SqlConnection) -> Iterator[str]:
    """Descriptions of the damaged rows, at most 20, and how many more there are."""
    rows = damaged_numbers(connection, RESTORED)
    for row in rows[:_MOST_SHOWN]:
        is_known = _correction(row) is not None
        fix = "corrects it" if is_known else "removes it, and undoing an earlier import then keeps a record"
        yield f"the note that change {row[0]} restored a former state is damaged: `letrics check --repair` {fix}"
    if len(rows) > _MOST_SHOWN:
        more = len(rows) - _MOST_SHOWN
        are_damaged = inflected(more, "{note on a restored former state is|notes on restored former states are}")
        yield f"{more:,} more {are_damaged} damaged"


def repair_restored(connection: SqlConnection) -> tuple[int, int]:
    """See `repair_numbers`. A row is also removed if another one has its seq by now."""

    def free_correction(row: Row) -> tuple[int, int] | None:
        found = _correction(row)
        is_taken = found is not None and found[0] == 0 and has_key(connection, RESTORED, (found[1],))
        return None if is_taken else found

    return repair_numbers(connection, RESTORED, free_correction)


def _correction(row: Row) -> tuple[int, int] | None:
    """The place of the damaged number and what it was: a former state is always earlier."""
    former, seq = former_number(row, 1), former_number(row, 0)
    if former is not None and 0 < former < row[0]:
        return 1, former
    return None if seq is None or seq <= row[1] else (0, seq)

"""Damaged former states of records: `letrics check` lists them, and its repair drops them so that none is restored."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Final

from letrics.plurals import inflected
from letrics.store.sql import SqlConnection, read_rows
from letrics.store.tables.contact_table import id_of
from letrics.store.tables.former_states import StateTable, damaged_states, drop_state
from letrics.store.tables.merge_rows import damaged_merges, delete_merge
from letrics.store.tables.set_aside import SetAside

_TABLES: Final[tuple[StateTable, ...]] = ("company", "contact")
_MOST_SHOWN: Final = 20
"""Maximum number of damaged states of a kind that are listed one by one."""


def state_faults(connection: SqlConnection) -> Iterator[str]:
    """Descriptions of the damaged states, at most 20 per kind, with the ids of the records."""
    for table in _TABLES:
        states = list(damaged_states(connection, table))
        ids = _ids(connection, table, [state.num for state in states])
        for state in states[:_MOST_SHOWN]:
            yield (
                f"the state of {table} num {state.num}{_named(ids.get(state.num))} before import {state.import_id} "
                f"{state.fault()}: `letrics check --repair` drops it, and undoing the import keeps the {table} as it is"
            )
        if len(states) > _MOST_SHOWN:
            yield _more(
                len(states),
                f"{{state of a {table} record before an import is|states of {table} records before imports are}}",
            )
    merges = damaged_merges(connection)
    ids = _ids(connection, "contact", [row.kept for row in merges])
    for row in merges[:_MOST_SHOWN]:
        yield (
            f"the merge of {row.gone_id!r} into contact num {row.kept}{_named(ids.get(row.kept))} {row.fault()}: "
            "`letrics check --repair` drops it, and it cannot be undone any more"
        )
    if len(merges) > _MOST_SHOWN:
        yield _more(len(merges), "{merge of contacts is|merges of contacts are}")


def drop_damaged_states(connection: SqlConnection, set_aside: SetAside) -> int:
    """Drop the damaged states; returns how many. Runs inside the caller's transaction."""
    count = 0
    for table in _TABLES:
        for state in list(damaged_states(connection, table)):
            words = f"the state before import {state.import_id}, dropped: undoing the import leaves the record as it is"
            set_aside(table, state.num, state.document, words)
            drop_state(connection, state)
            count += 1
    for row in damaged_merges(connection):
        set_aside("contact", row.gone, row.document, f"the state before its merge into num {row.kept}, dropped")
        delete_merge(connection, row)
        count += 1
    return count


def _ids(connection: SqlConnection, table: StateTable, nums: Sequence[int]) -> dict[int, str]:
    """The ids in the documents of records."""
    sql = f"SELECT num, document FROM carray(?) AS a CROSS JOIN {table} ON {table}.num = a.value"  # noqa: S608
    found = read_rows(connection, sql, (connection.ints(sorted(set(nums))),)) if nums else []
    return {num: id_of(document) for num, document in found}


def _more(found: int, words: str) -> str:
    """How many are damaged besides those that are listed."""
    more = found - _MOST_SHOWN
    return f"{more:,} more {inflected(more, words)} damaged"


def _named(id: str | None) -> str:
    return "" if id is None else f" (id {id!r})"

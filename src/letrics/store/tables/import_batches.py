"""The batches of imports, each with a checksum: by them, undo knows which states of records are those of an import."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Final, Literal

from letrics.store.base import StoreDamaged
from letrics.store.sql import Row, SqlConnection, read_rows
from letrics.store.tables.checksums import sum_in_sql
from letrics.store.tables.number_rows import (
    BATCHES,
    damaged_numbers,
    former_number,
    has_key,
    insert_numbers,
    is_damaged,
    set_number,
)
from letrics.store.tables.typed_rows import typed_rows

_SELECT: Final = f"SELECT {', '.join(BATCHES.columns)}, checksum FROM import_batch"  # noqa: S608
_Types = tuple[int, int, int, int, int, int, int, int | None]
_IMPORT: Final = 0
"""The place of the import in a row."""


def insert_batch(connection: SqlConnection, numbers: Sequence[int]) -> None:
    """Add a batch, with its checksum."""
    insert_numbers(connection, BATCHES, [numbers])


def read_spans(connection: SqlConnection, import_id: int) -> list[tuple[int, int]]:
    """The seqs of the batches of an import, those after the first up to the second. Raises StoreDamaged."""
    found = read_rows(connection, f"{_SELECT} WHERE import = ? ORDER BY first_seq", (import_id,))
    rows: list[_Types] = typed_rows(connection, "import_batch", import_id, found, _Types)
    if any(is_damaged(row) for row in rows):
        raise _cannot_undo(connection, import_id)
    return [row[1:3] for row in rows]


def verify_batches(connection: SqlConnection, import_id: int) -> None:
    """Raise StoreDamaged if a batch of an import is damaged, also one that is now of another import. Reads the batches
    of all imports."""
    if any(import_id in (row[_IMPORT], _owner(row)) for row in damaged_numbers(connection, BATCHES)):
        raise _cannot_undo(connection, import_id)


def _cannot_undo(connection: SqlConnection, import_id: int) -> StoreDamaged:
    return StoreDamaged(connection.database, "import_batch", import_id, "The import cannot be undone safely")


def imports_that_made(connection: SqlConnection, contact: int) -> set[int]:
    """The imports that made a contact. A batch whose import was changed counts for the one that wrote it."""
    rows = read_rows(connection, f"{_SELECT} WHERE first_contact <= ? AND end_contact > ?", (contact, contact))
    return {owner for row in rows if (owner := _owner(row) if is_damaged(row) else row[_IMPORT]) is not None}


def begin_batches_at(
    connection: SqlConnection, import_id: int, table: Literal["contact", "company"], num: int
) -> None:  # fmt: skip
    """Note that the new records of an import below a num have been treated."""
    first = f"first_{table}"
    changed = sum_in_sql(["?1" if name == first else name for name in BATCHES.columns])
    connection.execute(
        f"UPDATE import_batch SET {first} = ?1, "  # noqa: S608
        f"checksum = checksum + (({changed}) - ({sum_in_sql(BATCHES.columns)})) "
        f"WHERE import = ?2 AND {first} < ?1",
        (num, import_id),
    )


def batch_faults(connection: SqlConnection) -> Iterator[str]:
    """Descriptions of the damaged batches."""
    for row in damaged_numbers(connection, BATCHES):
        owner = _owner(row)
        if owner is None:
            fix = "`letrics check --repair` removes it, and the import cannot be undone any more"
            yield f"a batch of import {row[_IMPORT]} is damaged: {fix}"
        else:
            yield (
                f"a batch of import {owner} is damaged, and counts for import {row[_IMPORT]}: `letrics check --repair` "
                "corrects it. Neither can be undone before"
            )


def repair_batch_imports(connection: SqlConnection) -> int:
    """Correct the imports of the batches of which nothing else is damaged; returns how many."""
    count = 0
    for row in damaged_numbers(connection, BATCHES):
        owner = _owner(row)
        if owner is not None and not has_key(connection, BATCHES, (owner, row[1])):
            set_number(connection, BATCHES, row, _IMPORT, owner)
            count += 1
    return count


def imports_of_damaged_batches(connection: SqlConnection) -> list[int]:
    """The import of each damaged batch."""
    return [row[_IMPORT] for row in damaged_numbers(connection, BATCHES)]


def _owner(row: Row | _Types) -> int | None:
    """The import that wrote a damaged batch, None if more than its import is damaged."""
    return former_number(row, _IMPORT)

"""The batches of imports, each with a checksum: by them, undo knows which states of records are those of an import."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Final, Literal

from letrics.store.base import StoreDamaged
from letrics.store.sql import Row, SqlConnection, read_rows
from letrics.store.tables.checksums import sum_in_sql, sum_of
from letrics.store.tables.typed_rows import typed_rows

_NUMBERS: Final = (
    "import", "first_seq", "last_seq", "first_company", "end_company", "first_contact", "end_contact",
)  # fmt: skip
"""The columns of a batch, all of which are part of its checksum."""
_SELECT: Final = f"SELECT {', '.join(_NUMBERS)}, checksum FROM import_batch"  # noqa: S608
_FIX: Final = "`letrics check --repair` removes it, and the import cannot be undone any more"
"""What is said of a damaged batch."""
_Types = tuple[int, int, int, int, int, int, int, int | None]


def insert_batch(connection: SqlConnection, numbers: Sequence[int]) -> None:
    """Add a batch, with its checksum."""
    connection.execute(
        f"INSERT INTO import_batch ({', '.join(_NUMBERS)}, checksum) VALUES (?, ?, ?, ?, ?, ?, ?, ?)",  # noqa: S608
        (*numbers, sum_of(numbers)),
    )


def read_spans(connection: SqlConnection, import_id: int) -> list[tuple[int, int]]:
    """The seqs of the batches of an import, those after the first up to the second. Raises StoreDamaged."""
    found = read_rows(connection, f"{_SELECT} WHERE import = ? ORDER BY first_seq", (import_id,))
    rows: list[_Types] = typed_rows(connection, "import_batch", import_id, found, _Types)
    if any(_is_damaged(row) for row in rows):
        raise StoreDamaged(connection.database, "import_batch", import_id, "The import cannot be undone safely")
    return [row[1:3] for row in rows]


def begin_batches_at(
    connection: SqlConnection, import_id: int, table: Literal["contact", "company"], num: int
) -> None:  # fmt: skip
    """Note that the new records of an import below a num have been treated."""
    first = f"first_{table}"
    changed = sum_in_sql(["?1" if name == first else name for name in _NUMBERS])
    connection.execute(
        f"UPDATE import_batch SET {first} = ?1, checksum = checksum + (({changed}) - ({sum_in_sql(_NUMBERS)})) "  # noqa: S608
        f"WHERE import = ?2 AND {first} < ?1",
        (num, import_id),
    )


def batch_faults(connection: SqlConnection) -> Iterator[str]:
    """Descriptions of the damaged batches."""
    for row in connection.execute(_SELECT):
        if _is_damaged(row):
            yield f"a batch of import {row[0]} is damaged: {_FIX}"


def imports_of_damaged_batches(connection: SqlConnection) -> list[int]:
    """The import of each damaged batch."""
    return [row[0] for row in read_rows(connection, _SELECT) if _is_damaged(row)]


def _is_damaged(row: Row | _Types) -> bool:
    return row[-1] is not None and row[-1] != sum_of(row[:-1])

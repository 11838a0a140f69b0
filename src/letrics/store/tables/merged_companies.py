"""The rows that say which company was merged into which other one, with checksums: contacts follow them."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from letrics.store.base import StoreDamaged
from letrics.store.sql import Row, SqlConnection, read_rows
from letrics.store.tables.number_rows import (
    MERGED,
    damaged_numbers,
    former_number,
    insert_numbers,
    is_damaged,
    repair_numbers,
)

_KEPT: Final = 1
"""The place of the company that stays in a row."""
_IMPORT: Final = 2
"""The place of the import in a row."""


def note_merged(connection: SqlConnection, gone: int, kept: int, import_id: int | None) -> None:
    """Note that a company was merged into another one, by an import unless it is None."""
    insert_numbers(connection, MERGED, [(gone, kept, import_id)])


def joined_company(connection: SqlConnection, num: int) -> int:
    """The num of the company that this company was merged into, and its own if it was not. Raises StoreDamaged."""
    rows = read_rows(connection, 'SELECT num, kept, "import", checksum FROM merged_company WHERE num = ?', (num,))
    if not rows:
        return num
    kept: object = rows[0][_KEPT]
    if not isinstance(kept, int) or is_damaged(rows[0]):
        raise StoreDamaged(connection.database, "merged_company", num)
    return kept


def verify_merged_companies(connection: SqlConnection) -> None:
    """Raise StoreDamaged if a row is damaged: undoing an import would leave a company merged, or lose it."""
    for row in damaged_numbers(connection, MERGED):
        raise StoreDamaged(connection.database, "merged_company", row[0], "The import cannot be undone safely")


def merged_company_faults(connection: SqlConnection) -> Iterator[str]:
    """Descriptions of the damaged rows."""
    for row in damaged_numbers(connection, MERGED):
        is_known = _correction(row) is not None
        fix = "corrects it" if is_known else "removes it, and undoing an import does not separate them again"
        yield f"the merge of company num {row[0]} into another one is damaged: `letrics check --repair` {fix}"


def repair_merged_companies(connection: SqlConnection) -> tuple[int, int]:
    """See `repair_numbers`."""
    return repair_numbers(connection, MERGED, _correction)


def _correction(row: Row) -> tuple[int, int] | None:
    """The place of the damaged number and what it was, except for a num: that company may have been added again."""
    return next(((place, n) for place in (_KEPT, _IMPORT) if (n := former_number(row, place)) is not None), None)

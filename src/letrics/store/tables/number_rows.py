"""Rows that have only numbers, with their weighted sum as a checksum: found when damaged, and repaired where possible.

A sum shows more than that a row is damaged. If one number is another one, the sum says which it was: the difference is
then a multiple of the weight of that number, which it is by chance once in about 100 million times.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Final, NamedTuple

from letrics.store.sql import Row, SqlConnection, read_rows
from letrics.store.tables.checksums import solve_sum, sum_in_sql, sum_of


class NumberTable(NamedTuple):
    """A table with these columns, besides the checksum. The first `key_columns` of them identify a row."""

    name: str
    columns: tuple[str, ...]
    key_columns: int


BATCHES: Final = NumberTable(
    "import_batch",
    ("import", "first_seq", "last_seq", "first_company", "end_company", "first_contact", "end_contact"),
    2,
)
RESTORED: Final = NumberTable("restored", ("seq", "former"), 1)
MERGED: Final = NumberTable("merged_company", ("num", "kept", "import"), 1)


def insert_numbers(connection: SqlConnection, table: NumberTable, rows: Sequence[Sequence[int | None]]) -> None:
    """Add rows, with their checksums."""
    connection.insert(table.name, (*table.columns, "checksum"), [(*row, sum_of(row)) for row in rows])


def is_damaged(row: Sequence[int | None]) -> bool:
    """Whether a row, with its checksum at the end, is not what was written, as far as that is known."""
    return row[-1] is not None and row[-1] != sum_of(row[:-1])


def damaged_numbers(connection: SqlConnection, table: NumberTable) -> list[Row]:
    """The damaged rows of a table, with their checksums. The database adds up the others."""
    found = read_rows(
        connection,
        f"SELECT {', '.join(table.columns)}, checksum FROM {table.name} "  # noqa: S608
        f"WHERE checksum <> {sum_in_sql(table.columns)}",
    )
    return [row for row in found if not all(isinstance(number, int | None) for number in row) or is_damaged(row)]


def former_number(row: Row, place: int) -> int | None:
    """What the number at a place of a damaged row was, if all others are what was written. None if they are not."""
    if not all(isinstance(number, int | None) for number in row):
        return None
    return solve_sum(row[-1], row[:-1], place)


def set_number(connection: SqlConnection, table: NumberTable, row: Row, place: int, number: int) -> None:
    """Set the number at a place of a row."""
    connection.execute(
        f"UPDATE {table.name} SET {table.columns[place]} = ? WHERE {_named(table)}",  # noqa: S608
        (number, *row[: table.key_columns]),
    )


def delete_numbers(connection: SqlConnection, table: NumberTable, row: Row) -> None:
    """Delete a row."""
    connection.execute(f"DELETE FROM {table.name} WHERE {_named(table)}", row[: table.key_columns])  # noqa: S608


def has_key(connection: SqlConnection, table: NumberTable, key: Sequence[int]) -> bool:
    """Whether there is a row with this key."""
    return bool(read_rows(connection, f"SELECT 1 FROM {table.name} WHERE {_named(table)}", key))  # noqa: S608


def repair_numbers(
    connection: SqlConnection, table: NumberTable, correction: Callable[[Row], tuple[int, int] | None]
) -> tuple[int, int]:
    """Correct damaged rows, or remove them where it is not known what was damaged; returns the number of each.

    `correction` returns the place of the damaged number and what it was, None if that is not known.
    """
    corrected = removed = 0
    for row in damaged_numbers(connection, table):
        found = correction(row)
        if found is None:
            delete_numbers(connection, table, row)
            removed += 1
        else:
            set_number(connection, table, row, *found)
            corrected += 1
    return corrected, removed


def _named(table: NumberTable) -> str:
    return " AND ".join(f"{name} = ?" for name in table.columns[: table.key_columns])

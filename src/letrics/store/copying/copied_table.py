"""The tables that are copied, with their columns."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from letrics.store.sql import Row, SqlConnection, read_rows

PART: Final = 20_000
"""Rows in memory at a time, and in one transaction of the target."""


@dataclass(frozen=True, slots=True)
class CopiedTable:
    """A table as statements name it, its columns, and how many of the first ones identify a row."""

    name: str
    columns: tuple[str, ...]
    key_columns: int = 1

    @property
    def key(self) -> tuple[str, ...]:
        """The columns that identify a row."""
        return self.columns[: self.key_columns]

    def key_of(self, row: Row) -> Row:
        """The values of the key in a row."""
        return row[: self.key_columns]


def _table(name: str, columns: str, key_columns: int = 1) -> CopiedTable:
    return CopiedTable(name, tuple(columns.split()), key_columns)


COMPANY: Final = _table("company", "num seq domain document")
CONTACT: Final = _table("contact", "num seq company external digest document")
CONTACT_KEY: Final = _table("contact_key", "hash mark num", 3)
RECORDS: Final = (COMPANY, CONTACT)
"""The tables that a later copy brings up to date by the seqs of their rows."""
WHOLE: Final = (
    _table("batch", "seq id written"),
    _table("former_id", "num id", 2),
    _table("tombstone", "seq kind num"),
    _table("import", "id kind file source user mapping status started_at updated_at changes report undoable"),
    _table("import_batch", "import first_seq last_seq first_company end_company first_contact end_contact", 2),
    _table("contact_before", "import num seq company external digest document", 2),
    _table("company_before", "import num seq domain document", 2),
    _table("restored", "seq former"),
    _table("duplicate", "id first second reason status found_at"),
    _table(
        "contact_merge",
        "id kept gone gone_id merged_at kept_company kept_external kept_before kept_company_after kept_after kept_keys "
        "company external document former_ids keys",
    ),
    _table("merged_key", "num hash mark", 3),
    _table("company_key", "hash mark num", 3),
    _table("former_company_id", "id num"),
    _table("merged_company", "num kept import"),
)
"""The tables that every copy replaces as a whole."""
LOG: Final = _table("log", "one id seq next_company next_contact companies contacts pruned no_company")
"""The table with the one row that names the log. It is written last."""


def read_parts(
    connection: SqlConnection, table: CopiedTable, after: Sequence[object] | None = None, size: int = PART
) -> Iterator[list[Row]]:
    """The rows of a table in order of its key, those after the key `after`, in parts of `size` rows."""
    columns, key = ", ".join(map(quoted, table.columns)), ", ".join(map(quoted, table.key))
    marks = ", ".join("?" * table.key_columns)
    select, end = f"SELECT {columns} FROM {table.name}", f"ORDER BY {key} LIMIT {size}"  # noqa: S608
    while True:
        where = "" if after is None else f"WHERE ({key}) > ({marks})"
        rows = read_rows(connection, f"{select} {where} {end}", tuple(after or ()))
        if rows:
            yield rows
        if len(rows) < size:
            return
        after = table.key_of(rows[-1])


def quoted(column: str) -> str:
    """A column as statements name it: "user" and "import" are words of SQL."""
    return f'"{column}"'

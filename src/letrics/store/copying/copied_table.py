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
    """A table, its columns, and how many of the first ones identify a row. `counted` says that the database gives the
    ids of its rows. `flag` is a column that is true or false, for which SQLite has 1 and 0."""

    name: str
    columns: tuple[str, ...]
    key_columns: int = 1
    counted: bool = False
    flag: str | None = None

    @property
    def key(self) -> tuple[str, ...]:
        """The columns that identify a row."""
        return self.columns[: self.key_columns]

    def key_of(self, row: Row) -> Row:
        """The values of the key in a row."""
        return row[: self.key_columns]


def table_of(
    name: str, columns: str, key_columns: int = 1, *, counted: bool = False, flag: str | None = None
) -> CopiedTable:
    """A table with these columns, whose names are separated by spaces; see CopiedTable."""
    return CopiedTable(name, tuple(columns.split()), key_columns, counted, flag)


COMPANY: Final = table_of("company", "num seq domain document checksum")
CONTACT: Final = table_of("contact", "num seq company external digest document checksum")
CONTACT_KEY: Final = table_of("contact_key", "hash mark num", 3)
RECORDS: Final = (COMPANY, CONTACT)
"""The tables that a later copy brings up to date by the seqs of their rows."""
WHOLE: Final = (
    table_of("batch", "seq id written"),
    table_of("former_id", "num id", 2),
    table_of("tombstone", "seq kind num"),
    table_of(
        "import",
        "id kind file source user mapping status started_at updated_at changes report undoable checksum",
        flag="undoable",
    ),
    table_of(
        "import_batch", "import first_seq last_seq first_company end_company first_contact end_contact checksum", 2
    ),
    table_of("contact_before", "import num seq company external digest document checksum", 2),
    table_of("company_before", "import num seq domain document checksum", 2),
    table_of("restored", "seq former checksum"),
    table_of("duplicate", "id first second reason status found_at", counted=True),
    table_of(
        "contact_merge",
        "id kept gone gone_id merged_at kept_company kept_external kept_before kept_company_after kept_after kept_keys "
        "company external document former_ids keys checksum",
        counted=True,
    ),
    table_of("merged_key", "num hash mark", 3),
    table_of("company_key", "hash mark num", 3),
    table_of("former_company_id", "id num"),
    table_of("merged_company", "num kept import checksum"),
    table_of("forgotten", "id forgotten_at"),
    table_of("forgotten_key", "person kind hash checksum", 3),
    table_of("forgotten_secret", "secret checksum"),
    table_of("erasure", "one version forgotten_seq deleted_seq"),
)
"""The tables that every copy replaces as a whole."""
LOG: Final = table_of("log", "one id seq next_company next_contact companies contacts pruned no_company")
"""The table with the one row that names the log. It is written last."""


def read_parts(
    connection: SqlConnection, table: CopiedTable, after: Sequence[object] | None = None, size: int = PART
) -> Iterator[list[Row]]:
    """The rows of a table in order of its key, those after the key `after`, in parts of `size` rows. Raises StoreAway
    that names this database, also where a copy writes to another one."""
    columns, key = ", ".join(map(quoted, table.columns)), ", ".join(map(quoted, table.key))
    marks = ", ".join("?" * table.key_columns)
    select, end = f"SELECT {columns} FROM {quoted(table.name)}", f"ORDER BY {key} LIMIT {size}"  # noqa: S608
    while True:
        where = "" if after is None else f"WHERE ({key}) > ({marks})"
        with connection.away():
            rows = read_rows(connection, f"{select} {where} {end}", tuple(after or ()))
        if rows:
            yield rows if table.flag is None else [_with_flag(table, row) for row in rows]
        if len(rows) < size:
            return
        after = table.key_of(rows[-1])


def replace_table(source: SqlConnection, target: SqlConnection, table: CopiedTable) -> None:
    """Replace all rows of a table, inside a transaction of each."""
    empty_table(target, table)
    fill_table(source, target, table)


def empty_table(target: SqlConnection, table: CopiedTable) -> None:
    """Delete all rows of a table."""
    target.execute(f"DELETE FROM {quoted(table.name)}")  # noqa: S608


def fill_table(source: SqlConnection, target: SqlConnection, table: CopiedTable) -> None:
    """Copy all rows of a table into an empty one, and the highest id that was given."""
    for rows in read_parts(source, table):
        target.insert(table.name, table.columns, rows)
    if table.counted:
        target.set_counter(table.name, source.counter(table.name))


def _with_flag(table: CopiedTable, row: Row) -> Row:
    place = table.columns.index(table.flag or "")
    return (*row[:place], bool(row[place]), *row[place + 1 :])


def quoted(name: str) -> str:
    """A table or column as statements name it: "user" is a word of SQL."""
    return f'"{name}"'

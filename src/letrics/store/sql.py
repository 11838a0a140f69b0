"""The interface of a connection to a SQL database: what the tables of a store need, in SQLite and in PostgreSQL.

Statements are written once. They are such that both databases run them, after PostgreSQL's connection has translated:

- placeholders: `?`, in order, or `?1`, `?2`, which may repeat; a statement has either form;
- lists of values: `carray(?) AS a` is a table with the column `value`, bound to `ints` or `texts`;
- `CROSS JOIN … ON`, which makes SQLite join in this order, to `JOIN … ON`.

Names that PostgreSQL reserves are quoted (`"user"`). Numbers are 64-bit integers, texts are compared by code point, and
a document is `bytes`. Constraints are `ON CONFLICT …`, comparisons with NULL are `IS [NOT] DISTINCT FROM`, new ids are
read by `RETURNING`, and of several numbers the lowest is found by `CASE`.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Sequence
from contextlib import AbstractContextManager
from typing import Any, Protocol

import numpy as np
import numpy.typing as npt

Row = tuple[Any, ...]
"""A row of a result. The driver does not know the types of the columns; the caller does."""
Ints = Collection[int] | npt.NDArray[np.int64]


class Rows(Protocol):
    """The result of a statement."""

    def __iter__(self) -> Iterator[Row]: ...

    def fetchone(self) -> Row | None:
        """The next row, None if there is none."""
        ...

    def fetchall(self) -> list[Row]:
        """The rows that are left."""
        ...


class Statements(Protocol):
    """What runs a statement."""

    def execute(self, sql: str, values: Sequence[Any] = (), /) -> Rows:
        """Run a statement."""
        ...


class SqlConnection(Statements, Protocol):
    """One connection to a database, used by one thread at a time.

    Outside `writing` and `reading` each statement is a separate transaction.
    """

    @property
    def database(self) -> str:
        """The name of the database in messages. It has no password."""
        ...

    @property
    def is_read_only(self) -> bool:
        """Whether this connection refuses to write."""
        ...

    def has_table(self, name: str) -> bool:
        """Whether there is a table."""
        ...

    def executemany(self, sql: str, rows: Iterable[Sequence[Any]], /) -> object:
        """Run a statement that returns nothing, once for each row of values, in order."""
        ...

    def run_script(self, sql: str, /) -> object:
        """Run several statements without values, inside the caller's transaction."""
        ...

    def ints(self, values: Ints, /) -> Any:
        """The value of `carray(?)` for a list of integers, which may be empty."""
        ...

    def texts(self, values: Collection[str], /) -> Any:
        """The value of `carray(?)` for a list of texts, which may be empty."""
        ...

    def insert(self, table: str, columns: Sequence[str], rows: Iterable[Sequence[Any]]) -> None:
        """Insert rows that are not there."""
        ...

    def insert_missing(self, table: str, columns: Sequence[str], rows: Iterable[Sequence[Any]]) -> int:
        """Insert those of the rows that violate no constraint of uniqueness; returns their number."""
        ...

    def update(self, table: str, columns: Sequence[str], rows: Iterable[Sequence[Any]]) -> None:
        """Set columns of the rows of a table by their `num`, which is the last value of each of `rows` and occurs
        once."""
        ...

    def delete_rows(self, table: str, columns: Sequence[str], rows: Iterable[Sequence[Any]]) -> int:
        """Delete the rows that have exactly these values in these columns; returns their number."""
        ...

    def has_text(self, column: str, text: str) -> str:
        """An expression: whether the bytes of a column contain a text, which has no quotes other than double ones."""
        ...

    def text_bytes(self, column: str) -> str:
        """An expression: the bytes of a column with texts, which in a damaged database may not be UTF-8."""
        ...

    def contains(self, column: str) -> str:
        """An expression: whether the bytes of a column, in lower case, contain the text that is bound to its `?`."""
        ...

    def counter(self, table: str) -> int:
        """The highest id that the database has given to a row of a table, 0 if none, also if the row is deleted."""
        ...

    def set_counter(self, table: str, id: int) -> None:
        """Have the database give higher ids than this one to new rows of a table."""
        ...

    def writing(self) -> AbstractContextManager[None]:
        """Run a block in one transaction, which no other writer is in: committed at its end, rolled back if it raises.

        It waits for other writers before it reads anything.
        """
        ...

    def reading(self) -> AbstractContextManager[None]:
        """Run a block in one transaction that only reads: all statements see the same state of the database."""
        ...

    def away(self) -> AbstractContextManager[None]:
        """Turn errors of the driver about the environment into a StoreAway with a suggested fix. Can be entered again
        and again, also inside itself.

        Errors that indicate a bug in this program (invalid SQL, misuse, a violated constraint) pass through unchanged.
        """
        ...

    def close(self) -> None:
        """Close the connection. Repeated calls do nothing."""
        ...


def read_rows(connection: Statements, sql: str, values: Sequence[Any] = ()) -> list[Row]:
    """All rows of a query."""
    return connection.execute(sql, values).fetchall()


def read_value(connection: Statements, sql: str, values: Sequence[Any] = ()) -> Any:
    """The first value of the first row of a query, None if there is no row."""
    row = connection.execute(sql, values).fetchone()
    return None if row is None else row[0]

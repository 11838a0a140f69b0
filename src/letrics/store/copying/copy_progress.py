"""How far a copy into a database has come. The table of it exists from the copy's first step to its last one.

While it does, the database is not opened for anything else: `refuse_unfinished` is called where a store is opened.
"""

from __future__ import annotations

from typing import Any, Final

import msgspec

from letrics.store.base import Position, StoreAway
from letrics.store.sql import SqlConnection, read_rows

_NAME: Final = "copy_progress"
_CREATE: Final = f"CREATE TABLE {_NAME} (progress TEXT NOT NULL)"


class CopyProgress(msgspec.Struct, kw_only=True):
    """The rows that were copied are those of the source at the position `log`, `seq`, `batch`.

    `table` is being copied and has its rows up to the key `after`; the tables before it are complete.
    """

    log: str
    seq: int
    batch: str
    table: str
    after: list[Any] | None = None

    @property
    def position(self) -> Position:
        """The position of the source."""
        return Position(self.log, self.seq, self.batch)


def refuse_unfinished(connection: SqlConnection) -> None:
    """Raise StoreAway if a copy into this database has begun and has not ended."""
    if connection.has_table(_NAME):
        raise StoreAway(
            f"a copy into {connection.database} has not ended: run the same `letrics copy` or `letrics restore` again "
            "to finish it"
        )


def read_progress(connection: SqlConnection) -> CopyProgress | None:
    """How far the copy has come; None if there is none."""
    if not connection.has_table(_NAME):
        return None
    rows = read_rows(connection, f"SELECT progress FROM {_NAME}")  # noqa: S608
    return msgspec.json.decode(rows[0][0], type=CopyProgress)


def begin_progress(connection: SqlConnection, progress: CopyProgress) -> None:
    """Begin a copy, or begin it again, inside the caller's transaction."""
    connection.execute(f"DROP TABLE IF EXISTS {_NAME}")
    connection.execute(_CREATE)
    connection.execute(f"INSERT INTO {_NAME} VALUES (?)", (msgspec.json.encode(progress).decode(),))  # noqa: S608


def write_progress(connection: SqlConnection, progress: CopyProgress) -> None:
    """Note how far the copy has come, inside the caller's transaction."""
    connection.execute(f"UPDATE {_NAME} SET progress = ?", (msgspec.json.encode(progress).decode(),))  # noqa: S608


def end_progress(connection: SqlConnection) -> None:
    """End the copy, inside the caller's transaction."""
    connection.execute(f"DROP TABLE {_NAME}")

"""The counters of the log, its positions, and the end of a batch."""

from __future__ import annotations

import secrets
from collections.abc import Iterator
from dataclasses import astuple, dataclass
from typing import Final

from letrics.normalize.time import is_written_form
from letrics.store.base import Position, StoreDamaged
from letrics.store.sql import SqlConnection, read_rows, read_value
from letrics.store.tables.lenient_rows import lenient_rows
from letrics.store.tables.typed_rows import typed_row

NUMS_WITHOUT_SEQ: Final = 1_000
"""More nums than any log has assigned without a change: those that stand for no company."""


@dataclass(slots=True)
class Numbers:
    """The counters of the log, read when a batch begins and written when it ends. `seq` is the last seq assigned."""

    seq: int
    next_company: int
    next_contact: int
    companies: int
    contacts: int
    no_company: int | None = None
    """The num that stands for no company, once a row of a contact without one was put."""

    @classmethod
    def read(cls, connection: SqlConnection, for_repair: bool = False) -> Numbers:
        """Read the counters. Raises StoreDamaged for one that cannot be right, unless they are read `for_repair`."""
        row = connection.execute(
            "SELECT seq, next_company, next_contact, companies, contacts, no_company FROM log"
        ).fetchone()
        numbers = cls(*typed_row(connection, "log", 1, row, tuple[int, int, int, int, int, int | None]))
        if not for_repair and numbers.find_too_high(connection):
            raise StoreDamaged(connection.database, "log", 1)
        return numbers

    def find_too_high(self, connection: SqlConnection) -> list[str]:
        """The names of the counters of nums that are negative or far above the number of changes and the highest num.

        Every new record takes one number of a change, so its num is not above it, unless a repair has kept a record
        with a num that was damaged. What runs up to such a counter would not end.
        """
        return [
            name
            for name, table in (("next_company", "company"), ("next_contact", "contact"))
            if not 0 <= getattr(self, name) <= self.seq + NUMS_WITHOUT_SEQ
            and getattr(self, name) != _highest(connection, table) + 1
        ]

    def reset(self, before: Numbers) -> None:
        """Take the values of `before`, because nothing was written since."""
        for name in self.__slots__:
            setattr(self, name, getattr(before, name))

    def take_seqs(self, count: int) -> range:
        """Assign the next `count` seqs."""
        start = self.seq + 1
        self.seq += count
        return range(start, start + count)

    def write(self, connection: SqlConnection, now: str) -> None:
        """End the batch: write its counters to the log, with a new batch id. Call it only if seqs were assigned."""
        connection.execute(
            "UPDATE log SET seq=?, next_company=?, next_contact=?, companies=?, contacts=?, no_company=?", astuple(self)
        )
        connection.execute(
            "INSERT INTO batch (seq, id, written) VALUES (?, ?, ?)", (self.seq, secrets.token_hex(8), now)
        )

    def write_no_company(self, connection: SqlConnection) -> None:
        """Store the num that stands for no company, after a batch that changed nothing else."""
        connection.execute("UPDATE log SET next_company=?, no_company=?", (self.next_company, self.no_company))


def _highest(connection: SqlConnection, table: str) -> int:
    found: int | None = read_value(connection, f"SELECT max(num) FROM {table}")  # noqa: S608
    return -1 if found is None else found


def read_log_id(connection: SqlConnection) -> str:
    """The id of the log. It can be read of a damaged database, which is checked and repaired. Raises StoreDamaged."""
    rows = lenient_rows(connection, ("id",), ("id",), "FROM log")
    id: object = rows[0][0] if rows else None
    if isinstance(id, bytes):
        return id.decode(errors="backslashreplace")
    if not isinstance(id, str):
        raise StoreDamaged(connection.database, "log", 1)
    return id


def read_position(connection: SqlConnection) -> Position:
    row = connection.execute(
        "SELECT log.id, log.seq, batch.id FROM log LEFT JOIN batch ON batch.seq = log.seq"
    ).fetchone()
    log, seq, batch = typed_row(connection, "log", 1, row, tuple[str, int, str | None])
    return Position(log, seq, batch or "")


def last_written(connection: SqlConnection) -> str | None:
    """When the last batch was written. None if there is none, if an earlier version wrote it, or if it cannot be read,
    which `letrics check` reports."""
    rows = lenient_rows(connection, ("written",), ("written",), "FROM log JOIN batch ON batch.seq = log.seq")
    written = rows[0][0] if rows else None
    return written if isinstance(written, str) and is_written_form(written) else None


def has_batch(connection: SqlConnection, position: Position) -> bool:
    """Whether the log is or has been at `position`. The position before the first batch counts too.

    Raises StoreDamaged if it was not, and the log lacks its last batch: its index would be rebuilt again and again.
    """
    if position.seq == 0:
        return position.batch == "" and read_rows(connection, "SELECT id FROM log") == [(position.log,)]
    asked = (position.log, position.seq, position.batch)
    found = read_rows(connection, "SELECT 1 FROM log, batch WHERE log.id=? AND batch.seq=? AND batch.id=?", asked)
    if not found:
        end = read_position(connection)
        if end.seq > 0 and not end.batch:
            raise StoreDamaged(connection.database, "batch", end.seq)
    return bool(found)


def counter_faults(connection: SqlConnection) -> Iterator[str]:
    """Descriptions of the counters of nums that cannot be right."""
    numbers = Numbers.read(connection, for_repair=True)
    for name in numbers.find_too_high(connection):
        yield f"the log's counter {name} is {getattr(numbers, name):,}, which its changes do not account for"
    if read_rows(connection, "SELECT 1 FROM log WHERE pruned > seq OR pruned < 0"):
        yield "the log's counter pruned is not a number of one of its changes"

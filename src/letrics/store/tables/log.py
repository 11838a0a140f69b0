"""The counters of the log, its positions, and the end of a batch."""

from __future__ import annotations

import secrets
from dataclasses import astuple, dataclass

from letrics.store.base import Position
from letrics.store.sql import SqlConnection, read_rows


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
    def read(cls, connection: SqlConnection) -> Numbers:
        row = connection.execute(
            "SELECT seq, next_company, next_contact, companies, contacts, no_company FROM log"
        ).fetchone()
        assert row is not None, "the first migration inserts the row"
        return cls(*row)

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


def read_position(connection: SqlConnection) -> Position:
    row = connection.execute(
        "SELECT log.id, log.seq, batch.id FROM log LEFT JOIN batch ON batch.seq = log.seq"
    ).fetchone()
    assert row is not None, "the first migration inserts the row"
    log, seq, batch = row
    return Position(log, seq, batch or "")


def last_written(connection: SqlConnection) -> str | None:
    """When the last batch was written. None if there is none, and if an earlier version wrote it."""
    rows = read_rows(connection, "SELECT batch.written FROM log JOIN batch ON batch.seq = log.seq")
    return rows[0][0] if rows else None


def has_batch(connection: SqlConnection, position: Position) -> bool:
    """Whether the log is or has been at `position`. The position before the first batch counts too."""
    if position.seq == 0:
        return position.batch == "" and read_rows(connection, "SELECT id FROM log") == [(position.log,)]
    asked = (position.log, position.seq, position.batch)
    found = read_rows(connection, "SELECT 1 FROM log, batch WHERE log.id=? AND batch.seq=? AND batch.id=?", asked)
    return bool(found)

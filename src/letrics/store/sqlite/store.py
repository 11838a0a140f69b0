"""The log store in one SQLite file."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from functools import cache, partial
from pathlib import Path
from types import TracebackType
from typing import Any, Final, Self

import apsw

from letrics.collector import no_collection
from letrics.normalize.time import now
from letrics.records import Kind
from letrics.store.base import (
    Changes,
    CompanyPatch,
    ContactPatch,
    Counts,
    Deleted,
    Found,
    Position,
    StoreAway,
    StoreReplaced,
    Tally,
)
from letrics.store.connection import BUSY_MS, Away, is_filled, open_sqlite, transaction
from letrics.store.migrate import Migration, load_migrations, migrate
from letrics.store.opened import OpenedFile, Stamp, remove_stale_log
from letrics.store.packed import Again, Claim, PackedCompany, PackedContact, unpack_company
from letrics.store.sqlite.checkpoint import WAL_PAGES, Checkpointer
from letrics.store.sqlite.companies import CompanyBatch
from letrics.store.sqlite.contacts import ContactBatch
from letrics.store.sqlite.deleting import count_contacts, delete_records
from letrics.store.sqlite.following import read_changes, register, scan_log
from letrics.store.sqlite.integrity import faults
from letrics.store.sqlite.log import Numbers, has_batch, read_position
from letrics.store.sqlite.reading import find_record, read_counts, read_documents
from letrics.store.sqlite.recent import move_on

_CHECKPOINT_PAGES: Final = 4_000
_WAL_BYTES: Final = 64 << 20
_ERASE_WAIT_MS: Final = 500
_PART: Final = 20_000
"""How many rows of a batch are put together at a time."""
_LARGE: Final = 10_000
"""A batch of so many rows is an import's: more will follow."""


@cache
def _migrations() -> tuple[Migration, ...]:
    return load_migrations("letrics.store.sqlite.migrations")


def _reopen(path: Path, stamp: Stamp) -> SqliteStore:
    store = SqliteStore.open(path, create=False)
    if store.stamp != stamp:
        store.close()
        raise StoreReplaced(f"{path} was replaced by another file while it was in use")
    return store


class SqliteStore:
    """One connection to a log in a SQLite file: see `letrics.store.base.Store` for what each method promises.

    Used by one thread at a time and never across a fork. Readers in other threads and processes see whole batches,
    and never wait for the writer; a second writer waits for the first to end its batch.
    """

    def __init__(self, path: Path, connection: apsw.Connection) -> None:
        self._path = path
        self._connection = connection
        self._opened = OpenedFile(path, connection)
        self._away = Away(path)
        self._erasing = False
        self._checkpointer = Checkpointer(path)

    @classmethod
    def open(cls, path: Path, *, create: bool = True, read_only: bool = False) -> SqliteStore:
        """Open the log at `path`, bringing an older file to this version's shape.

        Raises StoreAway where there is none and it is not to be created, or where it cannot be used, and StoreTooNew
        where a newer version wrote it. Once open, every method raises StoreReplaced when the file was removed or
        another one was put in its place.
        """
        if (read_only or not create) and not is_filled(path):
            raise StoreAway(
                f"there is no database at {path}: create it by importing something, for example with "
                "`letrics import companies.csv`"
            )
        remove_stale_log(path)
        connection = open_sqlite(path, create=create, read_only=read_only)
        try:
            with Away(path):
                if not read_only:
                    connection.pragma("secure_delete", "ON")
                    connection.pragma("journal_size_limit", _WAL_BYTES)
                    connection.wal_autocheckpoint(_CHECKPOINT_PAGES)
                migrate(connection, _migrations())
                return cls(path, connection)
        except BaseException:
            connection.close(True)
            raise

    def put_companies(self, patches: Sequence[CompanyPatch | PackedCompany]) -> Tally:
        return self._put(patches, self._put_some_companies)

    def put_contacts(
        self, patches: Sequence[ContactPatch | PackedContact | Claim], again: Again | None = None
    ) -> Tally:
        return self._put(patches, partial(self._put_some_contacts, again))

    def _put(self, patches: Sequence[Any], put: Callable[[Sequence[Any], Numbers, str], Tally]) -> Tally:
        """One batch, put together in parts so that its size says little of the memory it takes."""
        tally = Tally()
        with self._away, no_collection(), transaction(self._connection):
            self._opened.check()
            numbers = Numbers.read(self._connection)
            moment = now()
            for start in range(0, len(patches), _PART):
                tally.add(put(patches[start : start + _PART], numbers, moment))
            if tally.new or tally.changed or tally.companies_new or tally.companies_changed:
                move_on(self._connection)
                numbers.write(self._connection)
        self._erase()
        if len(patches) >= _LARGE:
            self._connection.wal_autocheckpoint(WAL_PAGES)
            self._checkpointer.wake()
        return tally

    def _put_some_companies(self, patches: Sequence[CompanyPatch | PackedCompany], numbers: Numbers, now: str) -> Tally:
        companies = CompanyBatch(self._connection, numbers, now)
        tally = companies.put_all([unpack_company(patch) for patch in patches])
        companies.write()
        return tally

    def _put_some_contacts(
        self, again: Again | None, patches: Sequence[ContactPatch | PackedContact | Claim], numbers: Numbers, now: str
    ) -> Tally:
        companies = CompanyBatch(self._connection, numbers, now)
        contacts = ContactBatch(self._connection, numbers, companies, now, again)
        tally = contacts.put(patches)
        companies.write()
        contacts.write()
        return tally

    def delete(
        self, kind: Kind, nums: Sequence[int], with_contacts: bool = False, judged_at: Position | None = None
    ) -> Deleted:
        """As the Store promises; and nothing of a deleted record remains in the file.

        SQLite's secure_delete overwrites what it frees with zeros, tombstones hold numbers alone, and the
        write-ahead log, which still has the pages as they were, is emptied at once, or after the next batch where a
        reader in another process holds on to it. Copies elsewhere (backups, file system snapshots) are beyond reach.
        """
        with self._away, transaction(self._connection):
            self._require(judged_at)
            seq = None if judged_at is None else judged_at.seq
            done = delete_records(self._connection, kind, nums, with_contacts, seq)
        self._erase(done.records > 0)
        return done

    def delete_id(
        self, kind: Kind, id: str, with_contacts: bool = False, known_at: Position | None = None
    ) -> int | None:
        with self._away, transaction(self._connection):
            self._require(known_at)
            found = find_record(self._connection, kind, id)
            if found is None:
                return None
            done = delete_records(self._connection, kind, [found.num], with_contacts)
        self._erase(done.records > 0)
        return done.records

    @property
    def stamp(self) -> Stamp:
        """Which file this store has open."""
        return self._opened.stamp

    def _require(self, position: Position | None) -> None:
        self._opened.check()
        if position is not None and not has_batch(self._connection, position):
            raise StoreReplaced(f"{self._path} is not the database it was: it never was at change {position.seq:,}")

    def _erase(self, deleted: bool = False) -> None:
        """Empty the write-ahead log where a deletion (one `deleted` just now, or before) can still be read in it."""
        self._erasing = self._erasing or deleted
        if not self._erasing:
            return
        self._connection.set_busy_timeout(_ERASE_WAIT_MS)
        try:
            self._connection.wal_checkpoint(mode=apsw.SQLITE_CHECKPOINT_TRUNCATE)
            self._erasing = False
        except apsw.BusyError:
            pass  # a reader is still at it: tried again after the next batch, and when the last connection closes
        finally:
            self._connection.set_busy_timeout(BUSY_MS)

    def contact_counts(self, companies: Sequence[int]) -> dict[int, int]:
        with self._away:
            self._opened.check()
            return count_contacts(self._connection, companies)

    def documents(self, kind: Kind, nums: Sequence[int], known_at: Position | None = None) -> list[bytes | None]:
        with self._away:
            self._require(known_at)
            return read_documents(self._connection, kind, nums)

    def find(self, kind: Kind, id: str) -> Found | None:
        with self._away:
            self._opened.check()
            return find_record(self._connection, kind, id)

    def position(self) -> Position:
        with self._away:
            self._opened.check()
            return read_position(self._connection)

    def has_batch(self, position: Position) -> bool:
        with self._away:
            self._opened.check()
            return has_batch(self._connection, position)

    def changes(self, after: int, limit: int) -> Changes | None:
        with self._away:
            self._opened.check()
            return read_changes(self._connection, after, limit)

    def scan(self, size: int, share: tuple[int, int] = (0, 1)) -> Iterator[Changes]:
        with self._away:
            yield from scan_log(self._path, size, share, self._opened.check)

    def __reduce__(self) -> tuple[object, ...]:
        return _reopen, (self._path.absolute(), self._opened.stamp)

    def follow(self, name: str, seq: int) -> None:
        with self._away:
            self._opened.check()
            register(self._connection, name, seq)

    def counts(self) -> Counts:
        with self._away:
            self._opened.check()
            return read_counts(self._connection)

    def integrity(self) -> list[str]:
        """What is wrong with the database, in words; empty where nothing is. Reads all of it."""
        with self._away, transaction(self._connection, "DEFERRED"):
            self._opened.check()
            return list(faults(self._connection))

    def close(self) -> None:
        self._checkpointer.close()
        with self._away:
            self._opened.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

"""What all stores in SQL databases have in common: the methods of a log over one connection."""

from __future__ import annotations

from abc import ABC, abstractmethod
from array import array
from collections.abc import Callable, Collection, Iterator, Sequence
from functools import partial
from types import TracebackType
from typing import Any, Final, Self

from letrics.collector import no_collection
from letrics.identity.encoded_patches import Again, AnyPatch, EncodedCompany, EncodedContact
from letrics.identity.keys import Key
from letrics.identity.mentions import Mentions
from letrics.identity.patches import CompanyPatch, ContactPatch, RowEffect, Tally
from letrics.normalize.time import DAY_MS, format_time, now, parse_time
from letrics.records import Kind
from letrics.store.base import (
    Changes,
    Counts,
    Deleted,
    Position,
    StoreDescription,
    StoredRecord,
    StoreReplaced,
)
from letrics.store.duplicate_record import Duplicate, DuplicateStatus
from letrics.store.import_record import ImportRecord, ImportStart, ImportStatus, Undone
from letrics.store.name_changes import Judge
from letrics.store.sql import SqlConnection
from letrics.store.tables.batch_writer import BatchWriter, PutSome
from letrics.store.tables.company_table import company_ids
from letrics.store.tables.contact_merges import merge_contacts, undo_merge
from letrics.store.tables.contact_table import contact_ids
from letrics.store.tables.deleting import contacts_by_company, delete_records
from letrics.store.tables.duplicate_reads import count_duplicates, read_duplicate, read_duplicates
from letrics.store.tables.duplicate_table import num_of, pair_of, set_status
from letrics.store.tables.following import read_changes, register
from letrics.store.tables.import_table import (
    check_undoable,
    insert_import,
    read_import,
    read_imports,
    remove_import,
    update_import,
)
from letrics.store.tables.integrity import faults
from letrics.store.tables.journal import drop_journals
from letrics.store.tables.known import digests_of_holders
from letrics.store.tables.leases import acquire_lease, release_lease
from letrics.store.tables.limits import StoreLimits
from letrics.store.tables.log import Numbers, has_batch, last_written, read_position
from letrics.store.tables.lookup import find_record, read_counts, read_documents
from letrics.store.tables.name_watch import NameWatch
from letrics.store.tables.recent import move_on
from letrics.store.tables.undoing import Undoing
from letrics.store.upserting import Upserted, UpsertedRecord

ErasePeople = Callable[[Mentions], None]
"""Erases contacts that were deleted."""
LIMITS: Final = StoreLimits()
"""The limits of a store."""


def erase_nothing(_: Mentions) -> None:
    """Erase contacts of which nothing but the log has data."""


class SqlStore(ABC):
    """One connection to a log in a SQL database; `letrics.store.base.Store` documents the methods.

    Used by one thread at a time and never across a fork. Readers in other threads and processes see only whole batches
    and never wait for the writer. A second writer waits until the first one ends its batch.
    """

    def __init__(
        self,
        connection: SqlConnection,
        limits: StoreLimits = LIMITS,
        clock: Callable[[], str] = now,
        erase_people: ErasePeople = erase_nothing,
    ) -> None:
        self._sql = connection
        self._limits = limits
        self._clock = clock
        self._erase_people = erase_people
        self._away = connection.away()
        self._writer = BatchWriter(connection, limits)
        self._log = read_position(connection).log

    @abstractmethod
    def _check(self) -> None:
        """Raise StoreReplaced where the connection shows, at no cost, that the database is no longer the same one."""

    @abstractmethod
    def _end_batch(self, rows: int, deleted: bool = False) -> None:
        """Do what follows a batch of `rows` rows that was committed. `deleted` says that it deleted records."""

    @abstractmethod
    def _now_ms(self) -> int:
        """The time of the database's clock in milliseconds since 1970."""

    @abstractmethod
    def _bytes(self) -> int:
        """The size of the database on disk."""

    @abstractmethod
    def _damage(self) -> list[str]:
        """Descriptions of what is damaged below the tables, where the database can tell."""

    @abstractmethod
    def scan(self, size: int, share: tuple[int, int] = (0, 1)) -> Iterator[Changes]: ...

    @abstractmethod
    def close(self) -> None: ...

    def put_companies(
        self,
        patches: Sequence[CompanyPatch | EncodedCompany],
        of_import: int | None = None,
        judge: Judge | None = None,
    ) -> Tally:
        return self._put(patches, self._writer.put_some_companies, of_import, judge)

    def put_contacts(
        self,
        patches: Sequence[AnyPatch],
        again: Again | None = None,
        of_import: int | None = None,
        judge: Judge | None = None,
    ) -> Tally:
        return self._put(patches, partial(self._writer.put_some_contacts, again), of_import, judge)

    def _put(self, patches: Sequence[Any], put: PutSome, of_import: int | None, judge: Judge | None) -> Tally:
        """Write one batch, in parts of limited size so that a large batch does not need more memory."""
        watch = None if judge is None else NameWatch(self._sql)
        with self._away, no_collection(), self._sql.writing():
            self._require_log()
            tally = self._writer.put_parts(patches, partial(put, watch=watch), of_import, self._clock())
            if judge is not None and watch is not None:
                watch.judge(judge)
        self._end_batch(len(patches))
        return tally

    def upsert(
        self,
        start: ImportStart,
        patches: Sequence[CompanyPatch | EncodedCompany | ContactPatch | EncodedContact],
        report: dict[str, Any],
    ) -> Upserted:
        effects, merged = list[RowEffect](), dict[int, int]()
        of_companies = start.kind == "companies"
        put: PutSome = (
            partial(self._writer.put_some_companies, effects=effects)
            if of_companies
            else partial(self._writer.put_some_contacts, None, effects=effects)
        )
        with self._away, no_collection(), self._sql.writing():
            self._require_log()
            moment = self._clock()
            id = self._insert_import(start, moment)
            tally = self._writer.put_parts(patches, put, id, moment, merged)
            if tally.changes:
                update_import(self._sql, id, "done", report, moment)
            else:
                remove_import(self._sql, id)
            if of_companies:  # a later row may have merged the company of an earlier one
                effects = [RowEffect(merged.get(num, num), effect) for num, effect in effects]
            read_ids = company_ids if of_companies else contact_ids
            ids = read_ids(self._sql, [num for num, _ in effects])
            records = [UpsertedRecord(ids[num], effect) for num, effect in effects]
        self._end_batch(len(patches))
        return Upserted(records, tally, id if tally.changes else None)

    def start_import(self, start: ImportStart) -> int:
        with self._away, self._sql.writing():
            self._require_log()
            return self._insert_import(start, self._clock())

    def _insert_import(self, start: ImportStart, moment: str) -> int:
        drop_journals(self._sql, format_time(parse_time(moment) - self._limits.undo_days * DAY_MS))
        return insert_import(self._sql, start, moment)

    def update_import(self, id: int, status: ImportStatus, report: dict[str, Any] | None = None) -> None:
        with self._away, self._sql.writing():
            self._require_log()
            update_import(self._sql, id, status, report, self._clock())

    def imports(self, limit: int = 100, before: int | None = None) -> list[ImportRecord]:
        with self._away:
            self._check()
            return read_imports(self._sql, limit, before)

    def find_import(self, id: int) -> ImportRecord:
        with self._away:
            self._check()
            return read_import(self._sql, id)

    def undo_import(self, id: int, limit: int = 10_000) -> Undone:
        with self._away, self._sql.writing():
            self._require_log()
            moment = self._clock()
            check_undoable(self._sql, id, moment)
            numbers = Numbers.read(self._sql)
            seq = numbers.seq
            done = Undoing(self._sql, id, numbers, limit).step()
            update_import(self._sql, id, "undone" if done.finished else "undoing", None, moment)
            if numbers.seq != seq:
                numbers.write(self._sql, moment)
        self._end_batch(0, done.deleted > 0)
        return done

    def duplicates(
        self, status: DuplicateStatus = "open", limit: int = 100, after: int = 0, skip: int = 0
    ) -> list[Duplicate]:
        with self._away, self._sql.reading():
            self._check()
            return read_duplicates(self._sql, status, limit, after, skip)

    def count_duplicates(self, status: DuplicateStatus = "open") -> int:
        with self._away:
            self._check()
            return count_duplicates(self._sql, status)

    def find_duplicate(self, id: int) -> Duplicate:
        with self._away, self._sql.reading():
            self._check()
            return read_duplicate(self._sql, id)

    def dismiss_duplicate(self, some: str, other: str) -> None:
        with self._away, self._sql.writing():
            self._require_log()
            set_status(self._sql, *pair_of(self._sql, some, other), "dismissed", self._clock())

    def merge_contacts(self, kept: str, other: str) -> None:
        self._change_contacts(lambda numbers, now: merge_contacts(self._sql, numbers, kept, other, now))

    def undo_duplicate(self, some: str, other: str) -> None:
        def undo(numbers: Numbers, now: str) -> None:
            one, two = num_of(self._sql, some), num_of(self._sql, other)
            if one == two:
                undo_merge(self._sql, numbers, some, other, now)
            else:
                set_status(self._sql, one, two, "open", now)

        self._change_contacts(undo)

    def _change_contacts(self, change: Callable[[Numbers, str], None]) -> None:
        with self._away, self._sql.writing():
            self._require_log()
            numbers, moment = Numbers.read(self._sql), self._clock()
            seq = numbers.seq
            change(numbers, moment)
            if numbers.seq != seq:
                move_on(self._sql, self._limits.max_recent_keys)
                numbers.write(self._sql, moment)

    def delete(
        self, kind: Kind, nums: Sequence[int], with_contacts: bool = False, judged_at: Position | None = None
    ) -> Deleted:
        people = Mentions()
        with self._away, self._sql.writing():
            self._require_log()
            self._require(judged_at)
            seq = None if judged_at is None else judged_at.seq
            done = delete_records(self._sql, self._clock(), kind, nums, with_contacts, seq, people)
        self._end_batch(0, done.records > 0)
        self._erase_people(people)
        return done

    def delete_id(
        self, kind: Kind, id: str, with_contacts: bool = False, known_at: Position | None = None
    ) -> int | None:
        people = Mentions()
        with self._away, self._sql.writing():
            self._require_log()
            self._require(known_at)
            found = find_record(self._sql, kind, id)
            if found is None:
                return None
            done = delete_records(self._sql, self._clock(), kind, [found.num], with_contacts, people=people)
        self._end_batch(0, done.records > 0)
        self._erase_people(people)
        return done.records

    def _require_log(self) -> None:
        """Raises StoreReplaced where a backup of another database was restored into the file since it was opened: the
        file is the same, its log is not. Costs one row, once a batch."""
        self._check()
        if read_position(self._sql).log != self._log:
            raise StoreReplaced(f"{self._sql.database} was overwritten with another database while it was in use")

    def _require(self, position: Position | None) -> None:
        self._check()
        if position is not None and not has_batch(self._sql, position):
            raise StoreReplaced(
                f"{self._sql.database} was replaced: this database has never been at change {position.seq:,}"
            )

    def contacts_of(self, companies: Sequence[int]) -> tuple[array[int], array[int]]:
        with self._away:
            self._check()
            return contacts_by_company(self._sql, companies)

    def documents(self, kind: Kind, nums: Sequence[int], known_at: Position | None = None) -> list[bytes | None]:
        with self._away:
            self._require(known_at)
            return read_documents(self._sql, kind, nums)

    def find(self, kind: Kind, id: str) -> StoredRecord | None:
        with self._away:
            self._check()
            return find_record(self._sql, kind, id)

    def position(self) -> Position:
        with self._away:
            self._check()
            return read_position(self._sql)

    def has_batch(self, position: Position) -> bool:
        with self._away:
            self._check()
            return has_batch(self._sql, position)

    def changes(self, after: int, limit: int) -> Changes | None:
        with self._away:
            self._check()
            return read_changes(self._sql, after, limit)

    def follow(self, name: str, seq: int) -> None:
        with self._away:
            self._check()
            register(self._sql, name, seq)

    def acquire_lease(self, name: str, holder: str, seconds: float) -> bool:
        with self._away:
            self._check()
            return acquire_lease(self._sql, name, holder, seconds, self._now_ms())

    def release_lease(self, name: str, holder: str) -> None:
        with self._away:
            self._check()
            release_lease(self._sql, name, holder)

    def counts(self) -> Counts:
        with self._away:
            self._check()
            return read_counts(self._sql)

    def digests(self, keys: Collection[Key]) -> dict[int, int]:
        with self._away:
            self._check()
            return digests_of_holders(self._sql, keys)

    def preview_companies(self, patches: Sequence[CompanyPatch | EncodedCompany], judge: Judge | None = None) -> Tally:
        with self._away, no_collection(), self._sql.reading():
            self._check()
            watch, numbers = NameWatch(self._sql), Numbers.read(self._sql)
            tally, _ = self._writer.resolve_companies(patches, numbers, self._clock(), watch=watch)
            if judge is not None:
                watch.judge(judge)
            return tally

    def preview_contacts(
        self, patches: Sequence[ContactPatch | EncodedContact | EncodedCompany], judge: Judge | None = None
    ) -> Tally:
        with self._away, no_collection(), self._sql.reading():
            self._check()
            watch, numbers = NameWatch(self._sql), Numbers.read(self._sql)
            tally, _, _ = self._writer.resolve_contacts(None, patches, numbers, self._clock(), watch=watch)
            if judge is not None:
                watch.judge(judge)
            return tally

    def describe(self) -> StoreDescription:
        with self._away, self._sql.reading():
            self._check()
            written = last_written(self._sql)
            position, counts = read_position(self._sql), read_counts(self._sql)
        return StoreDescription(position, counts, None if written is None else parse_time(written), self._bytes())

    def integrity(self) -> list[str]:
        """Descriptions of all faults of the database; empty if there are none. Reads the whole database."""
        with self._away, self._sql.reading():
            self._check()
            return self._damage() or list(faults(self._sql))

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

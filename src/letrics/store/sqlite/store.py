"""The SQLite implementation of the log store."""

from __future__ import annotations

import time
from array import array
from collections.abc import Callable, Collection, Iterator, Sequence
from dataclasses import replace
from functools import cache, partial
from pathlib import Path
from types import TracebackType
from typing import Any, Final, Self

import apsw

from letrics.collector import no_collection
from letrics.identity.companies import CompanyBatch
from letrics.identity.company_join import CompanyJoin
from letrics.identity.encoded_patches import Again, AnyPatch, EncodedCompany, EncodedContact, decode_company_patch
from letrics.identity.keys import Key
from letrics.identity.mentions import Mentions
from letrics.identity.patches import CompanyPatch, ContactPatch, RowEffect, Tally
from letrics.identity.plan import CompanyPlan, ContactPlan
from letrics.identity.resolver import ContactResolver
from letrics.normalize.time import DAY_MS, format_time, now, parse_time
from letrics.records import Kind
from letrics.store.base import (
    Changes,
    Counts,
    Deleted,
    Position,
    StoreAway,
    StoreDescription,
    StoredRecord,
    StoreReplaced,
)
from letrics.store.connection import BUSY_MS, Away, SqliteConnection, is_filled, open_sqlite, transaction
from letrics.store.duplicate_record import Duplicate, DuplicateStatus
from letrics.store.import_record import ImportRecord, ImportStart, ImportStatus, Undone
from letrics.store.migrate import Migration, Step, load_migrations, migrate
from letrics.store.name_changes import Judge
from letrics.store.opened import OpenedFile, has_moved, remove_stale_log
from letrics.store.sqlite.checkpoint import WAL_PAGES, Checkpointer
from letrics.store.sqlite.profile_keys import replace_profile_keys
from letrics.store.tables.company_joins import join_companies
from letrics.store.tables.company_key_table import add_pages
from letrics.store.tables.company_table import company_ids, write_companies
from letrics.store.tables.contact_merges import merge_contacts, undo_merge
from letrics.store.tables.contact_table import contact_ids, write_contacts
from letrics.store.tables.deleting import contacts_by_company, delete_records
from letrics.store.tables.duplicate_reads import count_duplicates, read_duplicate, read_duplicates
from letrics.store.tables.duplicate_table import add_duplicates, num_of, pair_of, set_status
from letrics.store.tables.following import read_changes, register, scan_log
from letrics.store.tables.identity_reads import SqliteReads
from letrics.store.tables.import_table import (
    add_changes,
    check_undoable,
    insert_import,
    read_import,
    read_imports,
    remove_import,
    update_import,
)
from letrics.store.tables.integrity import faults
from letrics.store.tables.journal import Journal, drop_journals
from letrics.store.tables.known import digests_of_holders
from letrics.store.tables.leases import acquire_lease, release_lease
from letrics.store.tables.limits import StoreLimits
from letrics.store.tables.log import Numbers, has_batch, last_written, read_position
from letrics.store.tables.lookup import find_record, read_counts, read_documents
from letrics.store.tables.name_watch import NameWatch
from letrics.store.tables.recent import move_on
from letrics.store.tables.touched import TouchedRecords
from letrics.store.tables.undoing import Undoing
from letrics.store.upserting import Upserted, UpsertedRecord

_CHECKPOINT_PAGES: Final = 4_000
"""Pages in the write-ahead log at which SQLite copies them into the file, until a large batch raises the number."""
_WAL_BYTES: Final = 64 << 20
"""Bytes to which SQLite truncates the file of the write-ahead log after a checkpoint (64 MiB)."""
_LIMITS: Final = StoreLimits()


_ROWS_AFTER_JOIN: Final = 32
"""The number of rows that are written together after two companies were merged. It doubles with each part without a
merge, because the rows before the next merge are resolved twice."""
ErasePeople = Callable[[Mentions], None]
"""Erases contacts that were deleted."""


def _erase_nothing(_: Mentions) -> None:
    pass


_PutSome = Callable[..., Tally]
"""Writes a part of a batch: takes the patches, the counters, the time and the journal."""

_STEPS: Final[dict[str, Step]] = {"linkedin_profiles": replace_profile_keys, "company_keys": add_pages}
"""The steps of migrations, by name."""


@cache
def _migrations() -> tuple[Migration, ...]:
    return load_migrations("letrics.store.sqlite.migrations", _STEPS)


class SqliteStore:
    """One connection to a log in a SQLite file; `letrics.store.base.Store` documents the methods.

    Used by one thread at a time and never across a fork. Readers in other threads and processes see only whole batches
    and never wait for the writer. A second writer waits until the first one ends its batch.
    """

    def __init__(
        self,
        path: Path,
        connection: SqliteConnection,
        limits: StoreLimits = _LIMITS,
        clock: Callable[[], str] = now,
        erase_people: ErasePeople = _erase_nothing,
    ) -> None:
        self._path = path
        self._connection = connection
        self._limits = limits
        self._clock = clock
        self._erase_people = erase_people
        self._opened = OpenedFile(path, connection)
        self._log = read_position(connection).log
        self._away = Away(path)
        self._erasing = False
        self._touched: tuple[int, TouchedRecords] | None = None
        self._checkpointer = Checkpointer(path)

    @classmethod
    def open(
        cls,
        path: Path,
        *,
        create: bool = True,
        read_only: bool = False,
        limits: StoreLimits = _LIMITS,
        clock: Callable[[], str] = now,
        busy_ms: int = BUSY_MS,
        erase_people: ErasePeople = _erase_nothing,
    ) -> SqliteStore:
        """Open the log at `path`, and upgrade an older file to this version's schema. `clock` dates the changes.
        `busy_ms` is how long a locked file is waited for. `erase_people` is called with contacts that were deleted, to
        erase them where the data directory has them besides the log.

        Raises StoreAway if the file cannot be used, or does not exist and `create` is false. Raises StoreTooNew if a
        newer version wrote it. Once open, every method raises StoreReplaced after the file was removed or replaced.
        """
        if (read_only or not create) and not is_filled(path):
            raise StoreAway(
                f"there is no database at {path}: create it with an import, for example `letrics import companies.csv`"
            )
        remove_stale_log(path)
        connection = open_sqlite(path, create=create, read_only=read_only, busy_ms=busy_ms)
        try:
            with Away(path):
                if not read_only:
                    connection.pragma("secure_delete", "ON")
                    connection.pragma("journal_size_limit", _WAL_BYTES)
                    connection.wal_autocheckpoint(_CHECKPOINT_PAGES)
                migrate(connection, _migrations())
                return cls(path, connection, limits, clock, erase_people)
        except BaseException:
            connection.close(True)
            raise

    def put_companies(
        self,
        patches: Sequence[CompanyPatch | EncodedCompany],
        of_import: int | None = None,
        judge: Judge | None = None,
    ) -> Tally:
        return self._put(patches, self._put_some_companies, of_import, judge)

    def put_contacts(
        self,
        patches: Sequence[AnyPatch],
        again: Again | None = None,
        of_import: int | None = None,
        judge: Judge | None = None,
    ) -> Tally:
        return self._put(patches, partial(self._put_some_contacts, again), of_import, judge)

    def _put(self, patches: Sequence[Any], put: _PutSome, of_import: int | None, judge: Judge | None) -> Tally:
        """Write one batch, in parts of limited size so that a large batch does not need more memory."""
        watch = None if judge is None else NameWatch(self._connection)
        with self._away, no_collection(), transaction(self._connection):
            self._require_log()
            tally = self._put_parts(patches, partial(put, watch=watch), of_import, self._clock())
            if judge is not None and watch is not None:
                watch.judge(judge)
        self._erase()
        if len(patches) >= self._limits.large_batch_rows:
            self._connection.wal_autocheckpoint(WAL_PAGES)
            self._checkpointer.wake()
        return tally

    def _put_parts(
        self, patches: Sequence[Any], put: _PutSome, of_import: int | None, moment: str,
        merged: dict[int, int] | None = None,
    ) -> Tally:  # fmt: skip
        """Write the parts of a batch inside a transaction. Adds the companies that are merged to `merged`, each with
        the one that it is merged into."""
        tally = Tally()
        journal = None if of_import is None else Journal(self._connection, of_import, self._touched_by(of_import))
        numbers = Numbers.read(self._connection)
        no_company, start, size = numbers.no_company, 0, self._limits.rows_in_memory
        while start < len(patches):
            part = patches[start : start + size]
            join = self._put_part(part, put, numbers, moment, journal, tally)
            if join is None:
                start += len(part)
                size = min(2 * size, self._limits.rows_in_memory)
                continue
            if join.place:
                self._put_part(part[: join.place], put, numbers, moment, journal, tally)
            self._join(join, numbers, moment, journal)
            tally.companies_merged += 1
            if merged is not None:
                merged[join.gone] = join.kept
            start += join.place
            size = min(_ROWS_AFTER_JOIN, self._limits.rows_in_memory)
        if of_import is not None:
            add_changes(self._connection, of_import, tally, moment)
        if tally.changes:
            move_on(self._connection, self._limits.max_recent_keys)
            numbers.write(self._connection, moment)
        elif numbers.no_company != no_company:
            numbers.write_no_company(self._connection)
        return tally

    def _touched_by(self, of_import: int) -> TouchedRecords:
        """What this connection has put for an import. Only those of the last import are known."""
        if self._touched is None or self._touched[0] != of_import:
            self._touched = of_import, TouchedRecords()
        return self._touched[1]

    def _put_part(
        self, part: Sequence[Any], put: _PutSome, numbers: Numbers, moment: str, journal: Journal | None, tally: Tally
    ) -> CompanyJoin | None:  # fmt: skip
        """Write a part of a batch, and count it. Writes nothing and returns the join if a row names two companies."""
        before = replace(numbers)
        try:
            tally.add(put(part, numbers, moment, journal))
        except CompanyJoin as join:
            numbers.reset(before)
            return join
        if journal is not None and numbers.seq != before.seq:
            journal.note_batch(before, numbers)
        return None

    def _join(self, join: CompanyJoin, numbers: Numbers, moment: str, journal: Journal | None) -> None:
        before = replace(numbers)
        join_companies(self._connection, numbers, join.kept, join.gone, moment, journal)
        if journal is not None:
            journal.note_batch(before, numbers)
            journal.touched.companies.join(join.kept, join.gone)

    def upsert(
        self,
        start: ImportStart,
        patches: Sequence[CompanyPatch | EncodedCompany | ContactPatch | EncodedContact],
        report: dict[str, Any],
    ) -> Upserted:
        effects, merged = list[RowEffect](), dict[int, int]()
        of_companies = start.kind == "companies"
        put: _PutSome = (
            partial(self._put_some_companies, effects=effects)
            if of_companies
            else partial(self._put_some_contacts, None, effects=effects)
        )
        with self._away, no_collection(), transaction(self._connection):
            self._require_log()
            moment = self._clock()
            id = self._insert_import(start, moment)
            tally = self._put_parts(patches, put, id, moment, merged)
            if tally.changes:
                update_import(self._connection, id, "done", report, moment)
            else:
                remove_import(self._connection, id)
            if of_companies:  # a later row may have merged the company of an earlier one
                effects = [RowEffect(merged.get(num, num), effect) for num, effect in effects]
            read_ids = company_ids if of_companies else contact_ids
            ids = read_ids(self._connection, [num for num, _ in effects])
            records = [UpsertedRecord(ids[num], effect) for num, effect in effects]
        self._erase()
        return Upserted(records, tally, id if tally.changes else None)

    def _put_some_companies(
        self,
        patches: Sequence[CompanyPatch | EncodedCompany],
        numbers: Numbers,
        now: str,
        journal: Journal | None,
        effects: list[RowEffect] | None = None,
        watch: NameWatch | None = None,
    ) -> Tally:
        tally, plan = self._resolve_companies(patches, numbers, now, effects, watch, joins=True)
        self._write(numbers, plan, None, journal)
        if journal is not None:
            tally.merged = journal.touched.companies.note(plan.rows, plan.new_nums)
        return tally

    def _resolve_companies(
        self,
        patches: Sequence[CompanyPatch | EncodedCompany],
        numbers: Numbers,
        now: str,
        effects: list[RowEffect] | None = None,
        watch: NameWatch | None = None,
        joins: bool = False,
    ) -> tuple[Tally, CompanyPlan]:
        first_new = numbers.next_company
        companies = CompanyBatch(SqliteReads(self._connection), numbers, now, joins)
        if watch is not None and effects is None:
            effects = []
        tally = companies.put_all([decode_company_patch(patch) for patch in patches], effects)
        plan = companies.plan()
        if watch is not None and effects is not None:
            watch.note_companies(first_new, [num for num, _ in effects], plan)
        return tally, plan

    def _put_some_contacts(
        self,
        again: Again | None,
        patches: Sequence[AnyPatch],
        numbers: Numbers,
        now: str,
        journal: Journal | None,
        effects: list[RowEffect] | None = None,
        watch: NameWatch | None = None,
    ) -> Tally:
        tally, companies, contacts = self._resolve_contacts(again, patches, numbers, now, effects, watch, joins=True)
        self._write(numbers, companies, contacts, journal)
        if journal is not None:
            tally.merged = journal.touched.contacts.note(contacts.rows, contacts.new.nums)
        if contacts.duplicates:
            tally.duplicates = add_duplicates(self._connection, contacts.duplicates, now)
        return tally

    def _resolve_contacts(
        self,
        again: Again | None,
        patches: Sequence[AnyPatch],
        numbers: Numbers,
        now: str,
        effects: list[RowEffect] | None = None,
        watch: NameWatch | None = None,
        joins: bool = False,
    ) -> tuple[Tally, CompanyPlan, ContactPlan]:
        first_company, first_contact = numbers.next_company, numbers.next_contact
        reads = SqliteReads(self._connection)
        companies = CompanyBatch(reads, numbers, now, joins)
        if watch is not None and effects is None:
            effects = []
        tally, contacts = ContactResolver(reads, numbers, companies, now, again).resolve(patches, effects)
        plan = companies.plan()
        if watch is not None and effects is not None:
            watch.note_contacts(first_contact, [num for num, _ in effects], contacts)
            watch.note_companies(first_company, companies.known_nums(), plan)
        return tally, plan, contacts

    def _write(
        self, numbers: Numbers, companies: CompanyPlan, contacts: ContactPlan | None, journal: Journal | None
    ) -> None:
        if journal is not None:
            journal.note_companies(companies)
        write_companies(self._connection, numbers, companies)
        if contacts is not None:
            if journal is not None:
                journal.note_contacts(contacts)
            write_contacts(self._connection, numbers, contacts)

    def start_import(self, start: ImportStart) -> int:
        with self._away, transaction(self._connection):
            self._require_log()
            return self._insert_import(start, self._clock())

    def _insert_import(self, start: ImportStart, moment: str) -> int:
        drop_journals(self._connection, format_time(parse_time(moment) - self._limits.undo_days * DAY_MS))
        return insert_import(self._connection, start, moment)

    def update_import(self, id: int, status: ImportStatus, report: dict[str, Any] | None = None) -> None:
        with self._away, transaction(self._connection):
            self._require_log()
            update_import(self._connection, id, status, report, self._clock())

    def imports(self, limit: int = 100, before: int | None = None) -> list[ImportRecord]:
        with self._away:
            self._opened.check()
            return read_imports(self._connection, limit, before)

    def find_import(self, id: int) -> ImportRecord:
        with self._away:
            self._opened.check()
            return read_import(self._connection, id)

    def undo_import(self, id: int, limit: int = 10_000) -> Undone:
        with self._away, transaction(self._connection):
            self._require_log()
            moment = self._clock()
            check_undoable(self._connection, id, moment)
            numbers = Numbers.read(self._connection)
            seq = numbers.seq
            done = Undoing(self._connection, id, numbers, limit).step()
            update_import(self._connection, id, "undone" if done.finished else "undoing", None, moment)
            if numbers.seq != seq:
                numbers.write(self._connection, moment)
        self._erase(done.deleted > 0)
        return done

    def duplicates(
        self, status: DuplicateStatus = "open", limit: int = 100, after: int = 0, skip: int = 0
    ) -> list[Duplicate]:
        with self._away, transaction(self._connection, "DEFERRED"):
            self._opened.check()
            return read_duplicates(self._connection, status, limit, after, skip)

    def count_duplicates(self, status: DuplicateStatus = "open") -> int:
        with self._away:
            self._opened.check()
            return count_duplicates(self._connection, status)

    def find_duplicate(self, id: int) -> Duplicate:
        with self._away, transaction(self._connection, "DEFERRED"):
            self._opened.check()
            return read_duplicate(self._connection, id)

    def dismiss_duplicate(self, some: str, other: str) -> None:
        with self._away, transaction(self._connection):
            self._require_log()
            set_status(self._connection, *pair_of(self._connection, some, other), "dismissed", self._clock())

    def merge_contacts(self, kept: str, other: str) -> None:
        self._change_contacts(lambda numbers, now: merge_contacts(self._connection, numbers, kept, other, now))

    def undo_duplicate(self, some: str, other: str) -> None:
        def undo(numbers: Numbers, now: str) -> None:
            one, two = num_of(self._connection, some), num_of(self._connection, other)
            if one == two:
                undo_merge(self._connection, numbers, some, other, now)
            else:
                set_status(self._connection, one, two, "open", now)

        self._change_contacts(undo)

    def _change_contacts(self, change: Callable[[Numbers, str], None]) -> None:
        with self._away, transaction(self._connection):
            self._require_log()
            numbers, moment = Numbers.read(self._connection), self._clock()
            seq = numbers.seq
            change(numbers, moment)
            if numbers.seq != seq:
                move_on(self._connection, self._limits.max_recent_keys)
                numbers.write(self._connection, moment)

    def delete(
        self, kind: Kind, nums: Sequence[int], with_contacts: bool = False, judged_at: Position | None = None
    ) -> Deleted:
        """Delete records as `Store.delete` does, and erase their data from the file.

        SQLite's secure_delete overwrites freed space with zeros, and tombstones contain only numbers. The write-ahead
        log still has the old pages, so it is emptied at once, or after the next batch if a reader in another process is
        using it. Copies elsewhere (backups, file system snapshots) are not erased.
        """
        people = Mentions()
        with self._away, transaction(self._connection):
            self._require_log()
            self._require(judged_at)
            seq = None if judged_at is None else judged_at.seq
            done = delete_records(self._connection, self._clock(), kind, nums, with_contacts, seq, people)
        self._erase(done.records > 0)
        self._erase_people(people)
        return done

    def delete_id(
        self, kind: Kind, id: str, with_contacts: bool = False, known_at: Position | None = None
    ) -> int | None:
        people = Mentions()
        with self._away, transaction(self._connection):
            self._require_log()
            self._require(known_at)
            found = find_record(self._connection, kind, id)
            if found is None:
                return None
            done = delete_records(self._connection, self._clock(), kind, [found.num], with_contacts, people=people)
        self._erase(done.records > 0)
        self._erase_people(people)
        return done.records

    def _require_log(self) -> None:
        """Raises StoreReplaced where a backup of another database was restored into the file since it was opened: the
        file is the same, its log is not. Costs one row, once a batch."""
        self._opened.check()
        if read_position(self._connection).log != self._log:
            raise StoreReplaced(f"{self._path} was overwritten with another database while it was in use")

    def _require(self, position: Position | None) -> None:
        self._opened.check()
        if position is not None and not has_batch(self._connection, position):
            raise StoreReplaced(f"{self._path} was replaced: this database has never been at change {position.seq:,}")

    def _erase(self, deleted: bool = False) -> None:
        """Empty the write-ahead log if it may still contain deleted data, from the current batch (`deleted`) or
        before."""
        self._erasing = self._erasing or deleted
        if not self._erasing:
            return
        self._connection.set_busy_timeout(self._limits.erase_wait_ms)
        try:
            self._connection.wal_checkpoint(mode=apsw.SQLITE_CHECKPOINT_TRUNCATE)
            self._erasing = False
        except apsw.BusyError:
            pass  # a reader uses the log: retried after the next batch, and when the last connection closes
        finally:
            self._connection.set_busy_timeout(BUSY_MS)

    def contacts_of(self, companies: Sequence[int]) -> tuple[array[int], array[int]]:
        with self._away:
            self._opened.check()
            return contacts_by_company(self._connection, companies)

    def documents(self, kind: Kind, nums: Sequence[int], known_at: Position | None = None) -> list[bytes | None]:
        with self._away:
            self._require(known_at)
            return read_documents(self._connection, kind, nums)

    def find(self, kind: Kind, id: str) -> StoredRecord | None:
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
            self._opened.check()  # before opening: for a missing file, opening would raise StoreAway instead
            connection = open_sqlite(self._path, read_only=True)
            try:
                self._opened.check()
                if has_moved(connection):
                    raise StoreReplaced(f"{self._path} was replaced by another file while it was in use")
                yield from scan_log(connection, size, share)
            finally:
                connection.close()

    def follow(self, name: str, seq: int) -> None:
        with self._away:
            self._opened.check()
            register(self._connection, name, seq)

    def acquire_lease(self, name: str, holder: str, seconds: float) -> bool:
        with self._away:
            self._opened.check()
            return acquire_lease(self._connection, name, holder, seconds, time.time_ns() // 1_000_000)

    def release_lease(self, name: str, holder: str) -> None:
        with self._away:
            self._opened.check()
            release_lease(self._connection, name, holder)

    def counts(self) -> Counts:
        with self._away:
            self._opened.check()
            return read_counts(self._connection)

    def digests(self, keys: Collection[Key]) -> dict[int, int]:
        with self._away:
            self._opened.check()
            return digests_of_holders(self._connection, keys)

    def preview_companies(self, patches: Sequence[CompanyPatch | EncodedCompany], judge: Judge | None = None) -> Tally:
        with self._away, no_collection(), transaction(self._connection, "DEFERRED"):
            self._opened.check()
            watch, numbers = NameWatch(self._connection), Numbers.read(self._connection)
            tally, _ = self._resolve_companies(patches, numbers, self._clock(), watch=watch)
            if judge is not None:
                watch.judge(judge)
            return tally

    def preview_contacts(
        self, patches: Sequence[ContactPatch | EncodedContact | EncodedCompany], judge: Judge | None = None
    ) -> Tally:
        with self._away, no_collection(), transaction(self._connection, "DEFERRED"):
            self._opened.check()
            watch, numbers = NameWatch(self._connection), Numbers.read(self._connection)
            tally, _, _ = self._resolve_contacts(None, patches, numbers, self._clock(), watch=watch)
            if judge is not None:
                watch.judge(judge)
            return tally

    def describe(self) -> StoreDescription:
        """See Reader. The size includes the write-ahead log and its index."""
        with self._away, transaction(self._connection, "DEFERRED"):
            self._opened.check()
            written = last_written(self._connection)
            position, counts = read_position(self._connection), read_counts(self._connection)
        files = [self._path.with_name(self._path.name + end) for end in ("", "-wal", "-shm")]
        size = sum(file.stat().st_size for file in files if file.exists())
        return StoreDescription(position, counts, None if written is None else parse_time(written), size)

    def integrity(self) -> list[str]:
        """Descriptions of all faults of the database; empty if there are none. Reads the whole database."""
        with self._away, transaction(self._connection, "DEFERRED"):
            self._opened.check()
            damage = [str(row[0]) for row in self._connection.execute("PRAGMA quick_check")]
            if damage != ["ok"]:
                return [f"the file is damaged: {words}" for words in damage]
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

"""What all stores in SQL databases have in common: the writes of a log over one connection."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Callable, Sequence
from functools import partial
from typing import Any, TypeVar

from letrics.collector import no_collection
from letrics.identity.encoded_patches import AnyPatch, EncodedCompany, EncodedContact
from letrics.identity.identities import Identity, read_identity
from letrics.identity.keys import id_key
from letrics.identity.mentions import Mentions
from letrics.identity.patches import CompanyPatch, ContactPatch, RowEffect, Tally
from letrics.normalize.time import DAY_MS, format_time, now, parse_time
from letrics.records import Kind
from letrics.store.base import Deleted, Position, StoreReplaced
from letrics.store.forgotten_list import Forgotten, ForgottenList
from letrics.store.import_record import ImportStart, ImportStatus, Undone
from letrics.store.name_changes import Judge
from letrics.store.sql import SqlConnection
from letrics.store.tables.batch_writer import PutSome
from letrics.store.tables.company_table import company_ids
from letrics.store.tables.contact_merges import merge_contacts, undo_merge
from letrics.store.tables.contact_table import contact_ids
from letrics.store.tables.deleting import delete_records
from letrics.store.tables.duplicate_table import num_of, pair_of, set_status
from letrics.store.tables.following import register
from letrics.store.tables.forgetting import find_listed, forget_contacts, forget_listed
from letrics.store.tables.forgotten_table import merge_list, read_forgotten, read_list, remove_forgotten
from letrics.store.tables.import_table import check_undoable, insert_import, remove_import, update_import
from letrics.store.tables.journal import drop_journals
from letrics.store.tables.leases import acquire_lease, release_lease
from letrics.store.tables.log import Numbers, read_log_id
from letrics.store.tables.lookup import find_record
from letrics.store.tables.name_watch import NameWatch
from letrics.store.tables.recent import move_on
from letrics.store.tables.repairing import repair_tables
from letrics.store.tables.set_aside import SetAside
from letrics.store.tables.sql_reader import LIMITS, SqlReader
from letrics.store.tables.store_limits import StoreLimits
from letrics.store.tables.undoing import Undoing, verify_journal
from letrics.store.upserting import Upserted, UpsertedRecord

_Effect = TypeVar("_Effect")
ErasePeople = Callable[[Mentions], None]
"""Erases contacts that were deleted."""


def erase_nothing(_: Mentions) -> None:
    """Erase contacts of which nothing but the log has data."""


class SqlStore(SqlReader):
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
        super().__init__(connection, limits, clock)
        self._erase_people = erase_people

    @property
    def sql(self) -> SqlConnection:
        """The connection, for what is done to the tables as such."""
        return self._sql

    @abstractmethod
    def _end_batch(self, rows: int, deleted: bool = False) -> None:
        """Do what follows a batch of `rows` rows that was committed. `deleted` says that it deleted records."""

    @abstractmethod
    def settle_erasure(self) -> bool: ...

    @abstractmethod
    def now_ms(self) -> int:
        """The time of the database's clock in milliseconds since 1970."""

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
        of_import: int | None = None,
        judge: Judge | None = None,
    ) -> Tally:
        return self._put(patches, self._writer.put_some_contacts, of_import, judge)

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
            else partial(self._writer.put_some_contacts, effects=effects)
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
            records = [UpsertedRecord(ids.get(num, ""), effect) for num, effect in effects]
        self._end_batch(len(patches))
        return Upserted(records, tally, id if tally.changes else None)

    def start_import(self, start: ImportStart) -> int:
        with self._away, self._sql.writing():
            self._require_log()
            return self._insert_import(start, self._clock())

    def _insert_import(self, start: ImportStart, moment: str) -> int:
        id = insert_import(self._sql, start, moment)  # first: the highest id must not be given twice
        drop_journals(self._sql, format_time(parse_time(moment) - self._limits.undo_days * DAY_MS))
        return id

    def repair(self, set_aside: SetAside) -> list[str]:
        """Repair the tables as `repair_tables` does, as one batch; returns what was done. Raises StoreAway."""
        with self._away, no_collection(), self._sql.writing():
            self._require_log()
            done = [*self._repair_file(), *repair_tables(self._sql, self._clock(), set_aside)]
            self._log = read_log_id(self._sql)
        self._end_batch(0, deleted=True)
        return done

    def _repair_file(self) -> list[str]:
        """Repair what the database has besides the rows of tables, inside the caller's transaction."""
        return []

    def update_import(self, id: int, status: ImportStatus, report: dict[str, Any] | None = None) -> None:
        with self._away, self._sql.writing():
            self._require_log()
            update_import(self._sql, id, status, report, self._clock())

    def undo_import(self, id: int, limit: int = 10_000) -> Undone:
        with self._away, self._sql.writing():
            self._require_log()
            moment = self._clock()
            if check_undoable(self._sql, id, moment) != "undoing":
                verify_journal(self._sql, id)
            numbers = Numbers.read(self._sql)
            seq = numbers.seq
            done = Undoing(self._sql, id, numbers, limit).step()
            update_import(self._sql, id, "undone" if done.finished else "undoing", None, moment)
            if numbers.seq != seq:
                numbers.write(self._sql, moment)
        self._end_batch(0, done.deleted > 0)
        return done

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

    def forget(self, nums: Sequence[int], identities: Sequence[str] = ()) -> Forgotten:
        given = [read_identity(text) for text in identities]
        return self._forget(lambda people: forget_contacts(self._sql, self._clock(), nums, given, people))

    def forget_id(self, id: str, known_at: Position | None = None) -> Forgotten | None:
        def forget(people: Mentions) -> Forgotten | None:
            self._require(known_at)
            found = find_record(self._sql, "contacts", id)
            given = [Identity((id_key(id),), id)]  # also if the document is damaged
            return None if found is None else forget_contacts(self._sql, self._clock(), [found.num], given, people)

        return self._forget(forget)

    def _forget(self, forget: Callable[[Mentions], _Effect]) -> _Effect:
        people = Mentions()
        with self._away, self._sql.writing():
            self._require_log()
            done = forget(people)
        self._end_batch(0, deleted=True)
        self._erase_people(people)
        self.settle_erasure()
        return done

    def allow(self, identities: Sequence[str]) -> int:
        keys = [key for text in identities for key in read_identity(text).keys]
        with self._away, self._sql.writing():
            self._require_log()
            return remove_forgotten(self._sql, read_forgotten(self._sql).known(keys))

    def forgotten_list(self) -> ForgottenList:
        with self._away, self._sql.reading():
            self._check()
            return read_list(self._sql)

    def merge_forgotten(self, other: ForgottenList) -> Forgotten:
        with self._away, self._sql.writing():
            self._require_log()
            added = merge_list(self._sql, other)
        with self._away, self._sql.reading():
            listed = find_listed(self._sql)
        done = self._forget(lambda people: forget_listed(self._sql, self._clock(), listed, people))
        return Forgotten(done.contacts, added, done.companies)

    def _require_log(self) -> None:
        """Raises StoreReplaced where a backup of another database was restored into the file since it was opened: the
        file is the same, its log is not. Costs one row, once a batch."""
        self._check()
        if read_log_id(self._sql) != self._log:
            raise StoreReplaced(f"{self._sql.database} was overwritten with another database while it was in use")

    def follow(self, name: str, seq: int) -> None:
        with self._away:
            self._check()
            register(self._sql, name, seq, self.now_ms())

    def acquire_lease(self, name: str, holder: str, seconds: float) -> bool:
        with self._away:
            self._check()
            return acquire_lease(self._sql, name, holder, seconds, self.now_ms())

    def release_lease(self, name: str, holder: str) -> None:
        with self._away:
            self._check()
            release_lease(self._sql, name, holder)

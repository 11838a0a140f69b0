"""What all stores in SQL databases have in common: the reads of a log over one connection."""

from __future__ import annotations

from abc import ABC, abstractmethod
from array import array
from collections.abc import Callable, Collection, Iterator, Sequence
from types import TracebackType
from typing import Final, Self

from letrics.collector import no_collection
from letrics.identity.encoded_patches import EncodedCompany, EncodedContact
from letrics.identity.identities import read_identity
from letrics.identity.keys import Key
from letrics.identity.patches import CompanyPatch, ContactPatch, Tally
from letrics.identity.sifting import mentions
from letrics.normalize.time import now, parse_time
from letrics.records import Kind
from letrics.store.base import (
    Changes,
    Counts,
    FoundDocuments,
    Position,
    StoreDescription,
    StoredRecord,
    StoreReplaced,
)
from letrics.store.duplicate_record import Duplicate, DuplicateStatus
from letrics.store.forgotten_list import Erasures, ForgottenDay
from letrics.store.import_record import ImportEffect, ImportRecord
from letrics.store.name_changes import Judge
from letrics.store.sql import SqlConnection, read_rows
from letrics.store.tables.batch_writer import BatchWriter
from letrics.store.tables.deleting import contacts_by_company
from letrics.store.tables.duplicate_reads import count_duplicates, read_duplicate, read_duplicates
from letrics.store.tables.following import read_changes
from letrics.store.tables.forgetting import find_people
from letrics.store.tables.forgotten_table import forgotten_days, read_erasures
from letrics.store.tables.import_table import read_import, read_imports
from letrics.store.tables.journal import imports_of
from letrics.store.tables.known import digests_of_holders
from letrics.store.tables.log import Numbers, has_batch, last_written, read_log_id, read_position
from letrics.store.tables.lookup import NO_CHANGE_IS_LATER, find_record, read_counts, read_documents, read_found
from letrics.store.tables.name_watch import NameWatch
from letrics.store.tables.store_limits import StoreLimits

LIMITS: Final = StoreLimits()
"""The limits of a store."""


class SqlReader(ABC):
    """One connection to a log in a SQL database; `letrics.store.base.Store` documents the methods."""

    def __init__(self, connection: SqlConnection, limits: StoreLimits = LIMITS, clock: Callable[[], str] = now) -> None:
        self._sql = connection
        self._limits = limits
        self._clock = clock
        self._away = connection.away()
        self._writer = BatchWriter(connection, limits)
        self._log = read_log_id(connection)

    @abstractmethod
    def _check(self) -> None:
        """Raise StoreReplaced where the connection shows, at no cost, that the database is no longer the same one."""

    @abstractmethod
    def _bytes(self) -> int:
        """The size of the database on disk."""

    @abstractmethod
    def scan(self, size: int, share: tuple[int, int] = (0, 1)) -> Iterator[Changes]: ...

    @abstractmethod
    def integrity(self) -> list[str]: ...

    @abstractmethod
    def close(self) -> None: ...

    def imports(self, limit: int = 100, before: int | None = None, upserts: bool = True) -> list[ImportRecord]:
        with self._away:
            self._check()
            return read_imports(self._sql, limit, before, upserts)

    def find_import(self, id: int) -> ImportRecord:
        with self._away:
            self._check()
            return read_import(self._sql, id)

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

    def find_people(self, identity: str) -> list[int]:
        keys = read_identity(identity).keys
        with self._away, self._sql.reading():
            self._check()
            return find_people(self._sql, keys)

    def imports_of(self, num: int) -> list[tuple[int, ImportEffect]]:
        with self._away, self._sql.reading():
            self._check()
            return imports_of(self._sql, num)

    def former_ids(self, num: int) -> list[str]:
        with self._away:
            self._check()
            found = read_rows(self._sql, "SELECT id FROM former_id WHERE num = ? ORDER BY id", (num,))
            return [id for (id,) in found]

    def mentions_forgotten(self, texts: Sequence[str]) -> list[bool]:
        with self._away:
            self._check()
            people = self._writer.forgotten.read(self._sql)
            return [bool(people) and mentions(people, text) for text in texts]

    def forgotten_days(self) -> list[ForgottenDay]:
        with self._away:
            self._check()
            return forgotten_days(self._sql)

    def erasures(self) -> Erasures:
        with self._away:
            self._check()
            return read_erasures(self._sql)

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

    def found_documents(self, kind: Kind, nums: Sequence[int], found_at: Position | None) -> FoundDocuments:
        with self._away:
            self._require(found_at)
            return read_found(self._sql, kind, nums, NO_CHANGE_IS_LATER if found_at is None else found_at.seq)

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
            tally, _, _ = self._writer.resolve_contacts(patches, numbers, self._clock(), watch=watch)
            if judge is not None:
                watch.judge(judge)
            return tally

    def describe(self) -> StoreDescription:
        with self._away, self._sql.reading():
            self._check()
            written = last_written(self._sql)
            position, counts = read_position(self._sql), read_counts(self._sql)
        return StoreDescription(position, counts, None if written is None else parse_time(written), self._bytes())

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

"""An in-memory store, and an engine that scans every record: slow, small, and sufficient to test the API alone."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Self

import msgspec

from letrics.engines.base import EngineLoading, SearchRequest, SearchResult
from letrics.records import Company, ContactBody, Kind, encode, join_company
from letrics.store.base import Counts, FoundDocuments, HasContacts, Position, StoreAway, StoreDescription, StoredRecord
from letrics.store.forgotten_list import Forgotten
from letrics.store.import_record import ImportRecord, NotUndoable, Undone, UnknownImport
from tests.api.plain_pairs import PlainPairs
from tests.naive.engine import NaiveEngine
from tests.naive.records import Records


class PlainStore(PlainPairs):
    """The part of Store that the API uses.

    `away` makes every call fail. `before_documents` is called with the nums of each read, and may raise. `log` has the
    imports by id, and `undone` what undoing one of them reports.
    """

    def __init__(self, companies: Sequence[Company], contacts: Sequence[tuple[ContactBody, str]]) -> None:
        super().__init__()
        self.companies: dict[int, Company] = dict(enumerate(companies))
        self.contacts: dict[int, tuple[ContactBody, str]] = dict(enumerate(contacts))
        self.away = False
        self.forgotten = 0
        self.log: dict[int, ImportRecord] = {}
        self.undone = Undone()
        self.before_documents: Callable[[Sequence[int]], object] = lambda nums: None
        self.seq = len(companies) + len(contacts)

    def _reach(self) -> None:
        if self.away:
            raise StoreAway("/var/lib/secret.db cannot be opened")

    def company(self, domain: str) -> tuple[int, Company]:
        return next((num, company) for num, company in self.companies.items() if company.domain == domain)

    def document(self, kind: Kind, num: int) -> bytes | None:
        if kind == "companies":
            return encode(self.companies[num]) if num in self.companies else None
        if num not in self.contacts:
            return None
        body, domain = self.contacts[num]
        return join_company(encode(body), encode(self.company(domain)[1]))

    def documents(self, kind: Kind, nums: Sequence[int], known_at: Position | None = None) -> list[bytes | None]:
        self._reach()
        self.before_documents(nums)
        return [self.document(kind, num) for num in nums]

    def found_documents(self, kind: Kind, nums: Sequence[int], found_at: Position | None) -> FoundDocuments:
        """Any document may have changed."""
        return FoundDocuments(self.documents(kind, nums, found_at), range(len(nums)) if found_at is not None else ())

    def find(self, kind: Kind, id: str) -> StoredRecord | None:
        self._reach()
        held = sum(domain == id for _, domain in self.contacts.values()) if kind == "companies" else 0
        records = self.companies.items() if kind == "companies" else ((n, c[0]) for n, c in self.contacts.items())
        for num, record in records:
            if record.id == id:
                return StoredRecord(num, self.document(kind, num) or b"", held)
        return None

    def delete_id(
        self, kind: Kind, id: str, with_contacts: bool = False, known_at: Position | None = None
    ) -> int | None:
        found = self.find(kind, id)
        if found is None:
            return None
        self.seq += 1
        if kind == "contacts":
            del self.contacts[found.num]
            return 1
        domain = self.companies[found.num].id
        held = [n for n, (_, of) in self.contacts.items() if of == domain]
        if held and not with_contacts:
            raise HasContacts(domain, len(held))
        for contact in held:
            del self.contacts[contact]
        del self.companies[found.num]
        return 1 + len(held)

    def forget_id(self, id: str, known_at: Position | None = None) -> Forgotten | None:
        deleted = self.delete_id("contacts", id)
        self.forgotten += deleted or 0
        return None if deleted is None else Forgotten(deleted, 1)

    def position(self) -> Position:
        self._reach()
        return Position("plain", self.seq, "batch")

    def has_batch(self, position: Position) -> bool:
        self._reach()
        return position.log == "plain"

    def counts(self) -> Counts:
        self._reach()
        return Counts(len(self.companies), len(self.contacts), 100, 100)

    def describe(self) -> StoreDescription:
        self._reach()
        return StoreDescription(self.position(), self.counts(), None, 0)

    def imports(self, limit: int = 100, before: int | None = None, upserts: bool = True) -> list[ImportRecord]:
        self._reach()
        newest = sorted(self.log.values(), key=lambda record: -record.id)
        newest = [record for record in newest if upserts or record.file != "upsert"]
        return [record for record in newest if before is None or record.id < before][:limit]

    def find_import(self, id: int) -> ImportRecord:
        if id not in self.log:
            raise UnknownImport(id)
        return self.log[id]

    def undo_import(self, id: int, limit: int = 10_000) -> Undone:
        record = self.find_import(id)
        if record.status == "undone":
            raise NotUndoable(f"import {id} is undone already")
        self.log[id] = msgspec.structs.replace(record, status="undone")
        return self.undone

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        pass

    def close(self) -> None:
        pass


class PlainEngine(NaiveEngine):
    """A SearchEngine over the records of a store when it was loaded.

    Every search raises `failure` if it is set. `before_search` is called first.
    """

    def __init__(self, store: PlainStore) -> None:
        super().__init__()
        self.failure: Exception | None = None
        self.before_search: Callable[[], object] = lambda: None
        self.load(store)

    def load(self, store: PlainStore) -> None:
        """Take the records that the store has now."""
        contacts = {num: (store.company(domain)[0], body) for num, (body, domain) in store.contacts.items()}
        self.records = Records(Position("plain", store.seq, "batch"), dict(store.companies), contacts)

    async def search(self, request: SearchRequest) -> SearchResult:
        if self.failure is not None:
            raise self.failure
        self.before_search()
        return await super().search(request)

    async def position(self) -> Position | None:
        return None if isinstance(self.failure, EngineLoading) else await super().position()

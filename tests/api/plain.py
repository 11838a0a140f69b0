"""An in-memory store and an engine that scans every record: slow, small, and sufficient to test the API alone."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from letrics.engines.base import Capabilities, EngineLoading, SearchRequest, SearchResult, Unmatched, ValueCount
from letrics.fields import Fact
from letrics.normalize.time import parse_time
from letrics.query import AllOf, AnyOf, Between, Clause, Contains, Flag, NoneOf, Query
from letrics.records import Company, ContactBody, Kind, encode, join_company
from letrics.store.base import Counts, HasContacts, Position, StoreAway, StoreDescription, StoredRecord


class PlainStore:
    """The part of Store that the API uses.

    `away` makes every call fail. `before_documents` is called with the nums of each read, and may raise.
    """

    def __init__(self, companies: Sequence[Company], contacts: Sequence[tuple[ContactBody, str]]) -> None:
        self.companies: dict[int, Company] = dict(enumerate(companies))
        self.contacts: dict[int, tuple[ContactBody, str]] = dict(enumerate(contacts))
        self.away = False
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
        domain = self.companies[found.num].domain
        held = [n for n, (_, of) in self.contacts.items() if of == domain]
        if held and not with_contacts:
            raise HasContacts(domain, len(held))
        for contact in held:
            del self.contacts[contact]
        del self.companies[found.num]
        return 1 + len(held)

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

    def close(self) -> None:
        pass


class PlainEngine:
    """A SearchEngine over the records of a store when it was loaded.

    Every search raises `failure` if it is set. `before_search` is called first.
    """

    capabilities = Capabilities(any_offset=True, exact_facets=True, suggestions=False)

    def __init__(self, store: PlainStore) -> None:
        self.failure: Exception | None = None
        self.before_search: Callable[[], object] = lambda: None
        self.load(store)

    def load(self, store: PlainStore) -> None:
        self._companies = dict(store.companies)
        self._contacts = {n: (body, store.company(domain)[1]) for n, (body, domain) in store.contacts.items()}
        self._seq = store.seq

    async def search(self, request: SearchRequest) -> SearchResult:
        """Facets are empty: what is tested here is whether they may be asked for."""
        if self.failure is not None:
            raise self.failure
        self.before_search()
        query, window = request.query, request.window
        hits = [num for num in self._nums(query.kind) if all(self._passes(query.kind, num, c) for c in query.clauses)]
        if window.order == "newest":
            hits.reverse()
        total = len(hits)
        if window.after is not None:
            sign = -1 if window.order == "newest" else 1
            hits = [num for num in hits if num * sign > window.after * sign]
        hits = hits[window.offset :]
        more = len(hits) > window.size
        unmatched = self._unmatched(query) if request.unmatched else []
        facets: list[list[ValueCount]] = [[] for _ in request.facets]
        return SearchResult(total, hits[: window.size], more, unmatched=unmatched, facets=facets)

    def _unmatched(self, query: Query) -> list[Unmatched]:
        found = []
        for clause in query.clauses:
            if isinstance(clause, AnyOf | NoneOf | AllOf | Contains):
                for term in clause.terms:
                    alone = AnyOf(clause.field, clause.fact, (term,))
                    asked = Contains(clause.field, clause.fact, (term,)) if isinstance(clause, Contains) else alone
                    if not any(self._passes(query.kind, num, asked) for num in self._nums(query.kind)):
                        found.append(Unmatched(clause.field, term.value, ()))
        return found

    async def values(self, kind: Kind, fact: Fact, typed: str, limit: int) -> list[ValueCount]:
        return []

    async def position(self) -> Position | None:
        return None if isinstance(self.failure, EngineLoading) else Position("plain", self._seq, "batch")

    def close(self) -> None:
        pass

    def _nums(self, kind: Kind) -> list[int]:
        return sorted(self._companies if kind == "companies" else self._contacts)

    def _value(self, kind: Kind, num: int, fact: Fact) -> Any:
        if kind == "companies":
            return fact.of(self._companies[num])
        body, company = self._contacts[num]
        value = fact.of(body if fact.owner == "contact" else company)
        return value if fact.later_of is None else max(fact.later_of[0].of(body), fact.later_of[1].of(company))

    def _passes(self, kind: Kind, num: int, clause: Clause) -> bool:
        value = self._value(kind, num, clause.fact)
        match clause:
            case Flag():
                return bool(value)
            case Between(low=low, high=high):
                if value is None:
                    return False
                moment = value if isinstance(value, int) else parse_time(value)
                return (low is None or moment >= low) and (high is None or moment <= high)
            case Contains(terms=terms, exclude=exclude):
                text = None if value is None else clause.fact.key(value)
                return exclude != (text is not None and any(key in text for term in terms for key in term.keys))
            case AnyOf(terms=terms) | NoneOf(terms=terms):
                carried = {clause.fact.key(one) for one in ([value] if isinstance(value, str) else value)}
                hit = any(key in carried for term in terms for key in term.keys)
                return hit == isinstance(clause, AnyOf)
            case AllOf(terms=terms, exclude=exclude):
                carried = {clause.fact.key(one) for one in value}
                return exclude != all(any(key in carried for key in term.keys) for term in terms)

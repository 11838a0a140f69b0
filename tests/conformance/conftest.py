"""A small set of records in a real store, and each engine that searches it."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import msgspec
import pytest

from letrics.engines.base import SearchRequest, SearchResult, Window
from letrics.fields import facet_fields
from letrics.identity.patches import CompanyPatch, ContactPatch
from letrics.normalize.place import complete_place
from letrics.query import parse_request
from letrics.records import Email, Kind
from letrics.store.sqlite import SqliteStore
from tests.conformance.engines import ENGINES, FollowingEngine

BERLIN = complete_place("Berlin", None, "Germany", None)
MUNICH = complete_place("Munich", "Bavaria", "Germany", None)
AUSTIN = complete_place("Austin", "Texas", "United States", None)
INFO, JANE = Email("info@firm.example", "generic"), Email("jane@people.example", "personal")

COMPANIES = (
    CompanyPatch(domain="alpha.de", locations=(BERLIN, AUSTIN), industries=("Software", "Fintech"),
                 functions=("Dealer",), employees=50, founded_year=1999, name="Alpha & Söhne",
                 technologies=("C++", "React"), emails=(INFO,), linkedin_url="https://www.linkedin.com/company/alpha",
                 added_at="2026-01-01T00:00:00.000Z", first_seen_at="2020-05-05T00:00:00.000Z",
                 updated_at="2026-01-02T00:00:00.000Z"),
    CompanyPatch(domain="beta.co.uk", locations=(MUNICH,), industries=("Banking",), technologies=("React",),
                 emails=(JANE,), employees=0, name="Beta",
                 added_at="2026-01-01T00:00:00.001Z", first_seen_at="1969-12-31T23:59:59.999Z",
                 updated_at="2026-01-02T00:00:00.000Z"),
    CompanyPatch(domain="gamma.myshopify.com", industries=("software",), technologies=("C",),
                 added_at="2026-01-02T12:00:00.000Z", first_seen_at="2026-01-02T12:00:00.000Z",
                 updated_at="2026-02-01T00:00:00.000Z"),
    CompanyPatch(domain="delta.com", technologies=("Cobol",), added_at="2026-03-01T00:00:00.000Z",
                 updated_at="2026-03-01T00:00:00.000Z"),
)  # fmt: skip


def person(id: str, company: str, title: str | None, day: int, **more: Any) -> ContactPatch:
    """A contact added and changed on one day of May 2026."""
    at = f"2026-05-{day:02d}T00:00:00.000Z"
    return ContactPatch(external_id=id, company=company, job_title=title, added_at=at, **({"updated_at": at} | more))


CONTACTS = (
    person("p0", "alpha.de", "Finance Manager", 1, department="Finance", seniority="Senior", emails=(JANE,)),
    person("p1", "alpha.de", "C++ Developer", 2, department="R&D", is_decision_maker=False),
    person("p2", "beta.co.uk", "Head of Finance", 3, department="finance", seniority="Head", is_decision_maker=True),
    person("p3", "gamma.myshopify.com", "営業部長", 4, linkedin_url="https://www.linkedin.com/in/p3"),
    person("p4", "beta.co.uk", None, 5, emails=(INFO,)),
    person("p5", "alpha.de", "MANAGERS' assistant", 6, seniority="ſenior"),
)


@pytest.fixture
def store(tmp_path: Path) -> Iterator[SqliteStore]:
    opened = SqliteStore.open(tmp_path / "letrics.db", create=True)
    opened.put_companies(COMPANIES)
    opened.put_contacts(CONTACTS)
    yield opened
    opened.close()


class Asked:
    """An engine over a store, asked with request bodies."""

    def __init__(self, engine: FollowingEngine, store: SqliteStore) -> None:
        self.engine = engine
        self.store = store

    def hits(self, kind: Kind, window: Window | None = None, **body: Any) -> SearchResult:
        query = parse_request(kind, body).query
        return asyncio.run(self.engine.search(SearchRequest(query, window or Window(size=100))))

    def ids(self, kind: Kind, **body: Any) -> list[str]:
        """The ids of all matches, oldest first."""
        hits = self.hits(kind, **body)
        assert hits.total == len(hits.nums) and not hits.more
        documents = self.store.documents(kind, hits.nums)
        return [msgspec.json.decode(document or b"null")["id"] for document in documents]

    def contacts(self, **body: Any) -> list[str]:
        return self.ids("contacts", **body)

    def companies(self, **body: Any) -> list[str]:
        return [domain.split(".")[0] for domain in self.ids("companies", **body)]

    def unmatched(self, kind: Kind, **body: Any) -> list[tuple[str, str, tuple[str, ...]]]:
        query = parse_request(kind, body).query
        found = asyncio.run(self.engine.search(SearchRequest(query, unmatched=True))).unmatched
        return [(one.field, one.value, one.suggestions) for one in found]

    def facets(self, kind: Kind, **body: Any) -> dict[str, dict[str, int]]:
        """By field, each value of the matches and the number of matches that have it."""
        fields, query = tuple(facet_fields(kind)), parse_request(kind, body).query
        found = asyncio.run(self.engine.search(SearchRequest(query, facets=fields, facet_size=100))).facets
        return {f.name: {one.value: one.count for one in of} for f, of in zip(fields, found, strict=True)}

    def follow(self) -> None:
        while self.engine.catch_up(self.store):
            pass


@pytest.fixture(params=ENGINES)
def maker(request: pytest.FixtureRequest) -> Any:
    return ENGINES[request.param]


@pytest.fixture
def asked(maker: Any, store: SqliteStore) -> Asked:
    engine = maker(60_000)
    engine.load(store)
    return Asked(engine, store)

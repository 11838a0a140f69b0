"""A small world for peers: hundreds of companies, thousands of contacts, and a judge that looks at each."""

from __future__ import annotations

import random
from pathlib import Path
from typing import Any

from letrics.engines.base import Window
from letrics.fields import Fact
from letrics.identity.patches import CompanyPatch, ContactPatch
from letrics.normalize.time import format_time, parse_time
from letrics.query import AllOf, AnyOf, Between, Contains, Flag, NoneOf, Query
from letrics.query.clauses import Clause
from letrics.records import Company, ContactBody, Email, Place, decode_company, decode_contact
from letrics.settings import Home
from tests.default_backends import open_store

NOW = parse_time("2026-01-31T00:00:00.000Z")
TECHNOLOGIES = ("React", "PHP", "C++", "nginx", "AWS", "SAP", "Go", ".NET")
INDUSTRIES = ("Software", "Banking", "Retail", "Mining")
PLACES = (
    Place("Berlin", "Berlin", "Germany", "DE", "Europe"), Place("Paris", None, "France", "FR", "Europe"),
    Place("Tokyo", None, "Japan", "JP", "Asia"), Place(None, None, "United States", "US", "North America"),
)  # fmt: skip
TITLES = (
    "Sales Manager", "Head of Sales", "Finance Manager", "Managers' Assistant", "C++ Engineer", "R&D Lead",
    "R & D Lead", "Node.js / React", "50% Sales_Manager", "Sales*Manager?", "[Lead]", "営業部長",
    "Ingénieur d'affaires",
    "VP, Sales", "a|b \\ c", "İnsan Kaynakları Uzmanı", "विक्रय प्रबंधक",
)  # fmt: skip


def fill(home: Path, rng: random.Random) -> None:
    """The world's log; some records are deleted, so that nums have holes."""
    home.mkdir(parents=True, exist_ok=True)
    store = open_store(Home(home).database)
    store.put_companies([_company(rng, number) for number in range(300)])
    for start in range(0, 3_000, 500):
        store.put_contacts([_contact(rng, number) for number in range(start, start + 500)])
    store.delete("contacts", [0, 17, 2_999])
    store.close()


def _moment(rng: random.Random) -> str:
    return format_time(NOW - rng.choice((0, 1, 60_000, 86_400_000, 40 * 86_400_000)) * rng.randint(1, 9))


def _some(rng: random.Random, values: tuple[Any, ...]) -> tuple[Any, ...]:
    return tuple(rng.sample(values, rng.randint(0, 3)))


def _company(rng: random.Random, number: int) -> CompanyPatch:
    name = f"company-{number}.{rng.choice(('com', 'de', 'co.uk'))}"
    return CompanyPatch(
        domain=name,
        locations=_some(rng, PLACES),
        functions=_some(rng, ("Agency", "Retailer", "Holding")),
        industries=_some(rng, INDUSTRIES),
        technologies=_some(rng, TECHNOLOGIES),
        emails=(Email(f"info@{name}", "generic"),) if rng.random() < 0.5 else (),
        linkedin_url=f"https://www.linkedin.com/company/{number}" if rng.random() < 0.5 else None,
        employees=rng.choice((None, 1, 10, 1000)),
        founded_year=rng.choice((None, 1950, 2010)),
        first_seen_at=_moment(rng),
        added_at=_moment(rng),
        updated_at=_moment(rng),
    )


def _contact(rng: random.Random, number: int) -> ContactPatch:
    return ContactPatch(
        company=f"company-{rng.randrange(320)}.com",  # of other ends, or unknown: made bare
        external_id=str(number),
        full_name=f"Person {number}",
        job_title=rng.choice((None, *TITLES, f"{rng.choice(TITLES)} - {rng.choice(TITLES)}")),
        department=rng.choice((None, "Sales", "Legal")),
        seniority=rng.choice((None, "Senior", "VP")),
        is_decision_maker=rng.choice((None, True, False)),
        emails=(Email(f"p{number}@example.com", "personal"),) if rng.random() < 0.6 else (),
        linkedin_url=f"https://www.linkedin.com/in/p-{number}" if rng.random() < 0.5 else None,
        added_at=_moment(rng),
        updated_at=_moment(rng),
    )


class Judge:
    """Every record of a log, looked at one by one."""

    def __init__(self, home: Path) -> None:
        store = open_store(Home(home).database, create=False)
        self._companies: dict[int, Company] = {}
        self._contacts: dict[int, tuple[ContactBody, int]] = {}
        for part in store.scan(1_000):
            self._companies |= dict(zip(part.company_nums, map(decode_company, part.company_documents), strict=True))
            records = zip(map(decode_contact, part.contact_documents), part.contact_companies, strict=True)
            self._contacts |= dict(zip(part.contact_nums, records, strict=True))
        store.close()

    def answer(self, query: Query, window: Window) -> tuple[int, list[int]]:
        if query.kind == "companies":
            hits = [
                n for n, company in self._companies.items() if all(_passes(c, None, company) for c in query.clauses)
            ]
        else:
            pairs = ((n, body, self._companies[of]) for n, (body, of) in self._contacts.items())
            hits = [n for n, body, company in pairs if all(_passes(c, body, company) for c in query.clauses)]
        hits.sort(reverse=window.order == "newest")
        rest = hits
        if window.after is not None:
            rest = [n for n in hits if (n < window.after if window.order == "newest" else n > window.after)]
        return len(hits), rest[window.offset : window.offset + window.size]


def _passes(clause: Clause, contact: ContactBody | None, company: Company) -> bool:
    fact: Fact = clause.fact
    value = fact.of(company if fact.owner == "company" else contact)
    match clause:
        case AnyOf(_, _, terms) | NoneOf(_, _, terms):
            carried = {fact.key(text) for text in value}
            return any(carried & set(term.keys) for term in terms) is isinstance(clause, AnyOf)
        case AllOf(_, _, terms, exclude):
            carried = {fact.key(text) for text in value}
            return all(carried & set(term.keys) for term in terms) is not exclude
        case Contains(_, _, terms, exclude):
            text = "" if value is None else fact.key(value)
            return any(key in text for term in terms for key in term.keys) is not exclude
        case Flag(_, _, exclude):
            return bool(value) is not exclude
        case Between(_, _, low, high):
            if value is None:
                return False
            number = parse_time(value) if fact.kind == "time" else value
            if fact.later_of is not None:
                number = max(number, parse_time(fact.later_of[1].of(company)))
            return (low is None or number >= low) and (high is None or number <= high)

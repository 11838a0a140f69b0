"""Whether one record matches a query. The judge (tests/property) compares random queries with its model."""

from __future__ import annotations

import time
from typing import Any

import msgspec
import pytest

from letrics.query import parse_request
from letrics.query.predicate import Predicate
from letrics.records import KINDS, Company, Contact, Email, EmployeesRange, Kind
from tests.contract.world import COMPANIES, CONTACTS
from tests.naive.clauses import matches

_NOW = "2026-01-31T09:30:00.000Z"
ACME = Company(
    id="acme.co.uk", domain="acme.co.uk", tld="co.uk", name="Acme", industries=("Retail", "Software"),
    employees_range=EmployeesRange(11, 50), first_seen_at="2020-01-01T00:00:00.000Z", added_at=_NOW, updated_at=_NOW,
)  # fmt: skip
ADA = Contact(
    id="ada", full_name="Ada", job_title="Chief Technology Officer", emails=(Email("ada@acme.co.uk", "personal"),),
    company=ACME, added_at=_NOW, updated_at=_NOW,
)  # fmt: skip
ALONE = msgspec.structs.replace(ADA, company=None)


def judged(kind: Kind, body: dict[str, Any], record: Company | Contact) -> bool:
    return Predicate(parse_request(kind, body).query).matches(msgspec.json.encode(record))


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        ({}, True),
        ({"industries": ["retail", "x"]}, True),
        ({"industries": ["x"]}, False),
        ({"exclude_industries": ["software"]}, False),
        ({"technologies_all": ["x"]}, False),
        ({"exclude_technologies_all": ["x"]}, True),
        ({"tlds": ["uk"]}, True),
        ({"domains": ["https://www.acme.co.uk/"]}, True),
        ({"employees_min": 50}, True),
        ({"employees_min": 51}, False),
        ({"employees_max": 10}, False),
        ({"founded_year_min": 1900}, False),
        ({"first_seen_after": "2020-01-01", "first_seen_before": "2020-01-01"}, True),
        ({"first_seen_after": "2020-01-02"}, False),
        ({"has_generic_email": True}, False),
        ({"exclude_has_generic_email": True}, True),
    ],
)
def test_predicate_judges_a_company(body: dict[str, Any], expected: bool) -> None:
    assert judged("companies", body, ACME) is expected
    own = not body.keys() & {"has_generic_email", "exclude_has_generic_email"}
    assert not own or judged("contacts", body, ADA) is expected


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        ({"job_titles": ["tech"]}, True),
        ({"job_titles": ["cto"]}, False),
        ({"job_title_words": ["cto"]}, True),
        ({"job_title_words": ["tech"]}, False),
        ({"exclude_job_title_words": ["cto"]}, False),
        ({"emails": ["ADA@acme.co.uk"]}, True),
        ({"has_personal_email": True}, True),
        ({"industries": ["retail"]}, False),
        ({"exclude_industries": ["retail"]}, True),
        ({"updated_before": "2026-01-31"}, True),
        ({"updated_after": "2026-02-01"}, False),
    ],
)
def test_predicate_judges_a_contact_without_company(body: dict[str, Any], expected: bool) -> None:
    assert judged("contacts", body, ALONE) is expected


@pytest.mark.parametrize("kind", KINDS)
def test_predicate_agrees_with_the_naive_clauses(kind: Kind) -> None:
    records: list[tuple[Company | Contact, Company | None, Any]] = [(one, one, None) for one in COMPANIES]
    if kind == "contacts":
        known = {company.domain: company for company in COMPANIES}
        pairs = [(msgspec.structs.asdict(body), known[domain]) for body, domain in CONTACTS]
        contacts = [Contact(**values, company=company) for values, company in pairs]
        records = [(one, one.company, one) for one in contacts]
    for body in ({"locations": ["Germany"]}, {"locations": ["EU"], "primary_location_only": True}, {"tlds": ["com"]}):
        query = parse_request(kind, body).query
        for record, company, contact in records:
            expected = all(matches(clause, company, contact) for clause in query.clauses)
            assert Predicate(query).matches(msgspec.json.encode(record)) is expected


@pytest.mark.parametrize("document", [b"", b"{}", b"[1]", b'{"id":7}', b"\xff"])
@pytest.mark.parametrize("kind", KINDS)
def test_predicate_of_a_malformed_document_is_false(kind: Kind, document: bytes) -> None:
    assert not Predicate(parse_request(kind, {}).query).matches(document)


def test_predicate_malformed_time_counts_as_none() -> None:
    broken = msgspec.structs.replace(ACME, added_at="yesterday")
    assert judged("companies", {}, broken) and not judged("companies", {"added_after": "2000-01-01"}, broken)


def test_predicate_of_many_domains_costs_a_record_little() -> None:
    query = parse_request("companies", {"domains": [f"c{n}.example" for n in range(10_000)]}).query
    predicate, document = Predicate(query), msgspec.json.encode(ACME)
    started = time.perf_counter()
    assert not any(predicate.matches(document) for _ in range(100))
    assert time.perf_counter() - started < 1  # milliseconds; ten thousand comparisons for each record take seconds

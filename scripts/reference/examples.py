"""Generated examples: a search response from the record structs, an error response from the request parser."""

from __future__ import annotations

from typing import Any, Final

import msgspec

from letrics.errors import LetricsError
from letrics.normalize.place import complete_place, read_location
from letrics.normalize.place.interpretation import ReadAs
from letrics.query import parse_request
from letrics.records import Company, Contact, Email

REQUEST_ID: Final = "5f1c2c9d7f5b4f0f8d0e6a4b3c2d1e0f"
"""Request id of the examples."""

WRONG: Final[dict[str, Any]] = {"job_title": ["manager"], "added_after": "yesterday", "per_page": 1000}
"""Request body with three mistakes."""

LOCATIONS: Final = (
    "Germany", "Deutschland", "UK", "US", "California, United States", "CA, US", "US-CA", "Berlin, Germany",
    "Austin, TX", "Chicago, IL", "New York, US", "New York, NY, US", "Georgia", "Georgia, US", "North America",
    "DACH", "Nordics", "Benelux", "EMEA", "EU",
)  # fmt: skip
"""Example locations of every kind."""

COMPANIES_CSV: Final = """\
domain,name,city,country,industries,technologies,emails
acme.example,Acme Ltd,London,United Kingdom,Software;Consulting,PostgreSQL;Kubernetes,info@acme.example"""
"""Example import file of companies."""

CONTACTS_JSONL: Final = (
    '{"id": "7", "company_domain": "acme.example", "full_name": "Jane Doe", "job_title": "Head of Data", '
    '"email": "jane.doe@acme.example"}'
)
"""Example import file of contacts."""


def search_answer() -> dict[str, Any]:
    """Build a complete response to a search of contacts."""
    location = "London, UK"
    read_as = _plain(read_location(location).read_as)
    meta = {
        "request_id": REQUEST_ID,
        "page": 1,
        "per_page": 1,
        "total": 1234,
        "total_pages": 1234,
        "next_cursor": "AQAAAAAAAABpmZ2vLQ0nR0c4tRzVhw",
        "filters": {"locations": [location], "industries": ["Software", "Fintec"]},
        "places": [{"field": "locations", "value": location, "read_as": read_as}],
        "unmatched": [{"field": "industries", "value": "Fintec", "suggestions": ["Fintech"]}],
        "warnings": [],
        "took_ms": 0.8,
    }
    return {"data": [_plain(_contact())], "meta": meta, "errors": []}


def wrong_answer() -> dict[str, Any]:
    """Build the error response of a search of contacts with the body WRONG."""
    try:
        parse_request("contacts", WRONG)
    except LetricsError as error:
        return {"data": None, "meta": {"request_id": REQUEST_ID}, "errors": _plain(error.problems)}
    raise AssertionError("the example of an invalid request is valid")


def readings() -> list[tuple[str, tuple[ReadAs, ...]]]:
    """Return each of LOCATIONS with its interpretations."""
    return [(text, read_location(text).read_as) for text in LOCATIONS]


def _plain(value: object) -> Any:
    """Convert a value to what its JSON decodes to."""
    return msgspec.json.decode(msgspec.json.encode(value))


def _contact() -> Contact:
    return Contact(
        id="crm:7", first_name="Jane", last_name="Doe", full_name="Jane Doe", job_title="Head of Data",
        department="Engineering", seniority="Head", is_decision_maker=True,
        emails=(Email("jane.doe@acme.example", "personal"),), added_at="2026-01-31T09:30:00.000Z",
        updated_at="2026-03-02T14:05:11.250Z", company=_company(),
    )  # fmt: skip


def _company() -> Company:
    return Company(
        id="acme.example", domain="acme.example", name="Acme Ltd", website="https://www.acme.example/", tld="example",
        locations=(complete_place("London", None, "United Kingdom", None),), functions=("Manufacturer",),
        industries=("Software",), technologies=("PostgreSQL", "Kubernetes"),
        emails=(Email("info@acme.example", "generic"),), linkedin_url="https://www.linkedin.com/company/acme-example",
        employees=120, founded_year=1999, first_seen_at="2025-06-01T00:00:00.000Z",
        added_at="2026-01-10T12:00:00.000Z", updated_at="2026-02-01T00:00:00.000Z",
    )  # fmt: skip

"""A small set of records, on which the right result is known."""

from __future__ import annotations

from typing import Any

from letrics.identity.patches import CompanyPatch, ContactPatch
from letrics.normalize.place import complete_place
from letrics.records import Email, EmployeesRange
from letrics.store.base import Store

BERLIN = complete_place("Berlin", None, "Germany", None)
MUNICH = complete_place("Munich", "Bavaria", "Germany", None)
AUSTIN = complete_place("Austin", "Texas", "United States", None)
INFO, JANE = Email("info@firm.example", "generic"), Email("jane@people.example", "personal")

COMPANIES = (
    CompanyPatch(domain="alpha.de", locations=(BERLIN, AUSTIN), industries=("Software", "Fintech"),
                 functions=("Dealer",), employees=50, founded_year=1999, name="Alpha & Söhne",
                 employees_range=EmployeesRange(1, 10),
                 technologies=("C++", "React"), emails=(INFO,), linkedin_url="https://www.linkedin.com/company/alpha",
                 added_at="2026-01-01T00:00:00.000Z", first_seen_at="2020-05-05T00:00:00.000Z",
                 updated_at="2026-01-02T00:00:00.000Z"),
    CompanyPatch(domain="beta.co.uk", locations=(MUNICH,), industries=("Banking",), technologies=("React",),
                 emails=(JANE,), employees=0, name="Beta",
                 added_at="2026-01-01T00:00:00.001Z", first_seen_at="1969-12-31T23:59:59.999Z",
                 updated_at="2026-01-02T00:00:00.000Z"),
    CompanyPatch(domain="gamma.myshopify.com", industries=("software",), technologies=("C",),
                 employees_range=EmployeesRange(51, None),
                 added_at="2026-01-02T12:00:00.000Z", first_seen_at="2026-01-02T12:00:00.000Z",
                 updated_at="2026-02-01T00:00:00.000Z"),
    CompanyPatch(domain="delta.com", technologies=("Cobol",), added_at="2026-03-01T00:00:00.000Z",
                 employees_range=EmployeesRange(11, 60),
                 updated_at="2026-03-01T00:00:00.000Z"),
)  # fmt: skip


def person(id: str, company: str, title: str | None, day: int, **more: Any) -> ContactPatch:
    """A contact added and changed on one day of May 2026."""
    at = f"2026-05-{day:02d}T00:00:00.000Z"
    return ContactPatch(external_id=id, company=company, job_title=title, added_at=at, **({"updated_at": at} | more))


CONTACTS = (
    person(
        "p0",
        "alpha.de",
        "Finance Manager",
        1,
        locations=(MUNICH, AUSTIN),
        department="Finance",
        seniority="Senior",
        emails=(JANE,),
    ),
    person("p1", "alpha.de", "C++ Developer", 2, department="R&D", is_decision_maker=False),
    person(
        "p2",
        "beta.co.uk",
        "Head of Finance",
        3,
        locations=(AUSTIN,),
        department="finance",
        seniority="Head",
        is_decision_maker=True,
    ),
    person("p3", "gamma.myshopify.com", "営業部長", 4, linkedin_url="https://www.linkedin.com/in/p3"),
    person("p4", "beta.co.uk", None, 5, emails=(INFO,)),
    person("p5", "alpha.de", "MANAGERS' assistant", 6, seniority="ſenior"),
)


def put_world(store: Store) -> None:
    """Add the records to a store."""
    store.put_companies(COMPANIES)
    store.put_contacts(CONTACTS)

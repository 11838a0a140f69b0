"""The small world: four companies and five contacts, with the expected matches of each field."""

from __future__ import annotations

import msgspec

from letrics.identity.patches import CompanyPatch, ContactPatch
from letrics.normalize.place import complete_place
from letrics.records import Company, ContactBody, Email
from letrics.store.base import Store

COMPANIES: tuple[Company, ...] = (
    Company(
        id="acme.example", domain="acme.example", name="Acme", website="https://acme.example", tld="example",
        locations=(complete_place("Berlin", None, "Germany", None),), functions=("Manufacturer",),
        industries=("Software",), technologies=("React", "Python"), emails=(Email("info@acme.example", "generic"),),
        linkedin_url="https://www.linkedin.com/company/acme-example", employees=120, founded_year=1999,
        first_seen_at="2025-06-01T00:00:00.000Z", added_at="2026-01-10T12:00:00.000Z",
        updated_at="2026-02-01T00:00:00.000Z",
    ),
    Company(
        id="example.co.uk", domain="example.co.uk", name="Exampleton", tld="co.uk",
        locations=(complete_place("London", None, "United Kingdom", None),), functions=("Distributor",),
        industries=("Fintech",), technologies=("Django",), emails=(Email("jo@example.co.uk", "personal"),),
        first_seen_at="2025-07-01T00:00:00.000Z", added_at="2026-01-20T00:00:00.000Z",
        updated_at="2026-03-01T00:00:00.000Z",
    ),
    Company(
        id="xn--e1afmkfd.xn--p1ai", domain="xn--e1afmkfd.xn--p1ai", tld="xn--p1ai", functions=("Retailer",),
        locations=(complete_place(None, None, "Russia", None), complete_place("Munich", "Bavaria", "Germany", None)),
        industries=("Software", "Fintech"), technologies=("React",), emails=(Email("info@primer.example", "generic"),),
        linkedin_url="https://www.linkedin.com/company/primer-example", first_seen_at="2025-08-15T00:00:00.000Z",
        added_at="2026-02-15T23:59:59.999Z", updated_at="2026-04-01T00:00:00.000Z",
    ),
    Company(
        id="nothing.example", domain="nothing.example", tld="example", first_seen_at="2026-03-01T00:00:00.000Z",
        added_at="2026-03-01T00:00:00.000Z", updated_at="2026-03-01T00:00:00.001Z",
    ),
)  # fmt: skip

ANN = ContactBody(
    id="ann", first_name="Ann", last_name="Archer", full_name="Ann Archer", job_title="Finance Manager",
    department="Finance", seniority="Director", is_decision_maker=True,
    emails=(Email("ann.archer@acme.example", "personal"),), linkedin_url="https://www.linkedin.com/in/ann-archer-example",
    phone="+49 30 000000", added_at="2026-01-11T00:00:00.000Z", updated_at="2026-01-11T00:00:00.000Z",
)  # fmt: skip
BOB = ContactBody(
    id="bob", full_name="Bob Berg", job_title="Head of C++", department="Engineering", seniority="Manager",
    is_decision_maker=False, emails=(Email("sales@acme.example", "generic"),),
    locations=(complete_place("Paris", None, "France", None), complete_place(None, None, None, "Munich, Germany")),
    added_at="2026-02-01T00:00:00.000Z", updated_at="2026-05-01T00:00:00.000Z",
)  # fmt: skip
CYD = ContactBody(
    id="cyd", full_name="Cyd Crane", job_title="senior finance  MANAGERS", department="Finance", seniority="Head",
    emails=(Email("cyd@post.example", "personal"),), added_at="2026-03-01T00:00:00.000Z",
    updated_at="2026-03-01T00:00:00.000Z",
)  # fmt: skip
DEE = ContactBody(
    id="dee", full_name="Dee Dorn", linkedin_url="https://www.linkedin.com/in/dee-dorn-example",
    added_at="2026-04-01T00:00:00.000Z", updated_at="2026-04-01T00:00:00.000Z",
)  # fmt: skip
EVE = ContactBody(
    id="crm:e/5", full_name="Eve Ende", job_title="Assistant", added_at="2026-04-02T00:00:00.000Z",
    updated_at="2026-04-02T00:00:00.000Z",
)  # fmt: skip

CONTACTS: tuple[tuple[ContactBody, str], ...] = (
    (ANN, "acme.example"),
    (BOB, "acme.example"),
    (CYD, "example.co.uk"),
    (DEE, "xn--e1afmkfd.xn--p1ai"),
    (EVE, "nothing.example"),
)
"""Each contact with the domain of its company."""


def put(store: Store) -> None:
    """Insert the world into an empty store."""
    store.put_companies([_company_patch(company) for company in COMPANIES])
    store.put_contacts([_contact_patch(body, domain) for body, domain in CONTACTS])


def _company_patch(company: Company) -> CompanyPatch:
    members = msgspec.structs.asdict(company)
    return CompanyPatch(**{name: value for name, value in members.items() if name not in ("id", "tld")})


def _contact_patch(body: ContactBody, domain: str) -> ContactPatch:
    members = msgspec.structs.asdict(body)
    return ContactPatch(company=domain, external_id=members.pop("id"), **members)


A, UK, RF, NO = (company.id for company in COMPANIES)
ann, bob, cyd, dee, eve = (contact.id for contact, _ in CONTACTS)

CASES: dict[str, list[tuple[object, list[str] | None, list[str] | None]]] = {
    "job_titles": [
        (["manager"], [ann, cyd], None),
        (["Finance Manager"], [ann, cyd], None),
        (["c++"], [bob], None),
        (["ass", "HEAD  of"], [bob, eve], None),
        (["100%"], [], None),
    ],
    "job_title_words": [
        (["manager"], [ann], None),
        (["Finance Mgr."], [ann], None),
        (["C++"], [bob], None),
        (["head"], [bob], None),
        (["ass"], [], None),
        (["asst", "sr. finance managers"], [cyd, eve], None),
    ],
    "departments": [(["finance"], [ann, cyd], None), (["Fin"], [], None)],
    "seniorities": [(["director", "HEAD"], [ann, cyd], None), ([" Manager "], [bob], None)],
    "has_personal_email": [(True, [ann, cyd], None)],
    "has_linkedin_profile": [(True, [ann, dee], [A, RF])],
    "is_decision_maker": [(True, [ann], None)],
    "company_has_generic_email": [(True, [ann, bob, dee], None)],
    "company_has_linkedin_profile": [(True, [ann, bob, dee], None)],
    "has_generic_email": [(True, None, [A, RF])],
    "added_after": [
        ("2026-01-20", [cyd, dee, eve], [UK, RF, NO]),
        ("2026-01-20T00:00:00.001Z", [dee, eve], [RF, NO]),
        ("2026-01-20T02:00:00+02:00", [cyd, dee, eve], [UK, RF, NO]),
    ],
    "added_before": [
        ("2026-01-20", [ann, bob, cyd], [A, UK]),
        ("2026-02-15", [ann, bob, cyd, dee], [A, UK, RF]),
        ("2026-02-15T23:59:59.998Z", [ann, bob, cyd], [A, UK]),
    ],
    "first_seen_after": [("2025-08-15T00:00:00Z", [dee, eve], [RF, NO])],
    "first_seen_before": [("2025-07-01", [ann, bob, cyd], [A, UK])],
    "locations": [
        (["Germany"], [ann, bob, dee], [A, RF]),
        (["berlin, de", "London, UK"], [ann, bob, cyd], [A, UK]),
        (["Bavaria, Germany"], [dee], [RF]),
        (["EU"], [ann, bob, dee], [A, RF]),
        (["Nowhere at all"], [], []),
    ],
    "contact_locations": [(["Germany", "Peru"], [bob], None), (["Paris, FR"], [bob], None), (["Berlin"], [], None)],
    "functions": [(["retailer", "Distributor"], [cyd, dee], [UK, RF])],
    "industries": [(["software"], [ann, bob, dee], [A, RF]), (["Soft"], [], [])],
    "tlds": [
        (["co.uk"], [cyd], [UK]),
        ([".UK"], [cyd], [UK]),
        (["рф"], [dee], [RF]),
        (["xn--p1ai", "example"], [ann, bob, dee, eve], [A, RF, NO]),
    ],
    "technologies": [(["react", "DJANGO"], [ann, bob, cyd, dee], [A, UK, RF])],
    "domains": [
        (["https://www.acme.example/about"], [ann, bob], [A]),
        (["пример.рф", "someone@example.co.uk"], [cyd, dee], [UK, RF]),
        (["unknown.example"], [], []),
    ],
    "technologies_all": [
        (["react", "PYTHON"], [ann, bob], [A]),
        (["Django"], [cyd], [UK]),
        (["React", "Django"], [], []),
    ],
    "company_names": [(["acm"], [ann, bob], [A]), (["EXAMPLE", "me"], [ann, bob, cyd], [A, UK]), (["zzz"], [], [])],
    "full_names": [(["ann a", "ende"], [ann, eve], None), (["e"], [ann, bob, cyd, dee, eve], None)],
    "emails": [
        (["ANN.archer@Acme.example", "info@acme.example"], [ann], [A]),
        (["info@primer.example"], [], [RF]),
        (["no address"], [], []),
    ],
    "employees_min": [(120, [ann, bob], [A]), (121, [], [])],
    "employees_max": [(120, [ann, bob], [A]), (0, [], [])],
    "founded_year_min": [(1999, [ann, bob], [A]), (2000, [], [])],
    "founded_year_max": [(1999, [ann, bob], [A]), (1998, [], [])],
    "primary_location_only": [(True, [ann, bob, cyd, dee, eve], [A, UK, RF, NO])],
    "contact_added_after": [("2026-04-01", [dee, eve], None)],
    "contact_added_before": [("2026-02-01", [ann, bob], None)],
    "updated_after": [("2026-04-01", [bob, dee, eve], [RF])],
    "updated_before": [("2026-03-01", [ann, cyd], [A, UK, NO]), ("2026-03-01T00:00:00Z", [ann, cyd], [A, UK])],
    "contact_updated_after": [("2026-04-01", [bob, dee, eve], None), ("2026-05-01T00:00:00.001Z", [], None)],
    "contact_updated_before": [("2026-02-28", [ann], None), ("2026-04-01", [ann, cyd, dee], None)],
}
"""For each field, a value and the contacts and companies that it matches. None means that the field does not exist."""

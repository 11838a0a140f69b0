"""Telling companies from contacts by name and columns."""

from __future__ import annotations

from typing import Any

import pytest

from letrics.ingest.kinds import UnclearKind, find_kind


@pytest.mark.parametrize(
    ("path", "names", "kind"),
    [
        ("data/contacts.csv", ["company_domain", "full_name"], "contacts"),
        ("My People 2026.csv", [], "contacts"),
        ("leads.jsonl", ["email"], "contacts"),
        ("companies-2.jsonl.gz", ["website"], "companies"),
        ("Accounts.parquet", [], "companies"),
        ("-", ["Domain", "Name"], "companies"),
        ("-", ["company", "email"], "contacts"),
        ("-", ["Company Domain", "email"], "contacts"),
        ("company_contacts.csv", ["company_domain"], "contacts"),
        ("contacts/x.csv", ["domain"], "companies"),
        ("leads.csv", ["domain", "name"], "companies"),
        ("contacts.csv", ["domain", "first_name"], "contacts"),
        ("contacts.csv", ["website", "company_domain"], "contacts"),
        ("x.csv", ["domain", "first_name"], "contacts"),
        ("companies.csv", ["Vorname", "Nachname", "Firma"], "contacts"),
        ("x.csv", ["Firma", "Branche", "E-Mail"], "companies"),
        ("x.csv", ["email"], "contacts"),
        ("x.csv", ["Name", "Email"], "contacts"),
        ("x.csv", ["Name", "Website", "Email", "Phone"], "companies"),
        ("x.csv", ["Title", "Website", "Phone", "Category"], "companies"),
        ("x.csv", ["Account Name", "Billing City", "Industry", "Employees", "Account Owner"], "companies"),
        ("x.csv", ["Organization Name", "Organization Name URL", "Industries", "LinkedIn"], "companies"),
        ("x.csv", ["Email address", "Domain name", "Organization", "Type", "Position"], "contacts"),
        ("company_list.csv", ["Company Name", "Company Domain"], "companies"),
        ("lead_companies.csv", ["Company Name", "Company Domain"], "companies"),
        ("x.csv", ["domain", "company_domain"], "companies"),
        ("x.csv", ["Company Name", "Website", "City", "State", "Country"], "companies"),
        ("leads.csv", ["Company Name", "Website", "City", "State", "Country"], "companies"),
        ("x.csv", ["Name", "Website", "City"], "companies"),
        ("x.csv", ["companyName", "companyUrl", "tagline", "website"], "companies"),
        ("x.csv", ["Company", "Job Title", "Location"], "companies"),
        ("x.csv", ["Record ID", "Company name", "Website URL", "City"], "companies"),
        ("x.csv", ["Contact ID", "Job Title", "Company"], "contacts"),
        ("x.json", ["properties.name", "properties.domain", "properties.industry"], "companies"),
        ("x.json", ["name", "email", "organization.name", "organization.website_url"], "contacts"),
        ("x.json", ["person.name", "person.organization.name"], "contacts"),
    ],
)
def test_the_kind_is_found(path: str, names: list[str], kind: str) -> None:
    assert find_kind(path, names) == kind


@pytest.mark.parametrize(
    ("path", "names"),
    [("-", []), ("x.csv", ["name"]), ("x.csv", ["name", "website", "company_name"])],
)
def test_an_unclear_kind_is_not_guessed(path: str, names: list[str]) -> None:
    with pytest.raises(UnclearKind):
        find_kind(path, names)


def rows_of(header: str, *rows: str) -> tuple[list[str], list[dict[str, str]]]:
    names = header.split(",")
    return names, [dict(zip(names, row.split(","), strict=True)) for row in rows]


@pytest.mark.parametrize(
    ("header", "row"),
    [
        ("Name,Email,Company,Company size", "Ann Abel,ann@acme.example,Acme Ltd,11-50"),
        ("Name,Email,Company,Industry,Employees", "Ann Abel,ann@acme.example,Acme Ltd,Software,50"),
        ("Name,Email,Company,Company size,Country,City", "Al Pa,al@pa.example,Pa,11-50,Norway,Oslo"),
        ("Nom,Entreprise,Secteur", "Zoé Lambert,Bois SA,Retail"),
        ("Name,Company,Website,Employees", "Ann Abel,Acme Ltd,acme.example,50"),
        ("Name,Email,Company size", "Ann Abel,Ann Abel <a.abel@acme.example>,11-50"),
        ("Name,Name (2),Email", "Acme Ltd,Ann Abel,ann@acme.example"),
        ("Name,Email,Name (2),Phone", "Ann Abel,info@acme.example,Acme Ltd,+1 555 0100"),
        ("Organization,URL,Phone", "Acme,https://www.linkedin.com/in/ann,+1 555 0100"),
        ("LinkedIn,Company", "https://www.linkedin.com/in/ann-abel,Acme"),
        ("Name,LinkedIn,Location", "Ann Abel,https://www.linkedin.com/in/ann-abel,Berlin"),
        ("Headline,LinkedIn URL", "CEO,https://www.linkedin.com/in/ann-abel"),
        ("Name,tagline,profileUrl,Company", "Ann Abel,CEO,https://www.linkedin.com/in/ann-abel,Acme"),
        ("Company,Website,Email,Phone", "Acme,acme.example,ann@acme.example,1"),
        ("Company,LinkedIn,Email", "Acme,https://www.linkedin.com/in/ann-abel,info@acme.example"),
        ("Email,City", "info@acme.example,Berlin"),
    ],
)
def test_find_kind_with_names_of_people_is_contacts(header: str, row: str) -> None:
    names, rows = rows_of(header, row)
    assert find_kind("x.csv", names, rows) == "contacts"


@pytest.mark.parametrize(
    ("header", "row"),
    [
        ("Name,Domain,Employees", "Acme,acme.example,50"),
        ("Name,Company,Employees", "Acme,Acme GmbH,50"),
        ("Company name,Email,Employees", "Acme Ltd,info@acme.example,50"),
        ("Company name,Email,Employees", "Acme Ltd,ann@acme.example,50"),
        ("Name,Email,Employees", "Acme Ltd,info@acme.example,50"),
        ("Name,Name (2),Employees", "Acme Ltd,Acme Limited,50"),
        ("Name,Website,Email,Phone", "Acme Ltd,acme.example,acme@mail.example,+1 5"),
        ("Name,Company,Employees", "Acme Ltd,,50"),
        ("companyName,companyUrl,tagline", "Acme,https://www.linkedin.com/company/acme,We make things"),
        ("Organization,URL,Phone", "Acme,https://acme.example,+1 555 0100"),
        ("Company,Email", "Acme,info@acme.example"),
        ("Company,Website,Email", "Acme,acme.example,info@acme.example"),
        ("Company,Website,Email", "Acme,acme.example,acme@mail.example"),
        ("Company,Website,Email", "Acme,acme.example,"),
        ("Name,LinkedIn,Headquarters", "Acme,https://www.linkedin.com/company/acme,Berlin"),
        ("Name,City,Phone", "Acme GmbH,Berlin,+49 30 1"),
        ("Name,Company,Website", "Acme,Acme GmbH,acme.example"),
    ],
)
def test_find_kind_with_names_of_companies_is_companies(header: str, row: str) -> None:
    names, rows = rows_of(header, row)
    assert find_kind("x.csv", names, rows) == "companies"


def test_find_kind_with_unnamed_people_uses_the_file_name() -> None:
    names, rows = rows_of("Name,Email,Employees", "Acme Ltd,ann@acme.example,50")
    assert find_kind("accounts.csv", names, rows) == "companies"
    with pytest.raises(UnclearKind):
        find_kind("x.csv", names, rows)


def test_find_kind_of_shared_addresses_uses_the_file_name() -> None:
    names, rows = rows_of("Company,Email", "Acme,info@acme.example")
    assert find_kind("contacts.csv", names, rows) == "contacts"


def test_find_kind_of_names_alone_is_unclear() -> None:
    names, rows = rows_of("Name,City,Phone", "Ann Abel,Berlin,+49 30 1")
    with pytest.raises(UnclearKind):
        find_kind("x.csv", names, rows)


@pytest.mark.parametrize(
    ("rows", "kind"),
    [
        ([{"@type": "Organization", "name": "Acme", "member.name": "Ann"}], "companies"),
        ([{"@type": "Person", "name": "Ann"}], "contacts"),
        ([{"attributes": {"type": "Account", "url": "/x"}, "Name": "Acme", "Owner.Email": "a@a.example"}], "companies"),
        ([{"attributes": {"type": "Lead", "url": "/x"}, "Name": "Ann"}], "contacts"),
    ],
)
def test_find_kind_of_rows_that_name_their_type(rows: list[dict[str, Any]], kind: str) -> None:
    assert find_kind("x.json", list(rows[0]), rows) == kind


@pytest.mark.parametrize("owner", ["client", "vendor", "customer", "investor", "brand"])
def test_find_kind_ignores_objects_of_related_companies(owner: str) -> None:
    row = {"name": "Acme", "city": "Berlin", f"{owner}.name": "Beta", f"{owner}.domain": "beta.example"}
    assert find_kind("companies.json", list(row), [row]) == "companies"


def test_find_kind_of_a_company_with_another_one() -> None:
    row = {"name": "Acme", "employees": 12, "account.name": "Beta", "account.domain": "beta.example"}
    assert find_kind("x.json", list(row), [row]) == "companies"
    row = {"name": "Ann Abel", "account.name": "Beta", "account.employees": 12}
    assert find_kind("x.json", list(row), [row]) == "contacts"

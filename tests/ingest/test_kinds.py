"""Telling companies from contacts by name and columns."""

from __future__ import annotations

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
    ],
)
def test_the_kind_is_found(path: str, names: list[str], kind: str) -> None:
    assert find_kind(path, names) == kind


@pytest.mark.parametrize(
    ("path", "names"),
    [("-", []), ("x.csv", ["name"]), ("x.csv", ["domain", "company_domain"])],
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
        ("Name,Website,Email,Phone", "Acme Ltd,acme.example,acme@mail.example,+1 5"),
        ("Name,Company,Employees", "Acme Ltd,,50"),
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

"""Corrections of the fields of columns that depend on the others."""

from __future__ import annotations

from typing import Any

import pytest

from letrics.ingest.column_corrections import is_any_name, is_site_of_company, without_own_site, without_rivals
from letrics.ingest.column_mapping import make_mapping
from letrics.ingest.mapped_column import MappedColumn
from letrics.ingest.nested_objects import flatten


def test_is_any_name_of_a_header_of_people_and_companies() -> None:
    assert is_any_name("contacts", "Name") and is_any_name("contacts", "properties.name")
    assert not is_any_name("contacts", "Full Name")


@pytest.mark.parametrize(
    ("rows", "field"),
    [
        ([{"Name": "Acme", "contact.name": "Bob Roe"}], "company_name"),
        ([{"Name": "Ann", "contact.name": "Ann Abel"}], "full_name"),
        ([{"Name": "Abel, Ánn", "Contact Name": "ann abel"}], "full_name"),
        ([{"Name": "-", "Contact Name": "Ann Abel"}], "company_name"),
        ([{"Name": "Ann Abel", "Company": "Acme", "contact.name": "Bob Roe"}], None),
        ([{"Name": "Ann", "Company": "Acme", "data.contact.name": "Ann Abel"}], "full_name"),
        ([{"Name": "Ann", "Company": "Acme"}] * 3 + [{"contact.name": "Bob"}], "full_name"),
        ([{"Name": "Ann Abel", "First Name": "Ann"}], "full_name"),
        ([{"Name": "Abel, Ann", "Last Name": "Abel"}], "full_name"),
        ([{"Name": "Abel", "First Name": "Ann"}, {"Name": "Ann Roe", "First Name": "Bob"}], "last_name"),
        ([{"Name": "Ann", "First Name": "Ann"}], "last_name"),
        ([{"Name": "Ann", "Last Name": "Abel"}], "first_name"),
    ],
)
def test_correct_field_of_a_name_next_to_other_names(rows: list[dict[str, Any]], field: str | None) -> None:
    names = list(dict.fromkeys(name for row in rows for name in row))
    assert make_mapping("contacts", names, rows).columns[names.index("Name")].field == field


@pytest.mark.parametrize(
    "companies", [("Abel Ltd", "Beck Inc", "Cole AG"), ("Abel", "Beck Inc.", "Cole GmbH & Co. KG")]
)
@pytest.mark.parametrize(("person", "company"), [("Name", "Name (2)"), ("Name (2)", "Name"), ("Full Name", "Name")])
def test_correct_field_of_names_with_legal_forms(companies: tuple[str, ...], person: str, company: str) -> None:
    people = ("Ron Abel", "Sue Beck", "Pia Cole")
    rows = [{person: name, company: firm} for name, firm in zip(people, companies, strict=True)]
    fields = {column.name: column.field for column in make_mapping("contacts", sorted(rows[0]), rows).columns}
    assert fields == {person: "full_name", company: "company_name"}


def test_correct_field_of_the_only_names_stays() -> None:
    rows = [{"Name": "Ron Ltd", "Email": "ron@abel.example"}]
    assert make_mapping("contacts", ["Name", "Email"], rows).columns[0].field == "full_name"


def test_correct_field_of_many_names_compares_some() -> None:
    row = {name: [f"{name} {number}" for number in range(20_000)] for name in ("Name", "contact.name")}
    assert make_mapping("contacts", list(row), [row]).columns[0].field == "company_name"


def test_without_own_site_leaves_out_what_may_be_the_persons() -> None:
    site = MappedColumn("website", "company_website", "alias", 1)
    assert without_own_site(site).field is None
    of_company = MappedColumn("organization.website", "company_website", "alias", 1)
    assert is_site_of_company(of_company) and not is_site_of_company(site)
    assert without_own_site(of_company) == of_company


def test_without_rivals_of_a_column_used_only_alone() -> None:
    column = MappedColumn("Title", "job_title", "alias", 9)
    assert without_rivals(column, [9]) == column
    assert without_rivals(column, [9, 1]).field is None
    assert without_rivals(column, [9, 8]).rank == 2


@pytest.mark.parametrize("contact", [{"name": "Bob Bell", "email": "b@b.example"}, {"full_name": "Bob Bell"}])
@pytest.mark.parametrize(
    ("own", "few", "field"),
    [
        ({"email": "ann@a.example"}, 1, "full_name"), ({"email": "ann@a.example"}, 4, "full_name"),
        ({"email": "ann@a.example"}, 9, "company_name"), ({"Job Title": "CTO"}, 1, "full_name"),
        ({"email": "info@a.example"}, 1, "company_name"), ({"founded_year": "1999"}, 1, "company_name"),
    ],
)  # fmt: skip
def test_correct_field_is_not_decided_by_few_rows(
    contact: dict[str, Any], own: dict[str, Any], few: int, field: str
) -> None:
    rows = [
        flatten({"Name": f"Ann {chr(65 + n)}", **own, **({"contact": contact} if n < few else {})}) for n in range(10)
    ]
    names = list(dict.fromkeys(name for row in rows for name in row))
    assert make_mapping("contacts", names, rows).columns[0].field == field

"""Columns of import files: names, spellings and readers."""

from __future__ import annotations

import pytest
from hypothesis import given, settings

from letrics.ingest.columns import COLUMNS, CONTACTS_ONLY, column_named, plain_name
from letrics.records import Kind
from tests.hostile import texts
from tests.ingest.test_bands import READERS as BAND_READERS
from tests.ingest.test_urls import READERS as URL_READERS
from tests.ingest.test_values import COLUMN_READERS


@settings(deadline=None, max_examples=200)
@given(texts())
def test_any_column_name_is_known_or_not(name: str) -> None:
    for kind in COLUMNS:
        column = column_named(kind, name)
        assert column is None or column.member


def test_every_reader_of_a_column_is_a_tested_one() -> None:
    named = {column.read for columns in COLUMNS.values() for column in columns.values()}
    assert named <= {*COLUMN_READERS.values(), *URL_READERS.values(), *BAND_READERS.values()}


@pytest.mark.parametrize(
    ("kind", "name", "member", "of_company"),
    [
        ("companies", "Founded Year", "founded_year", False),
        ("companies", " E-mail ", None, False),
        ("companies", "email", "emails", False),
        ("contacts", "First-Name", "first_name", False),
        ("contacts", "ID", "external_id", False),
        ("contacts", "Company Name", "name", True),
        ("contacts", "company_linkedin_url", "linkedin_url", True),
        ("contacts", "domain", None, False),
        ("contacts", "Employees Range", None, False),
        ("contacts", "company_employees_range", "employees_range", True),
        ("contacts", "City", "city", False),
        ("contacts", "company_city", "city", True),
        ("contacts", "locations", "locations", False),
        ("companies", "first_name", None, False),
    ],
)
def test_column_named_finds_spellings(kind: Kind, name: str, member: str | None, of_company: bool) -> None:
    column = column_named(kind, name)
    assert (column.member if column else None) == member
    assert column is None or column.of_company is of_company


def test_column_named_with_cells_splits_lists_alone() -> None:
    lists = {name for name, column in COLUMNS["companies"].items() if column.is_list}
    assert lists == {"locations", "functions", "industries", "technologies", "emails", "email"}
    for name, column in COLUMNS["companies"].items():
        in_cells = column_named("companies", name, cells=True)
        assert in_cells is not None and (in_cells.read is not column.read) is (name in lists)
    named: tuple[tuple[Kind, str], ...] = (("companies", "functions"), ("contacts", "company_functions"))
    for kind, name in named:
        split, column = column_named(kind, name, cells=True), COLUMNS[kind][name]
        assert split is not None and split.read("a; b") == ("a", "b")
        assert (split.member, split.of_company, split.is_list) == (column.member, column.of_company, True)


@given(texts())
def test_plain_name_is_idempotent(name: str) -> None:
    assert plain_name(plain_name(name)) == plain_name(name)


def test_contacts_only_are_columns_that_companies_lack() -> None:
    assert (
        COLUMNS["contacts"].keys()
        - {"id"}
        - COLUMNS["companies"].keys()
        - {name for name in COLUMNS["contacts"] if name.startswith("company_")}
        == CONTACTS_ONLY
    )
    assert "first_name" in CONTACTS_ONLY and "email" not in CONTACTS_ONLY

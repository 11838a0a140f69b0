"""Exports of well-known tools and lists in several languages: each column that a record has a field for is used.

`exports.csv` has the headers of each export and the field of each column.
"""

from __future__ import annotations

import csv
import re
import unicodedata
from collections.abc import Callable
from pathlib import Path
from typing import Any, Final, cast

import pytest
from msgspec import UNSET

from letrics.identity.patches import CompanyPatch, ContactPatch
from letrics.ingest.column_mapping import make_mapping
from letrics.ingest.kinds import find_kind
from letrics.ingest.location_parts import LOCATION_PARTS
from letrics.ingest.mapping import mapper
from letrics.ingest.name_parts import NAME_PARTS
from letrics.records import Kind

Fields = dict[str, str | None]

VALUES: Final = {
    "id": "7", "first_name": "Ann", "last_name": "Abel", "last_name_prefix": "de",
    "second_last_name": "Cole", "full_name": "Ann Abel", "job_title": "CTO",
    "department": "IT", "seniority": "Director", "emails": "ann@acme.example", "phone": "+1 555-0100",
    "linkedin_url": "https://www.linkedin.com/in/ann-abel", "locations": "Berlin, Germany", "city": "Berlin",
    "region": "Berlin", "country": "Germany", "country_code": "DE", "street": "Hauptstr. 1", "postal_code": "10115",
    "address": "Hauptstr. 1, 10115 Berlin", "name": "Acme Inc.", "domain": "acme.example",
    "website": "https://www.acme.example", "description": "We make things.", "industries": "Software",
    "technologies": "React", "employees": "120", "employees_range": "51-200", "founded_year": "1999",
    "updated_at": "2026-01-05 10:00:00",
}  # fmt: skip
"""A value of each field."""
COMPANY_PAGE: Final = "https://www.linkedin.com/company/acme"
VARIATIONS: Final[dict[str, Callable[[str], str]]] = {
    "upper": str.upper,
    "lower": str.lower,
    "snake": lambda name: re.sub(r"[^\w#]+", "_", name),
    "joined": lambda name: "".join(name.split()),
    "marked": lambda name: f" {name}*: ",
    "wide spaces": lambda name: name.replace(" ", "\u00a0 "),
    "decomposed": lambda name: unicodedata.normalize("NFD", name),
}
"""Other spellings of a header."""


def _exports() -> dict[str, tuple[Kind, Fields]]:
    exports: dict[str, tuple[Kind, Fields]] = {}
    with (Path(__file__).parent / "exports.csv").open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            _, fields = exports.setdefault(row["export"], (cast("Kind", row["kind"]), {}))
            fields[row["header"]] = row["field"] or None
    return exports


EXPORTS: Final = _exports()


def _row(kind: Kind, fields: Fields) -> dict[str, str]:
    """A row of an export, with a value in each column."""
    row = {}
    for header, field in fields.items():
        company = kind == "companies" or (field or "").startswith("company_")
        plain = (field or "").removeprefix("company_")
        row[header] = COMPANY_PAGE if company and plain == "linkedin_url" else VALUES.get(plain, "Leo")
    return row


@pytest.mark.parametrize("export", EXPORTS)
def test_columns_of_an_export_have_their_fields(export: str) -> None:
    kind, fields = EXPORTS[export]
    assert find_kind("-", list(fields)) == kind
    mapping = make_mapping(kind, list(fields), [_row(kind, fields)])
    assert {column.name: column.field for column in mapping.columns} == fields
    assert not mapping.ambiguous


@pytest.mark.parametrize("variation", VARIATIONS)
@pytest.mark.parametrize("export", EXPORTS)
def test_columns_in_other_spellings_have_their_fields(export: str, variation: str) -> None:
    kind, fields = EXPORTS[export]
    spelled = {VARIATIONS[variation](header): field for header, field in fields.items()}
    assert find_kind("-", list(spelled)) == kind
    mapping = make_mapping(kind, list(spelled), [_row(kind, spelled)])
    assert {column.name: column.field for column in mapping.columns} == spelled


@pytest.mark.parametrize("export", EXPORTS)
def test_row_of_an_export_sets_all_its_fields(export: str) -> None:
    kind, fields = EXPORTS[export]
    row, rows_of = _row(kind, fields), mapper(kind, cells=True)
    rows_of.use(make_mapping(kind, list(fields), [row]))
    patch: Any = rows_of.read(row | {"domain": "acme.example"})
    assert not rows_of.take_warnings()
    for field in {field for field in fields.values() if field is not None}:
        owner, name = patch, field
        if isinstance(patch, ContactPatch) and field.startswith("company_"):
            owner, name = patch.company, field.removeprefix("company_")
        member = "locations" if name in LOCATION_PARTS else "last_name" if name in NAME_PARTS else name
        member = "external_id" if field == "id" and kind == "contacts" else member
        if isinstance(owner, str):
            owner = CompanyPatch(domain=owner)
        assert getattr(owner, member) not in (UNSET, None, ()), field


def test_exports_name_what_is_never_used() -> None:
    never = ("Owner", "Company Name for Emails", "Email Status", "Lead Status", "Connected On")
    named = [(header, field) for _, fields in EXPORTS.values() for header, field in fields.items()]
    assert not [header for header, field in named if field is not None and any(word in header for word in never)]

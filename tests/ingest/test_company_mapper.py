"""Rows of companies into patches: every column, and what identifies a company."""

from __future__ import annotations

import contextlib
from typing import Any, cast

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec import UNSET

from letrics.identity.patches import CompanyPatch
from letrics.ingest.column_mapping import make_mapping
from letrics.ingest.company_mapper import CompanyMapper
from letrics.ingest.rows import RowProblem
from letrics.records import Email, EmployeesRange
from tests.ingest.single_rows import any_rows, company


@pytest.mark.parametrize(
    ("name", "value", "member", "read"),
    [
        ("domain", "https://www.acme.example/about", "domain", "acme.example"),
        ("domain", "jane@Mail.Acme.example", "domain", "acme.example"),
        ("name", "  Acme\tInc\x00 ", "name", "Acme Inc"),
        ("name", None, "name", None),
        ("name", "", "name", UNSET),
        ("name", 3, "name", "3"),
        ("Founded Year", 1999, "founded_year", 1999),
        ("website", "acme.example/start", "website", "https://acme.example/start"),
        ("website", "HTTP://Acme.example", "website", "HTTP://Acme.example"),
        ("website", None, "website", None),
        ("functions", ["Maker", " Maker ", "", None, "Seller"], "functions", ("Maker", "Seller")),
        ("industries", "Software", "industries", ("Software",)),
        ("technologies", [], "technologies", ()),
        ("technologies", None, "technologies", ()),
        ("email", "info@acme.example", "emails", (Email("info@acme.example", "generic"),)),
        ("emails", ["jane@acme.example"], "emails", (Email("jane@acme.example", "personal"),)),
        ("emails", {"value": "hr@a.example", "type": "personal"}, "emails", (Email("hr@a.example", "personal"),)),
        ("emails", [{"value": "a@b.example", "type": None}], "emails", (Email("a@b.example", "personal"),)),
        ("emails", ["a@b.example", "A@B.example", ""], "emails", (Email("a@b.example", "personal"),)),
        ("emails", None, "emails", ()),
        ("linkedin_url", "linkedin.com/company/acme", "linkedin_url", "https://www.linkedin.com/company/acme"),
        ("linkedin_url", "https://linkedin.example/c/a", "linkedin_url", "https://linkedin.example/c/a"),
        ("employees", 1200, "employees", 1200),
        ("employees", "1,200", "employees", 1200),
        ("employees", "1200.0", "employees", 1200),
        ("employees", 12.0, "employees", 12),
        ("employees", 0, "employees", 0),
        ("employees", "11-50", "employees_range", EmployeesRange(11, 50)),
        ("employees_range", "10,001+", "employees_range", EmployeesRange(10_001, None)),
        ("employees_range", {"min": None, "max": 9}, "employees_range", EmployeesRange(None, 9)),
        ("employees", None, "employees", None),
        ("added_at", "2026-01-31", "added_at", "2026-01-31T00:00:00.000Z"),
        ("added_at", "2026-01-31T09:30:00.123Z", "added_at", "2026-01-31T09:30:00.123Z"),
        ("first_seen_at", "2026-01-31T09:30:00.123456+01:00", "first_seen_at", "2026-01-31T08:30:00.123Z"),
        ("updated_at", None, "updated_at", UNSET),
        ("locations", None, "locations", ()),
        ("locations", [], "locations", ()),
    ],
)  # fmt: skip
def test_a_company_column_is_read(name: str, value: object, member: str, read: object) -> None:
    assert getattr(company(**{name: cast("Any", value)}), member) == read


@pytest.mark.parametrize(
    ("row", "field"),
    [
        ({"domain": "localhost", "employees": "many"}, "domain"),
        ({"website": "localhost", "employees": "many"}, "website"),
        ({"employees": "many"}, "domain"),
    ],
)
def test_read_of_company_with_unreadable_key_names_it(row: dict[str, Any], field: str) -> None:
    with pytest.raises(RowProblem) as raised:
        CompanyMapper().read(row)
    assert raised.value.field == field


def test_a_company_needs_something_that_identifies_it() -> None:
    patch = CompanyMapper().read({"website": "https://shop.acme.example/x", "domain": None})
    assert (patch.domain, patch.website) == ("acme.example", "https://shop.acme.example/x")
    for members in ({"employees": 5}, {"name": "?!"}, {"domain": "", "website": " "}, {"domain": None}, {"id": "7"}):
        with pytest.raises(RowProblem) as raised:
            CompanyMapper().read(members)
        assert raised.value.field == "domain"
        assert "is missing" in raised.value.reason


def test_a_band_beside_a_number_of_employees_keeps_both() -> None:
    patch = company(employees=12, employees_range="11-50")
    assert (patch.employees, patch.employees_range) == (12, EmployeesRange(11, 50))
    patch = company(employees="51-200", employees_range="11-50")
    assert (patch.employees, patch.employees_range) == (UNSET, EmployeesRange(11, 50))
    for row in ({"Company Size": "51-200", "# Employees": "87"}, {"# Employees": "87", "Company Size": "51-200"}):
        patch = CompanyMapper(cells=True).read({"domain": "acme.example"} | row)
        assert (patch.employees, patch.employees_range) == (87, EmployeesRange(51, 200))


@settings(deadline=None, max_examples=300)
@given(any_rows("companies"), st.booleans())
def test_companies(row: dict[str, Any], cells: bool) -> None:
    with contextlib.suppress(RowProblem):
        msgspec.json.encode(CompanyMapper(cells).read(row))


def test_read_of_company_leaves_out_objects_of_others() -> None:
    rows_of = CompanyMapper()
    row = {"name": "Acme", "organization.name": "Beta", "organization.domain": "beta.example"}
    rows_of.use(make_mapping("companies", list(row), [row]))
    assert rows_of.read(row) == CompanyPatch(name="Acme")
    assert [(each.field, each.reason) for each in rows_of.take_warnings()] == [
        ("organization", "is left out: it describes another company than the row")
    ]
    same = {"name": "Acme", "organization.name": "Acme GmbH", "organization.domain": "acme.example"}
    assert rows_of.read(same).domain == "acme.example"
    nested = {"name": "Acme", "company": {"name": "Beta", "domain": "beta.example"}}
    assert rows_of.read(nested) == CompanyPatch(name="Acme")

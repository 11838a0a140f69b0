"""Rows of contacts into patches: every column, the company, and what makes a row unusable."""

from __future__ import annotations

import contextlib
from typing import Any, cast

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec import UNSET

from letrics.identity.patches import CompanyPatch
from letrics.ingest.cell_rules import CellRules
from letrics.ingest.column_mapping import make_mapping
from letrics.ingest.company_rows import NoPerson
from letrics.ingest.contact_mapper import ContactMapper
from letrics.ingest.nested_objects import flatten
from letrics.ingest.rows import RowProblem
from letrics.normalize.place import complete_place
from letrics.records import EmployeesRange
from tests.ingest.single_rows import STRICT, any_rows, contact


@pytest.mark.parametrize(
    ("row", "field"),
    [
        ({"id": "x" * 201}, "id"),
        ({"linkedin_url": "jane"}, "linkedin_url"),
        ({"email": "jane", "is_decision_maker": "perhaps"}, "email"),
        ({"is_decision_maker": "perhaps"}, None),
    ],
)
def test_read_of_contact_with_unreadable_key_names_it(row: dict[str, Any], field: str | None) -> None:
    with pytest.raises(RowProblem) as raised:
        ContactMapper().read({"company_domain": "acme.example", **row})
    assert raised.value.field == field
    mapper = ContactMapper()
    assert mapper.read({"company_domain": "acme.example", "full_name": "Jane", **row}).full_name == "Jane"
    assert [warning.field for warning in mapper.warnings] == list(row)


def test_read_warns_about_each_contact_of_a_bad_company() -> None:
    mapper = ContactMapper()
    row = {"full_name": "Jane Doe", "company": {"domain": "acme.example", "employees": "many"}}
    for _ in range(2):
        assert mapper.read(row).company == CompanyPatch(domain="acme.example")
        assert [warning.field for warning in mapper.take_warnings()] == ["company.employees"]
    mapper.read({**row, "company_name": "Acme"})
    assert [warning.field for warning in mapper.warnings] == ["company.employees"]


def test_read_keeps_the_company_columns_beside_a_bad_company() -> None:
    mapper = ContactMapper()
    row = {"full_name": "Jane Doe", "company": [], "company_domain": "acme.example"}
    assert mapper.read(row).company == "acme.example"
    assert [warning.field for warning in mapper.warnings] == ["company"]


def test_places_of_a_contact_are_its_own() -> None:
    berlin, paris = complete_place("Berlin", None, "Germany", None), complete_place(None, None, None, "Paris")
    given = contact(city="Berlin", country="Germany", company_locations=["Paris"])
    assert given.locations == (berlin,) and isinstance(given.company, CompanyPatch)
    assert given.company.locations == (paris,)
    assert contact(cells=True, locations="Paris; Berlin, Germany").locations[0] == paris
    assert contact(city=None, country=" ").locations is contact(company_city="Berlin").locations is UNSET


@pytest.mark.parametrize(
    ("name", "value", "member", "read"),
    [
        ("id", "17", "external_id", "17"),
        ("id", 17, "external_id", "17"),
        ("id", None, "external_id", None),
        ("First Name", "Jane", "first_name", "Jane"),
        ("job-title", "CTO", "job_title", "CTO"),
        ("is_decision_maker", True, "is_decision_maker", True),
        ("is_decision_maker", "No", "is_decision_maker", False),
        ("is_decision_maker", 1, "is_decision_maker", True),
        ("is_decision_maker", None, "is_decision_maker", None),
        ("phone", 4930123, "phone", "4930123"),
        ("linkedin_url", "www.linkedin.com/in/jane", "linkedin_url", "https://www.linkedin.com/in/jane"),
    ],
)
def test_a_contact_column_is_read(name: str, value: object, member: str, read: object) -> None:
    assert getattr(contact(**{name: cast("Any", value)}), member) == read


def test_a_decision_maker_is_yes_or_no() -> None:
    with pytest.raises(RowProblem, match="true or false"):
        contact(is_decision_maker="perhaps")


def test_a_source_goes_before_the_external_id() -> None:
    members = {"id": "7", "company_domain": "acme.example"}
    assert ContactMapper(source="crm").read(members).external_id == "crm:7"
    assert ContactMapper().read(members).external_id == "7"


def test_full_name_without_a_cell_is_left_to_the_merge() -> None:
    members = {"company_domain": "acme.example", "first_name": "Jane", "last_name": "Doe"}
    assert ContactMapper().read(members).full_name is UNSET
    assert ContactMapper().read({**members, "full_name": "J. Doe"}).full_name == "J. Doe"


@pytest.mark.parametrize(
    "members",
    [
        {"id": "7"}, {"email": "info@acme.example"}, {"emails": ["a@b.example"]}, {"linkedin_url": "linkedin.com/in/j"},
        {"full_name": "Jane"}, {"first_name": "Jane", "last_name": "Doe"},
    ],
)  # fmt: skip
def test_each_of_these_says_who_a_contact_is(members: dict[str, Any]) -> None:
    assert ContactMapper().read({"company_domain": "acme.example", **members}).company == "acme.example"


@pytest.mark.parametrize("members", [{}, {"first_name": "Jane"}, {"last_name": "Doe"}, {"emails": []}, {"id": " "}])
def test_row_that_identifies_no_contact_is_rejected(members: dict[str, Any]) -> None:
    with pytest.raises(RowProblem, match="does not identify a contact"):
        ContactMapper().read({"company_domain": "acme.example", **members})


def test_row_without_a_person_has_its_company() -> None:
    mapper = ContactMapper(cells=True)
    with pytest.raises(NoPerson) as problem:
        mapper.read({"company_name": "Acme", "job_title": "CEO", "phone": "n/a", "city": "", "email": "a@", "x": "y"})
    assert problem.value.company_patch() == CompanyPatch(name="Acme")
    left_out = {warning.field: warning.reason for warning in mapper.take_warnings()}
    assert left_out.keys() == {"email", "job_title"}
    assert left_out["job_title"] == '"CEO" is left out: the row names no person'
    with pytest.raises(NoPerson) as problem:
        mapper.read({"job_title": "CEO"})
    with pytest.raises(RowProblem, match="does not identify a contact"):
        problem.value.company_patch()


def test_row_without_a_person_is_rejected_if_strict() -> None:
    mapper = ContactMapper(cells=True, rules=CellRules(strict=True))
    with pytest.raises(RowProblem, match="the row names no person"):
        mapper.read({"company_name": "Acme", "job_title": "CEO"})


@pytest.mark.parametrize(
    ("members", "company"),
    [
        ({"email": "ann@acme1.example"}, "acme1.example"),
        ({"emails": ["info@acme2.example", "ann@mail.acme1.example"]}, "acme1.example"),
        ({"emails": ["ann@gmail.com", "ann@acme1.example"]}, "acme1.example"),
        ({"emails": ["info@acme1.example"], "full_name": "Ann"}, "acme1.example"),
        ({"email": "ann@acme1.example", "company_name": None, "company_domain": ""}, "acme1.example"),
    ],
)
def test_contact_mapper_takes_the_company_from_an_email(members: dict[str, Any], company: str) -> None:
    patch = ContactMapper().read(members)
    assert (patch.company, patch.company_from_email) == (company, True)


def test_values_of_the_company_of_an_email_are_complete() -> None:
    row = {"email": "ann@acme.example", "company_employees": "1-10", "company_city": "Berlin", "company_country": "DE"}
    company = ContactMapper(cells=True).read(row).company
    assert isinstance(company, CompanyPatch)
    assert (company.employees, company.employees_range) == (UNSET, EmployeesRange(1, 10))
    assert [place.city for place in company.locations] == ["Berlin"]


@pytest.mark.parametrize(
    ("members", "company"),
    [
        ({"email": "ann@gmail.com"}, UNSET),
        ({"linkedin_url": "https://www.linkedin.com/in/ann", "full_name": "Ann"}, UNSET),
        ({"id": "1"}, UNSET),
        ({"id": "1", "company": None}, None),
        ({"email": "ann@acme1.example", "company": None}, None),
    ],
)
def test_contact_mapper_reads_a_row_without_a_company(members: dict[str, Any], company: Any) -> None:
    patch = ContactMapper().read(members)
    assert (patch.company, patch.company_from_email) == (company, False)


@pytest.mark.parametrize(
    ("members", "company"),
    [
        ({"company_name": "Acme"}, CompanyPatch(name="Acme")),
        ({"company": {"name": "Acme"}}, CompanyPatch(name="Acme")),
        ({"company_name": "Acme", "email": "ann@other.example"}, CompanyPatch(name="Acme")),
        (
            {"company_website": "https://www.facebook.com/acme", "company_name": "Acme"},
            CompanyPatch(name="Acme", website="https://www.facebook.com/acme"),
        ),
        (
            {"company_website": "https://www.linkedin.com/company/acme"},
            CompanyPatch(linkedin_url="https://www.linkedin.com/company/acme"),
        ),
        ({"company": {"id": "co_0123456789ab"}}, CompanyPatch(id="co_0123456789ab")),
        (
            {"company_industries": ["X"], "email": "ann@acme.example"},
            CompanyPatch(domain="acme.example", industries=("X",)),
        ),
    ],
)  # fmt: skip
def test_contact_mapper_reads_a_company_without_a_domain(members: dict[str, Any], company: CompanyPatch) -> None:
    assert ContactMapper().read({"full_name": "Ann", **members}).company == company


def test_contact_mapper_warns_of_an_unidentified_company() -> None:
    mapper = ContactMapper()
    patch = mapper.read({"id": "1", "company_industries": ["X"], "company_website": "https://facebook.com/acme"})
    assert patch.company is UNSET
    assert [warning.field for warning in mapper.warnings] == ["company_website", "company"]


@pytest.mark.parametrize("members", [{"full_name": "Ann"}, {"full_name": "Ann", "email": "info@gmail.com"}])
def test_contact_mapper_rejects_a_name_without_a_company(members: dict[str, Any]) -> None:
    with pytest.raises(RowProblem, match="needs its company"):
        ContactMapper().read(members)


@pytest.mark.parametrize(
    ("members", "field"),
    [
        ({}, "company_domain"),
        ({"company_domain": None}, "company_domain"),
        ({"company_domain": "acme"}, "company_domain"),
        ({"company": {"domain": "acme"}}, "company.domain"),
        ({"company": {"domain": "acme", "name": "Acme"}}, "company.domain"),
        ({"company": {"domain": "acme.example", "employees": "many"}}, "company.employees"),
        ({"company": "acme.example"}, "company"),
        ({"company": [], "company_domain": "acme.example"}, "company"),
        ({"company": {"domain": "other.example"}, "company_domain": "acme.example"}, "company_domain"),
    ],
)
def test_a_contact_without_a_usable_company_is_rejected(members: dict[str, Any], field: str) -> None:
    with pytest.raises(RowProblem) as raised:
        ContactMapper(rules=STRICT).read({"full_name": "Jane Doe", **members})
    assert raised.value.field == field


@pytest.mark.parametrize(
    "members",
    [
        {"company": {"domain": "www.acme.example", "name": "Acme"}},
        {"company_domain": "acme.example", "company_name": "Acme"},
        {"company_domain": "acme.example", "company": {"name": "Acme"}},
        {"company_domain": "acme.example", "company": {"domain": "https://acme.example", "name": "Acme"}},
    ],
)
def test_what_a_row_says_of_the_company_goes_to_the_company(members: dict[str, Any]) -> None:
    patch = ContactMapper().read({"full_name": "Jane Doe", **members})
    assert patch.company == CompanyPatch(domain="acme.example", name="Acme")


def test_a_company_alone_is_its_domain() -> None:
    for members in ({"company_domain": "x@acme.example"}, {"company": {"domain": "ACME.example"}}):
        assert ContactMapper().read({"full_name": "Jane Doe", **members}).company == "acme.example"


def test_unknown_members_of_the_nested_company_are_named() -> None:
    mapper = ContactMapper()
    nested = {"id": "acme.example", "domain": "acme.example", "fax": "1"}
    mapper.read(flatten({"full_name": "Jane Doe", "company": nested, "fax": 2}))
    mapper.read({"full_name": "Jane Doe", "company": {"domain": "acme.example", "tld": "example"}})
    assert sorted(mapper.ignored) == ["company.fax", "fax"]


def test_a_company_cell_is_only_a_name() -> None:
    mapper = ContactMapper(cells=True)
    patch = mapper.read({"full_name": "Jane Doe", "company_domain": "acme.example", "company": "Acme"})
    assert patch.company == CompanyPatch(domain="acme.example", name="Acme")
    assert list(mapper.ignored) == []


@settings(deadline=None, max_examples=300)
@given(any_rows("contacts"), st.booleans())
def test_contacts(row: dict[str, Any], cells: bool) -> None:
    with contextlib.suppress(RowProblem):
        msgspec.json.encode(ContactMapper(cells).read(row))


@pytest.mark.parametrize("company", ["Acme", 12, {"name": "Acme"}])
def test_use_of_an_ignored_company_does_not_read_it(company: Any) -> None:
    rows_of = ContactMapper()
    row = {"email": "ann@beta.example", "company": company}
    rows_of.use(make_mapping("contacts", list(row), [row], {"company": None}))
    patch = rows_of.read(row)
    assert patch.company == "beta.example"
    assert not rows_of.take_warnings()


def test_read_takes_the_first_of_a_list() -> None:
    rows_of = ContactMapper()
    patch = rows_of.read({"name": ["Ann Abel"], "Company": ["Acme", "Beta"], "id": "7"})
    assert (patch.full_name, patch.company) == ("Ann Abel", CompanyPatch(name="Acme"))
    assert [each.field for each in rows_of.take_warnings()] == ["Company"]

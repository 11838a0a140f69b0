"""Rows into patches: every column, every way to write it, and what makes a row unusable."""

from __future__ import annotations

import contextlib
from typing import Any, cast

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec import UNSET

from letrics.identity.patches import CompanyPatch, ContactPatch
from letrics.ingest.cell_rules import CellRules
from letrics.ingest.column_mapping import make_mapping
from letrics.ingest.columns import COLUMNS
from letrics.ingest.company_rows import NoPerson
from letrics.ingest.mapping import CompanyMapper, ContactMapper
from letrics.ingest.nested_objects import flatten
from letrics.ingest.rows import RowProblem
from letrics.normalize.place import complete_place
from letrics.records import Email, EmployeesRange, Place

STRICT = CellRules(strict=True)


def company(cells: bool = False, **members: Any) -> CompanyPatch:
    return CompanyMapper(cells, STRICT).read({"domain": "acme.example", **members})


def contact(cells: bool = False, **members: Any) -> ContactPatch:
    row = {"company_domain": "acme.example", "full_name": "Jane Doe", **members}
    return ContactMapper(cells, rules=STRICT).read(row)


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


BAD_VALUES = pytest.mark.parametrize(
    ("name", "value", "reason"),
    [
        ("domain", "localhost", "single word"),
        ("domain", "co.uk", "public suffix"),
        ("domain", 17, "not a domain"),
        ("domain", ["acme.example"], "must be a string"),
        ("name", ["Acme"], "must be a string"),
        ("name", True, "must be a string"),
        ("name", 1.5, "must be a string"),
        ("name", "\ud800", "half a surrogate"),
        ("website", "ftp://acme.example", "not a web address"),
        ("website", "javascript:alert(1)", "not a web address"),
        ("website", "not a site", "not a web address"),
        ("website", "https://", "not a web address"),
        ("website", "https://[", "not a web address"),
        ("website", "https://acme.example/" + "x" * 3000, "longer than"),
        ("linkedin_url", "acme", "not a profile address"),
        ("linkedin_url", "acme.example", "not a profile address"),
        ("functions", 3, "must be a list of strings"),
        ("functions", [["Maker"]], "must be a string"),
        ("emails", "jane", "no @"),
        ("emails", [3], "must be an email address"),
        ("emails", [{"value": "a@b.example", "type": "work"}], "use generic or personal"),
        ("employees", "11-", "whole number"),
        ("employees", "50-11", "smaller number first"),
        ("employees_range", {"min": 5, "max": 1}, "smaller number first"),
        ("employees", "many", "whole number"),
        ("employees", -1, "whole number"),
        ("employees", 2**70, "whole number"),
        ("employees", True, "whole number"),
        ("employees", 1.5, "whole number"),
        ("employees", "9" * 5000, "whole number"),
        ("founded_year", 0, "must be a year"),
        ("added_at", "yesterday", "not a date"),
        ("added_at", "2026-02-30T00:00:00.000Z", "does not exist"),
        ("added_at", 1700000000, "must be a timestamp"),
        ("added_at", "0001-01-01T00:00:00+23:00", "years 1 to 9999"),
        ("locations", [3], "must be a location"),
        ("locations", [{"city": 1.5}], "must be a string"),
    ],
)


@BAD_VALUES
def test_a_bad_value_rejects_the_row_and_names_the_field(name: str, value: object, reason: str) -> None:
    with pytest.raises(RowProblem) as raised:
        company(**{name: cast("Any", value)})
    assert raised.value.field == name
    assert reason in raised.value.reason


@BAD_VALUES
def test_read_with_a_bad_value_leaves_out_the_cell(name: str, value: object, reason: str) -> None:
    mapper = CompanyMapper()
    row = {"domain": "acme.example", "website": "acme.example", "name": "Acme", name: value}
    patch = mapper.read(row)
    assert getattr(patch, name) == ("acme.example" if name == "domain" else UNSET)
    assert patch.domain == "acme.example"
    (warning,) = mapper.take_warnings()
    assert warning.field == name
    assert reason in warning.reason
    assert mapper.read({"domain": "acme.example"}) and mapper.warnings == []


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


def test_a_company_needs_something_that_identifies_it() -> None:
    patch = CompanyMapper().read({"website": "https://shop.acme.example/x", "domain": None})
    assert (patch.domain, patch.website) == ("acme.example", "https://shop.acme.example/x")
    for members in ({"employees": 5}, {"name": "?!"}, {"domain": "", "website": " "}, {"domain": None}, {"id": "7"}):
        with pytest.raises(RowProblem) as raised:
            CompanyMapper().read(members)
        assert raised.value.field == "domain"
        assert "is missing" in raised.value.reason


def test_absent_members_say_nothing() -> None:
    patch = company(name="Acme")
    said = {name for name in patch.__struct_fields__ if getattr(patch, name) is not UNSET}
    assert said == {"id", "domain", "name"} and patch.id is None


def test_places_are_objects_texts_or_three_columns() -> None:
    berlin = complete_place("Berlin", None, "Germany", None)
    assert company(city="Berlin", country="Germany", locations=["Paris"]).locations == (berlin,)
    assert company(locations=[{"city": "Berlin", "country": "Germany"}]).locations == (berlin,)
    assert (
        company(city="Berlin", country="D").locations == company(city="Berlin", country_code="D").locations == (berlin,)
    )
    assert company(locations="D").locations == (Place(text="D"),)
    text = complete_place(None, None, None, "Berlin, Germany")
    assert company(locations="Berlin, Germany").locations == (text,)
    assert company(locations=["Berlin, Germany", "Berlin, Germany", {}, " "]).locations == (text,)
    assert company(city=None, region=None, country=None).locations is UNSET


def test_places_of_a_contact_are_its_own() -> None:
    berlin, paris = complete_place("Berlin", None, "Germany", None), complete_place(None, None, None, "Paris")
    given = contact(city="Berlin", country="Germany", company_locations=["Paris"])
    assert given.locations == (berlin,) and isinstance(given.company, CompanyPatch)
    assert given.company.locations == (paris,)
    assert contact(cells=True, locations="Paris; Berlin, Germany").locations[0] == paris
    assert contact(city=None, country=" ").locations is contact(company_city="Berlin").locations is UNSET


def test_a_band_beside_a_number_of_employees_keeps_both() -> None:
    patch = company(employees=12, employees_range="11-50")
    assert (patch.employees, patch.employees_range) == (12, EmployeesRange(11, 50))
    patch = company(employees="51-200", employees_range="11-50")
    assert (patch.employees, patch.employees_range) == (UNSET, EmployeesRange(11, 50))
    for row in ({"Company Size": "51-200", "# Employees": "87"}, {"# Employees": "87", "Company Size": "51-200"}):
        patch = CompanyMapper(cells=True).read({"domain": "acme.example"} | row)
        assert (patch.employees, patch.employees_range) == (87, EmployeesRange(51, 200))


def test_lists_in_one_cell() -> None:
    patch = company(
        cells=True, technologies="React; Vue ;;", emails="info@acme.example;jane@acme.example",
        locations='[{"city":"Berlin","country":"Germany"}]', industries='["a;b"]',
    )  # fmt: skip
    assert patch.technologies == ("React", "Vue")
    assert patch.industries == ("a;b",)
    assert patch.emails == (Email("info@acme.example", "generic"), Email("jane@acme.example", "personal"))
    assert patch.locations == (complete_place("Berlin", None, "Germany", None),)


def test_email_and_emails_are_one() -> None:
    both = company(email="info@acme.example", emails=["info@acme.example", "jane@acme.example"]).emails
    assert both == (Email("info@acme.example", "generic"), Email("jane@acme.example", "personal"))


def test_read_several_columns_of_one_field_uses_the_best() -> None:
    assert company(name="A", Name="B").name == "A"
    assert CompanyMapper().read({"domain": "acme.example", "Company Name": "A", "name": "B"}).name == "B"
    phones: dict[str, Any] = {"Mobile Phone": "3", "Work Phone": "2", "Corporate Phone": "5"}
    assert contact(**phones).phone == "2"
    assert contact(**phones, phone="1").phone == "1"
    assert contact(**phones | {"Work Phone": " "}).phone == "3"
    assert contact(**dict(reversed(phones.items()))).phone == "2"
    three: dict[str, Any] = {"Mobile Phone": "3", "phone": "1", "PHONE": "2"}
    assert contact(**three).phone == "1"
    flags: dict[str, Any] = {"is_decision_maker": None, "Decision Maker": False}
    assert contact(**flags).is_decision_maker is False


def test_read_several_columns_of_emails_adds_them() -> None:
    several: dict[str, Any] = {"Work Email": "a@acme.example", "Secondary Email": "b@acme.example", "email": None}
    assert contact(**several).emails == (Email("a@acme.example", "personal"), Email("b@acme.example", "personal"))


def test_use_reads_columns_as_the_mapping_says() -> None:
    mapper = ContactMapper(cells=True)
    names = ["Zodiac", "Notes", "URL", "full_name", "company_domain", "phone"]
    rows = [{"URL": "https://acme.example/start"}]
    given = {"Zodiac": "company_industries", "phone": None}
    mapper.use(make_mapping("contacts", names, rows, given))
    row = {"Zodiac": "A;B", "Notes": "x", "URL": "acme.example/x", "full_name": "Jane", "phone": "1"}
    patch = mapper.read({**row, "company_domain": "acme.example", "Email": "a@acme.example"})
    assert patch.company == CompanyPatch(domain="acme.example", industries=("A", "B"), website="https://acme.example/x")
    assert patch.phone is UNSET and patch.emails == (Email("a@acme.example", "personal"),)
    assert list(mapper.ignored) == ["Notes", "phone"]
    assert mapper.overrides == (("Zodiac", "company_industries", 0), ("URL", "company_website", 9), ("phone", None, 0))


def test_use_of_a_company_text_reads_its_name() -> None:
    mapper = ContactMapper()
    mapper.use(make_mapping("contacts", ["company", "email"], [{"company": "Acme"}]))
    patch = mapper.read({"company": "Acme", "email": "a@acme.example", "company_domain": "acme.example"})
    assert patch.company == CompanyPatch(domain="acme.example", name="Acme")


def test_unknown_columns_are_collected_once() -> None:
    mapper = CompanyMapper()
    for _ in range(2):
        mapper.read({"domain": "acme.example", "id": "7", "Fax": "1", "tld": "example", "zodiac": None})
    assert list(mapper.ignored) == ["Fax", "tld", "zodiac"]


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


_leaves: st.SearchStrategy[Any] = (
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=20)
    | st.sampled_from(["acme.example", "jane@acme.example", "2026-01-31", "https://a.example", "1,200", "\ud800"])
)  # fmt: skip


_names = st.sampled_from(["value", "type", "domain", "city", "country", "text", "x"])


_values = st.recursive(
    _leaves, lambda below: st.lists(below, max_size=3) | st.dictionaries(_names, below, max_size=3), max_leaves=6
)


def _rows(kind: Any) -> st.SearchStrategy[dict[str, Any]]:
    names = st.sampled_from([*COLUMNS[kind], "company", "ID", "unknown"])
    domain = "domain" if kind == "companies" else "company_domain"
    return st.dictionaries(names, _values, max_size=8).map(lambda row: {domain: "acme.example", "id": "1", **row})


@settings(deadline=None, max_examples=300)
@given(_rows("companies"), st.booleans())
def test_companies(row: dict[str, Any], cells: bool) -> None:
    with contextlib.suppress(RowProblem):
        msgspec.json.encode(CompanyMapper(cells).read(row))


@settings(deadline=None, max_examples=300)
@given(_rows("contacts"), st.booleans())
def test_contacts(row: dict[str, Any], cells: bool) -> None:
    with contextlib.suppress(RowProblem):
        msgspec.json.encode(ContactMapper(cells).read(row))

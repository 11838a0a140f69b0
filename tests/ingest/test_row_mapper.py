"""Rows into patches: cells that cannot be read, several columns of one field, and unknown columns."""

from __future__ import annotations

from typing import Any, cast

import pytest
from msgspec import UNSET

from letrics.identity.patches import CompanyPatch
from letrics.ingest.cell_rules import DEFAULT_RULES, complete_rules
from letrics.ingest.column_mapping import make_mapping
from letrics.ingest.company_mapper import CompanyMapper
from letrics.ingest.contact_mapper import ContactMapper
from letrics.ingest.rows import RowProblem
from letrics.normalize.place import complete_place
from letrics.records import Email, Kind, Place
from tests.ingest.single_rows import company, contact

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


@pytest.mark.parametrize("form", ["{}/{}", "{}.{}", "{}[{}]", "{}_{}", "company/{}/{}", "data.{}[{}].name"])
def test_columns_of_a_list_are_joined_by_place(form: str) -> None:
    cells = {form.format("technologies", place): text for place, text in ((0, "A"), (10, "D"), (1, "B, b"), (2, "C;A"))}
    for kind, prefix in (("companies", ""), ("contacts", "company_")):
        row = {f"{prefix}domain": "acme.example", "email": "ann@acme.example", **cells}
        mapper: Any = (CompanyMapper if kind == "companies" else ContactMapper)(cells=True)
        mapping = make_mapping(cast("Kind", kind), list(row), [row])
        mapper.rules = complete_rules(DEFAULT_RULES, mapping, [row])
        mapper.use(mapping)
        patch = mapper.read(row)
        of_company = patch if kind == "companies" else patch.company
        assert of_company.technologies == ("A", "B, b", "C", "D")


@pytest.mark.parametrize(
    ("row", "expected"),
    [
        ({"technologies/0": "A"}, ("A",)), ({"technologies/0": "A, B"}, ("A", "B")),
        ({"technologies/0": "", "technologies/1": "B"}, ("B",)),
        ({"technologies/0": "n/a", "technologies/1": "B"}, ("B",)),
        ({"technologies": "C", "technologies/0": "A", "technologies/1": "B"}, ("C",)),
        ({"technologies/0": "A", "technologies/1": "B", "technologies": ""}, ("A", "B")),
        ({"Tech Stack/0": "A", "Tech Stack/1": "B", "technologies": "C"}, ("C",)),
        ({"technologies/0": "", "technologies/1": ""}, UNSET),
        ({"Technology 2": "B", "Technology 1": "A"}, ("A", "B")),
        ({"Technology2": "B", "Technology 10": "C"}, ("B", "C")),
        ({"Technology 3": "C, D", "Technology": "A, B"}, ("A, B", "C, D")), ({"Technologies": "A, B"}, ("A", "B")),
        ({"Technology": "A", "Technology (2)": "B", "Technology (3)": ""}, ("A", "B")),
        ({"Technology": "", "Technology 2": "B", "Tech Stack": "C"}, ("B",)),
        ({"Technologies 2024": "A", "Technology": "B"}, ("B",)),
        ({"Technology #2": "A; B", "Technology #1": "B"}, ("B", "A")),
    ],
)  # fmt: skip
def test_columns_of_a_list_compete_as_one(row: dict[str, str], expected: Any) -> None:
    row = {"domain": "acme.example", **row}
    mapper = CompanyMapper(cells=True)
    mapping = make_mapping("companies", list(row), [row])
    mapper.rules = complete_rules(DEFAULT_RULES, mapping, [row])
    mapper.use(mapping)
    assert mapper.read(row).technologies == expected and not mapper.warnings


@pytest.mark.parametrize(
    ("row", "expected"),
    [
        ({"Location 1": "Berlin, Germany", "Location 2": "Paris, France"}, ["Berlin", "Paris"]),
        ({"Location 2": "Paris, France", "Location": "Berlin, Germany"}, ["Berlin", "Paris"]),
        ({"Location": "", "Location 2": "Paris, France", "Location 3": "Berlin; Rome"}, ["Paris", "Berlin", "Rome"]),
        ({"Location (2)": "Paris, France", "Location": "Paris, France"}, ["Paris"]),
        ({"locations/0": "Berlin, Germany", "locations/1": "Paris, France"}, ["Berlin", "Paris"]),
        ({"Location 1": "n/a", "Location 2": "-"}, []),
    ],
)  # fmt: skip
@pytest.mark.parametrize("kind", ["companies", "contacts"])
def test_numbered_columns_of_locations_are_joined(kind: Kind, row: dict[str, str], expected: list[str]) -> None:
    row = {"domain": "acme.example", **row} if kind == "companies" else {"id": "1", **row}
    mapper = CompanyMapper(cells=True) if kind == "companies" else ContactMapper(cells=True)
    mapping = make_mapping(kind, list(row), [row])
    mapper.use(mapping)
    places = mapper.read(row).locations
    assert [place.city for place in ([] if places is UNSET else places)] == expected and not mapper.warnings
    assert not mapping.ignored


def test_nulls_in_all_columns_of_a_list_clear_it() -> None:
    row = {"domain": "a.example", "technologies/0": None}
    assert CompanyMapper().read({**row, "technologies/1": []}).technologies == ()
    assert CompanyMapper().read({**row, "technologies/1": "B"}).technologies == ("B",)


def test_columns_of_a_list_with_too_many_items_are_cut() -> None:
    row = {"domain": "a.example"} | {f"technologies/{n}": f"a{n};b{n}" for n in range(600)}
    mapper = CompanyMapper()
    assert len(cast("tuple[str, ...]", mapper.read(row).technologies)) == 1_000
    assert [warning.field for warning in mapper.take_warnings()] == ["technologies"]


def test_company_with_names_that_are_no_texts_is_not_read() -> None:
    mapper = ContactMapper()
    assert mapper.read({"id": "1", "company": {1: 2}}).company is UNSET
    assert [warning.reason for warning in mapper.warnings] == ['{"1":2} must be an object with the company\'s domain']

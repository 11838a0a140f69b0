"""The mapping of a file's columns to record fields."""

from __future__ import annotations

from typing import Any

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from letrics.ingest.column_mapping import ColumnMapping, make_mapping
from letrics.ingest.columns import COLUMNS
from letrics.records import KINDS, Kind
from tests.hostile import any_values, texts


def fields(kind: Kind, names: list[str], rows: list[dict[str, Any]] | None = None, **options: Any) -> list[str | None]:
    return [column.field for column in make_mapping(kind, names, rows or (), **options).columns]


@pytest.mark.parametrize(
    ("kind", "name", "value", "field"),
    [
        ("contacts", "URL", "https://www.linkedin.com/in/jane", "linkedin_url"),
        ("contacts", "URL", "https://acme.example", "company_website"),
        ("contacts", "LinkedIn", "https://www.linkedin.com/company/acme", "company_linkedin_url"),
        ("contacts", "LinkedIn", "jane-doe", "linkedin_url"),
        ("contacts", "companyUrl", "https://www.linkedin.com/company/7", "company_linkedin_url"),
        ("contacts", "Company URL", "acme.com", "company_website"),
        ("companies", "URL", "https://www.linkedin.com/company/acme", "linkedin_url"),
        ("companies", "URL", "https://acme.example", "website"),
        ("companies", "Company URL", "", "website"),
    ],
)
def test_make_mapping_decides_by_values(kind: Kind, name: str, value: str, field: str) -> None:
    assert fields(kind, [name], [{name: value}] if value else []) == [field]


def test_make_mapping_reports_an_ambiguous_column() -> None:
    rows = [{"URL": "https://www.linkedin.com/in/jane"}, {"URL": "https://acme.example"}]
    mapping = make_mapping("contacts", ["URL", "email"], rows)
    assert [column.name for column in mapping.ambiguous] == ["URL"]
    assert mapping.ambiguous[0].choices == ("linkedin_url", "company_website")
    assert fields("contacts", ["URL"], rows, given={"URL": "company_website"}) == ["company_website"]


@pytest.mark.parametrize(
    ("names", "expected"),
    [
        (["Name"], ["full_name"]),
        (["Vorname", "Name"], ["first_name", "last_name"]),
        (["Nombre", "Apellidos"], ["first_name", "last_name"]),
        (["Nome", "Cognome"], ["first_name", "last_name"]),
        (["Nom", "Prénom"], ["last_name", "first_name"]),
        (["name", "firstName", "lastName"], ["full_name", "first_name", "last_name"]),
    ],
)
def test_make_mapping_completes_names(names: list[str], expected: list[str]) -> None:
    assert fields("contacts", names) == expected


def test_make_mapping_uses_title_only_without_job_title() -> None:
    assert fields("contacts", ["Title"]) == ["job_title"]
    assert fields("contacts", ["Title", "Job Title"]) == [None, "job_title"]
    mapping = make_mapping("contacts", ["Occupation", "Title"])
    assert [(column.field, column.rank) for column in mapping.columns] == [("job_title", 3), ("job_title", 2)]


def test_make_mapping_uses_url_only_without_a_better_column() -> None:
    assert fields("companies", ["url"]) == ["website"]
    assert fields("companies", ["website", "url"]) == ["website", None]


def test_make_mapping_of_a_name_next_to_people_is_the_company() -> None:
    rows = [{"Name": "Acme", "Contact Name": "Ann Abel"}, {"Name": "Beta", "Contact Name": "Bob Baker"}]
    same = [{"Name": "Ann Abel", "Contact Name": "Ann Abel"}]
    for names, first, expected in (
        (["Name", "Contact Name"], rows, ["company_name", "full_name"]),
        (["Name", "Contact Name"], same, ["full_name", "full_name"]),
        (["Name", "Contact Name", "Company"], rows, ["full_name", "full_name", "company_name"]),
        (["Name", "Contact Name"], [], ["full_name", "full_name"]),
    ):
        assert [column.field for column in make_mapping("contacts", names, first).columns] == expected


def test_make_mapping_leaves_out_pages_of_one_site() -> None:
    jobs = [{"Company": name, "Link": f"https://www.jobs.example/{name}"} for name in "abc"]
    assert [column.field for column in make_mapping("companies", ["Company", "Link"], jobs).columns] == ["name", None]
    for rows in (jobs[:2], [{"Link": f"https://{name}.example/"} for name in "abc"], [jobs[0]] * 9):
        assert make_mapping("companies", ["Company", "Link"], rows).columns[1].field == "website"


def test_make_mapping_leaves_out_titles_that_are_salutations() -> None:
    rows = [{"Titel": "Dr.", "Title": "CEO"}, {"Titel": "Prof. Dr.", "Title": "Mr"}]
    assert [column.field for column in make_mapping("contacts", ["Titel"], rows).columns] == [None]
    assert [column.field for column in make_mapping("contacts", ["Title"], rows).columns] == ["job_title"]
    assert [column.field for column in make_mapping("contacts", ["Titel"]).columns] == ["job_title"]


def test_make_mapping_of_many_columns_takes_linear_time() -> None:
    names = [f"City ({number})" for number in range(2, 10_002)]
    mapping = make_mapping("contacts", names)
    assert len(mapping.columns) == 10_000


def test_make_mapping_distinguishes_phones_from_places() -> None:
    assert fields("contacts", ["HQ"], [{"HQ": "+1 555-0100"}]) == ["phone"]
    assert fields("contacts", ["HQ"], [{"HQ": "Berlin"}]) == ["company_locations"]


def test_make_mapping_uses_ids_of_tools_only_with_a_source() -> None:
    assert fields("contacts", ["Record ID", "email"]) == [None, "emails"]
    assert fields("contacts", ["Record ID", "email"], with_source=True) == ["id", "emails"]
    assert fields("contacts", ["Record ID", "id"], with_source=True) == [None, "id"]
    assert fields("companies", ["Record ID", "domain"], with_source=True) == [None, "domain"]


def test_make_mapping_finds_domains_in_a_column_of_names() -> None:
    rows = [{"Company": f"acme{n}.com", "Email": f"a@acme{n}.com"} for n in range(5)]
    assert fields("contacts", ["Company", "Email"], rows) == ["company_domain", "emails"]
    assert fields("contacts", ["Company", "Website"], rows) == ["company_name", "company_website"]
    assert fields("companies", ["Company"], rows) == ["domain"]


def test_make_mapping_keeps_a_nested_company() -> None:
    nested = make_mapping("contacts", ["company", "email"], [{"company": {"domain": "acme.example"}}])
    assert [(column.field, column.reason) for column in nested.columns] == [("company", "object"), ("emails", "name")]
    assert fields("contacts", ["company"], [{"company": "Acme"}]) == ["company_name"]


def test_make_mapping_knows_names_in_wrappers() -> None:
    row = {"properties.vorname": "Ann", "properties.name": "Abel", "data.id": "7"}
    assert fields("contacts", list(row), [row]) == ["first_name", "last_name", "id"]


def test_make_mapping_of_company_objects_leaves_own_sites_out() -> None:
    assert fields("contacts", ["site", "employment.domain"], []) == [None, "company_domain"]
    assert fields("contacts", ["site", "employment.name"], []) == ["company_website", "company_name"]


def test_make_mapping_of_given_columns_follows_the_user() -> None:
    given = {"Notes": "emails", "Email": None}
    mapping = make_mapping("contacts", ["Notes", "Email", "Stage"], given=given)
    assert [(column.field, column.reason) for column in mapping.columns] == [
        ("emails", "given"), (None, "given"), (None, "unused"),
    ]  # fmt: skip
    assert mapping.overrides() == (("Notes", "emails", 0), ("Email", None, 0))


def test_make_mapping_says_what_ignored_columns_look_like() -> None:
    rows = [
        {"Kontaktweg": "a@acme.com", "Rückruf": "+1 555-0100", "Seite im Netz": "www.acme.com", "Stage": "Cold"}
    ] * 2
    mapping = make_mapping("contacts", [*rows[0], "Leer"], rows)
    assert {column.name: column.looks_like for column in mapping.ignored} == {
        "Kontaktweg": "emails", "Rückruf": "phones", "Seite im Netz": "urls", "Stage": None, "Leer": None,
    }  # fmt: skip
    assert mapping.ignored[0].samples == ("a@acme.com",)


@settings(deadline=None, max_examples=200)
@given(names=st.lists(texts(), max_size=6, unique=True), data=st.data(), kind=st.sampled_from(KINDS))
def test_make_mapping_of_any_columns_maps_each(names: list[str], data: st.DataObject, kind: Kind) -> None:
    known = data.draw(st.lists(st.sampled_from(["URL", "Name", "Record ID", "Company", "HQ", "company"]), unique=True))
    names = list(dict.fromkeys([*names, *known]))
    rows = data.draw(st.lists(st.dictionaries(st.sampled_from(names), any_values()), max_size=4)) if names else []
    mapping = make_mapping(kind, names, rows, with_source=True)
    assert [column.name for column in mapping.columns] == names
    assert all(column.field in (None, "company", *COLUMNS[kind]) for column in mapping.columns)
    mapping.overrides()


def test_mapping_survives_encoding() -> None:
    mapping = make_mapping("contacts", ["URL", "Stage", "email"], [{"URL": "https://acme.example", "Stage": 1}])
    assert msgspec.msgpack.decode(msgspec.msgpack.encode(mapping), type=ColumnMapping) == mapping
    assert msgspec.json.decode(msgspec.json.encode(mapping), type=ColumnMapping) == mapping


def test_overrides_are_empty_for_names_that_mean_one_field() -> None:
    assert make_mapping("contacts", ["First Name", "Stage", "Company", "Zodiac"]).overrides() == ()
    assert make_mapping("contacts", ["Vorname", "Name"]).overrides() == (("Name", "last_name", 2),)


@pytest.mark.parametrize("other", ["Vendor", "Supplier Name", "Investor Name", "Manufacturer", "Lieferant"])
def test_other_parties_are_the_company_only_alone(other: str) -> None:
    assert fields("contacts", ["Full Name", "Company", other]) == ["full_name", "company_name", None]
    assert fields("contacts", ["Full Name", other]) == ["full_name", "company_name"]


@pytest.mark.parametrize("name", ["company", "fields.Company", "Contact", "Industry", "Location", "organization"])
def test_make_mapping_uses_no_ids_of_linked_records(name: str) -> None:
    rows = [{"id": "recYYYYYYYYYYYYYY", name: ["recXXXXXXXXXXXXXX"]}]
    assert fields("contacts", ["id", name], rows) == ["id", None]


def test_make_mapping_uses_no_numbers_as_names() -> None:
    assert fields("contacts", ["email", "company"], [{"company": 12}]) == ["emails", None]
    assert fields("contacts", ["email", "company"], [{"company": "12"}]) == ["emails", "company_name"]
    assert fields("companies", ["name", "employees"], [{"name": "Acme", "employees": 12}]) == ["name", "employees"]


def test_make_mapping_uses_no_kinds_of_records_as_titles() -> None:
    assert fields("contacts", ["role"], [{"role": "user"}, {"role": "lead"}]) == [None]
    assert fields("contacts", ["role"], [{"role": "Lead Developer"}]) == ["job_title"]


def test_make_mapping_uses_no_page_on_a_shared_host() -> None:
    page = "https://www.notion.so/Ann-Abel-598337872cf94fdf8782e53db20768a5"
    assert fields("companies", ["name", "url"], [{"name": "Acme", "url": page}]) == ["name", None]
    assert fields("companies", ["name", "url"], [{"name": "Acme", "url": "https://acme.example"}]) == [
        "name",
        "website",
    ]


def test_make_mapping_uses_no_path_of_an_api_as_a_site() -> None:
    assert fields("contacts", ["companies.url"], [{"companies.url": "/contacts/7/companies"}]) == [None]
    assert fields("companies", ["website"], [{"website": "//acme.example/x"}]) == ["website"]

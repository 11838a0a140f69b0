"""Flattening of objects: the names of columns, what stays a value, lists of objects, and limits."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from letrics.ingest.nested_objects import MAX_DEPTH, flatten, read_flat_line, read_flat_row
from letrics.ingest.rows import FileRow, Members
from tests.hostile import bounded


def test_flatten_names_fields_by_their_path() -> None:
    row = {"name": "Ann", "organization": {"name": "Acme", "location": {"state": "Berlin"}}, "n": 1}
    expected = {"name": "Ann", "organization.name": "Acme", "organization.location.state": "Berlin", "n": 1}
    assert flatten(row) == expected
    assert list(flatten(row)) == list(expected)


def test_flatten_returns_a_flat_row_itself() -> None:
    row: Members = {"name": "Ann", "tags": ["a", "b"], "phone": None}
    assert flatten(row) is row


@pytest.mark.parametrize(
    "row",
    [
        {"company": {"domain": "a.example", "tld": "example", "locations": [{"city": "Berlin", "text": "Berlin"}]}},
        {"company": {}},
        {"emails": [{"value": "a@a.example", "type": "generic"}, "b@a.example"]},
        {"employees_range": {"min": 1, "max": None}},
        {"company_employees_range": {"min": 1}},
        {"locations": [{"city": "Berlin"}, {"country": "France", "region": None}]},
        {"location": {"city": "Berlin", "country": "Germany"}},
        {"attributes": {"type": "Contact", "url": "/services/data"}},
    ],
)
def test_flatten_keeps_values_of_our_form(row: Members) -> None:
    assert flatten(row) == row


@pytest.mark.parametrize(
    ("row", "flat"),
    [
        ({"company": {"domain": "a.example", "fax": "1"}}, {"company.domain": "a.example", "company.fax": "1"}),
        ({"company": {"locations": [{"state": "Berlin"}]}}, {"company.locations.state": "Berlin"}),
        (
            {"emails": [{"value": "a@a.example", "type": "work"}]},
            {"emails.value": "a@a.example", "emails.type": "work"},
        ),
        ({"location": {"locality": "Berlin"}}, {"location.locality": "Berlin"}),
        ({"employees_range": {"min": 1, "label": "x"}}, {"employees_range.min": 1, "employees_range.label": "x"}),
        ({"empty": {}, "a": 1}, {"a": 1}),
    ],
)
def test_flatten_takes_other_objects_apart(row: Members, flat: Members) -> None:
    assert flatten(row) == flat


def test_flatten_of_a_list_has_a_list_of_each_key() -> None:
    row = {"phones": [{"number": "1", "type": "work"}, "3", {"number": "2", "primary": True}, None]}
    assert flatten(row) == {"phones": ["3"], "phones.number": ["2", "1"], "phones.primary": True, "phones.type": "work"}


_PAST: Members = {"title": "Dev", "current": False}


@pytest.mark.parametrize(
    ("jobs", "flat"),
    [
        (
            [{"title": "CTO", "current": True}, _PAST],
            {"jobs.title": "CTO", "jobs.current": True, "jobs.others": [_PAST]},
        ),
        ([{"title": "CTO"}], {"jobs.title": "CTO"}),
        ([_PAST], None),
        (
            [{"title": "CTO", "ends_at": None}, {"title": "Dev", "ends_at": {"year": 2019}}],
            {"jobs.title": "CTO", "jobs.ends_at": None, "jobs.others": [{"title": "Dev", "ends_at": {"year": 2019}}]},
        ),
        ([{"title": "CTO", "end": "Present"}], {"jobs.title": "CTO", "jobs.end": "Present"}),
        ([{"title": "CTO", "end_date": "2019"}], None),
        ([{"title": "CTO"}, {"title": "Dev"}], None),
        ([{"title": "CTO", "current": True}, {"title": "Dev", "current": True}], None),
    ],
)
def test_flatten_takes_only_a_clearly_current_job(jobs: list[Any], flat: Members | None) -> None:
    assert flatten({"name": "Ann", "jobs": jobs}) == {"name": "Ann", **({"jobs": jobs} if flat is None else flat)}


@pytest.mark.parametrize(
    "given", [{"company": "Acme"}, {"organization": {"name": "Acme"}}, {"company_domain": "a.example"}]
)
def test_flatten_prefers_the_company_of_the_row(given: Members) -> None:
    jobs = [{"title": "CTO", "current": True}]
    assert flatten({"employment_history": jobs, **given})["employment_history"] == jobs


@pytest.mark.parametrize(
    ("field", "is_used"),
    [("people", False), ("contact", False), ("companies", False), ("data", False), ("names", True), ("tags", True)],
)
def test_flatten_does_not_mix_records_of_a_list(field: str, is_used: bool) -> None:
    items = [{"name": "Ann", "email": None}, {"name": "Bob", "email": "bob@acme.example"}]
    assert (field not in flatten({field: items})) == is_used


def test_flatten_takes_the_primary_person_of_a_list() -> None:
    items = [{"name": "Ann"}, {"name": "Bob", "is_primary": True}]
    assert flatten({"people": items}) == {
        "people.name": "Bob",
        "people.is_primary": True,
        "people.others": [{"name": "Ann"}],
    }


def test_flatten_uses_only_objects_of_one_person() -> None:
    contact = {"name": "Bob", "email": "bob@acme.example"}
    assert flatten({"lead": {"name": "Ann"}, "contact": contact}) == {"lead.name": "Ann", "contact": contact}


def test_flatten_prefers_values_of_work() -> None:
    phones = [
        {"type": "mobile", "number": "1"},
        {"type": "work", "number": "2"},
        {"label": "Direct dial", "number": "3"},
    ]
    assert flatten({"phones": phones})["phones.number"] == ["2", "3", "1"]


def test_flatten_keeps_several_locations_apart() -> None:
    row = {
        "locations": [{"locality": "Berlin", "state": "Berlin", "lat": 1}, {"city": "Paris", "name": "Paris, France"}]
    }
    places = [{"city": "Berlin", "region": "Berlin"}, {"city": "Paris"}]
    assert flatten(row) == {"locations": places, "locations.lat": 1, "locations.name": "Paris, France"}


def test_flatten_joins_the_parts_of_one_location() -> None:
    parts = [("Berlin", "city"), ("Germany", "country"), ("Europe", "continent")]
    row = {"location_identifiers": [{"value": value, "location_type": part} for value, part in parts]}
    flat = flatten(row)
    assert (flat["location_identifiers.city"], flat["location_identifiers.country"]) == ("Berlin", "Germany")


@pytest.mark.parametrize(
    ("row", "flat"),
    [
        ({"Company": {"type": "rich_text", "rich_text": [{"plain_text": "Acme"}]}}, {"Company": "Acme"}),
        ({"Company": {"type": "relation", "relation": [{"id": "x"}]}}, {"Company.others": [{"id": "x"}]}),
        ({"Contact": {"people": [{"name": "Bob"}], "type": "people"}}, {"Contact.others": [{"name": "Bob"}]}),
        (
            {"Contact": {"type": "email", "email": "a@a.example"}},
            {"Contact.type": "email", "Contact.email": "a@a.example"},
        ),
    ],
)
def test_flatten_takes_the_value_out_of_a_typed_object(row: Members, flat: Members) -> None:
    assert flatten(row) == flat


@pytest.mark.parametrize("label", ["personal", "home", "homePage", "Blog"])
def test_flatten_sets_private_sites_aside(label: str) -> None:
    private = {"url": "https://ann.example", "type": label}
    assert flatten({"websites": [private]}) == {"websites.others": [private]}
    work = {"url": "https://acme.example", "type": "work"}
    assert flatten({"websites": [private, work]}) == {
        "websites.others": [private], "websites.url": "https://acme.example", "websites.type": "work",
    }  # fmt: skip
    assert "emails.email" in flatten({"emails": [{"email": "ann@mail.example", "type": label}]})


def test_flatten_compares_jobs_of_the_person_with_the_company() -> None:
    person = {"name": "Ann", "employment": {"name": "Acme", "title": "CTO"}}
    assert flatten({"company": "Beta", "person": person})["person.employment"] == person["employment"]
    assert flatten({"company": "Acme GmbH", "person": person})["person.employment.title"] == "CTO"


def test_flatten_compares_the_companies_of_the_only_item() -> None:
    person = {"company": "Beta", "account": {"name": "Acme"}}
    assert flatten({"data": [person]}) == {"data.company": "Beta", "data.account": {"name": "Acme"}}


@pytest.mark.parametrize("label", ["type", "network", "name", "kind"])
def test_flatten_names_the_website_in_links(label: str) -> None:
    site, page = "https://acme.example", "https://www.linkedin.com/company/acme"
    flat = flatten({"urls": [{label: "LinkedIn", "url": page}, {label: "Website", "url": site}]})
    assert flat == {"urls.website": site, f"urls.{label}": ["LinkedIn", "Website"], "urls.url": [page, site]}
    assert "urls.website" not in flatten({"urls": [{label: "Twitter", "url": site}]})


def test_flatten_names_a_second_column_of_a_name() -> None:
    assert flatten({"a.b": 1, "a": {"b": 2}}) == {"a.b": 1, "a.b (2)": 2}


@pytest.mark.parametrize(
    ("account", "is_used"),
    [
        ({"name": "Acme GmbH"}, True),
        ({"name": "Other", "website_url": "https://www.acme.example"}, True),
        ({"name": "Other"}, False),
        ({"name": "Acme", "website_url": "other.example"}, False),
        ({"phone": "1"}, True),
    ],
)
def test_flatten_uses_only_objects_of_one_company(account: Members, is_used: bool) -> None:
    flat = flatten({"organization": {"name": "Acme", "primary_domain": "acme.example"}, "account": account})
    assert flat["organization.name"] == "Acme"
    assert ("account" not in flat) == is_used


def test_flatten_stops_at_the_limits() -> None:
    deep: Any = "x"
    for _ in range(50):
        deep = {"a": deep}
    [(path, value)] = flatten({"a": deep}).items()
    assert path.count(".") == MAX_DEPTH
    assert type(value) is dict
    long = {"x" * 1000: {"a": 1}}
    assert flatten(long) == long


def test_flatten_of_wide_objects_takes_linear_time() -> None:
    wide = {f"k{number}": {"a": [{"b": number, f"c{number}": 1}, {"b": 2}]} for number in range(20_000)}
    emails = [{"email": "a@a.example", f"k{number}": number} for number in range(20_000)]
    keys = {f"k{number}": 1 for number in range(4_000)}
    rows: list[Members] = [
        {"x": wide, "emails": emails, "y": {"z": 1}},
        {f"k{number}": {"a": {"b": number}} for number in range(20_000)},
        {"x": keys, "y": keys},
        {"x": {f"k{number}": {} for number in range(100_000)}},
        {f"job{'-' * number}s": [{"title": "CTO"}] for number in range(180)} | {f"k{n}": n for n in range(20_000)},
    ]
    with bounded(30):
        first, *others = [flatten(row) for row in rows]
    assert first == {"x": wide, "emails": emails, "y.z": 1}
    assert [len(flat) for flat in others] == [20_000, 4_001, 1, 20_180]


_VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=8),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(["company", "emails", "value", "jobs", "current", "location", "a", ""]), inner, max_size=4
        )
    ),
    max_leaves=20,
)


@settings(deadline=None, max_examples=200)
@given(
    st.dictionaries(st.sampled_from(["company", "account", "emails", "jobs", "locations", "data", "a.b", "a"]), _VALUES)
)
def test_flatten_of_any_row_loses_no_text(row: Members) -> None:
    flat = json.dumps(flatten(row))
    for text in _texts(row):
        assert json.dumps(text) in flat


def _texts(value: Any) -> list[str]:
    if type(value) is dict:
        return [text for inner in value.values() for text in _texts(inner)]
    if type(value) is list:
        return [text for inner in value for text in _texts(inner)]
    return [value] if type(value) is str else []


def test_read_flat_row_keeps_the_text_of_the_row() -> None:
    line = b'{"organization": {"name": "Acme"}}\n'
    assert read_flat_row(FileRow(3, line, None)) == FileRow(3, line, {"organization.name": "Acme"})
    assert read_flat_line(b'{"name": "Acme"}') == {"name": "Acme"}


def test_read_flat_row_reports_invalid_json() -> None:
    problem = read_flat_row(FileRow(1, b'{"a": {', None)).problem
    assert problem is not None
    assert "not complete" in problem.reason

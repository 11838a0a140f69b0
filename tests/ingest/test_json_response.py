"""Lists of records in the responses of APIs: which list, and the facts of the company around it."""

from __future__ import annotations

import json
from typing import Any

import pytest

from letrics.ingest.json_response import (
    FoundRows,
    complete_row,
    find_rows,
    find_rows_of_line,
    is_list_name,
    is_same_kind,
)

ANN: dict[str, Any] = {"first_name": "Ann", "value": "ann@acme.example"}
HUNTER: dict[str, Any] = {"data": {"domain": "acme.example", "organization": "Acme", "city": None, "emails": [ANN]}}


def found_in(response: dict[str, Any]) -> tuple[str, int] | None:
    text = json.dumps(response)
    found = find_rows(text)
    if found is not None:
        assert text[found.start - 1 :].startswith("[{")
    return None if found is None else (found.name, found.depth)


@pytest.mark.parametrize(
    ("response", "found"),
    [
        ({"results": [{"id": 1}], "paging": {}}, ("results", 1)),
        ({"totalSize": 1, "done": True, "records": [{"Id": 1}]}, ("records", 1)),
        ({"breadcrumbs": [{"a": 1}], "contacts": [], "people": [{"id": 1}]}, ("people", 1)),
        ({"data": {"total": 1, "items": [{"id": 1}]}}, ("items", 2)),
        ({"response": {"status": 200}, "data": {}, "entities": [{"id": 1}]}, ("entities", 1)),
        (HUNTER, ("emails", 2)),
        ({"data": {"id": {"x": 1}}}, None),
        ({"name": "Ann", "contacts": {"1": {"id": 1}}}, None),
        ({"domain": "acme.example", "contacts": [ANN]}, ("contacts", 1)),
        ({"domain": "acme.example", "contacts": [{"id": 1}]}, None),
        ({"domain": "acme.example", "emails": [{"value": "info@acme.example", "type": "generic"}]}, None),
        ({"domain": "acme.example", "companies": [{"name": "Acme"}]}, None),
        ({"name": "Acme", "emails": [ANN]}, None),
        ({"emails": [ANN]}, None),
        ({"data": {"name": "Ann"}}, None),
        ({"things": [{"id": 1}]}, None),
        ({"data": [1]}, None),
        ({}, None),
    ],
)
def test_find_rows_of_a_response(response: dict[str, Any], found: tuple[str, int] | None) -> None:
    assert found_in(response) == found


@pytest.mark.parametrize("id", ["1", "0123456789", "d54c54ad-40be-4305-8a34-0ab44710b90d"])
def test_find_rows_of_objects_by_their_ids(id: str) -> None:
    found = find_rows(json.dumps({"requestId": "x", "contacts": {id: {"data": {"name": "Ann"}}}}))
    assert found is not None
    assert (found.name, found.is_map) == ("contacts", True)


@pytest.mark.parametrize(
    "text",
    ["{", '{"data"', '{"data":', '{"data":[', '{"data":{"a":', '{"a":' * 5_000, "{1}", '{ {"data": 1}}', '{"a":}'],
)
def test_find_rows_of_broken_text_is_nothing(text: str) -> None:
    assert find_rows(text) is None


def test_find_rows_has_only_facts_of_the_company() -> None:
    data = HUNTER["data"]
    more = {"accept_all": True, "description": "x" * 2_000, "technologies": ["a"], "nested": {"name": "X"}}
    found = find_rows(json.dumps({"data": {**more, **data}}))
    assert found is not None
    assert found.facts == {
        "company.technologies": ["a"],
        "company.domain": "acme.example",
        "company.organization": "Acme",
    }


@pytest.mark.parametrize(
    ("line", "is_found"),
    [
        ({"results": [{"id": 1}], "paging": {}}, True),
        (HUNTER, True),
        ({"profiles": [{"url": "x"}], "full_name": "Ann"}, False),
        ({"domain": "acme.example", "contacts": [ANN]}, False),
    ],
)
def test_find_rows_of_a_line_needs_a_response(line: dict[str, Any], is_found: bool) -> None:
    assert (find_rows_of_line(json.dumps(line)) is not None) is is_found


def test_find_rows_of_a_cut_line_is_nothing() -> None:
    assert find_rows_of_line('{"results": [{"id": 1}, {') is None


def test_complete_row_adds_the_facts_and_names_the_address() -> None:
    found = FoundRows("emails", 0, 2, {"company.domain": "acme.example", "position": "CEO"})
    row = complete_row(b'{"value": "ann@acme.example", "position": "CTO", "n": 1.50}', found)
    assert row == b'{"company.domain":"acme.example","position":"CTO","emails.value":"ann@acme.example","n":1.50}'
    for other in (b"17", b'{"value": ', b"[1]"):
        assert complete_row(other, found) == other
    assert complete_row(b'{"value": 1}', found._replace(facts={})) == b'{"value": 1}'


@pytest.mark.parametrize(
    ("own", "is_other"),
    [
        ({"company": "Acme GmbH"}, False),
        ({"company": "Beta"}, True),
        ({"company": {"domain": "beta.example"}}, True),
        ({"organization": {"name": "Acme"}}, False),
        ({"website": "https://ann.example"}, False),
    ],
)
def test_complete_row_of_another_company_adds_no_facts(own: dict[str, Any], is_other: bool) -> None:
    facts = {"company.domain": "acme.example", "company.organization": "Acme"}
    row = complete_row(json.dumps({"name": "Ann", **own}).encode(), FoundRows("people", 0, 1, facts))
    assert json.loads(row) == {**({} if is_other else facts), "name": "Ann", **own}


def test_lists_are_of_the_same_kind_by_their_names() -> None:
    assert is_same_kind("people", "Contacts")
    assert is_same_kind("accounts", "companies")
    assert not is_same_kind("people", "companies")
    assert not is_same_kind("data", "results")
    assert is_list_name("Results")
    assert not is_list_name("included")

"""Requests: paging, ranges, names and their errors, all reported at once."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from letrics.errors import MAX_PROBLEMS, LetricsError
from letrics.fields import CATALOGUE, CONTACT_LOCATIONS, DEFAULT_PER_PAGE, LOCATIONS, MAX_PER_PAGE, fields_of
from letrics.query import Between, Request, parse_request
from letrics.query.cursor import encode_cursor
from letrics.query.request import PAGING, field_named, unknown_name
from letrics.records import Kind
from tests.hostile import ODD_VALUES, any_values


def problems(body: dict[str, Any], paging: bool = True) -> dict[str | None, str]:
    """The problems of a request, by field."""
    with pytest.raises(LetricsError) as raised:
        parse_request("contacts", body, paging=paging)
    assert raised.value.kind.id == "invalid_input"
    return {problem.field: problem.details for problem in raised.value.problems}


def parsed(**body: Any) -> Request:
    return parse_request("contacts", body)


def test_request_without_fields_is_the_first_page_of_all() -> None:
    request = parsed()
    assert (request.query.kind, request.query.clauses, request.filters) == ("contacts", (), {})
    assert (request.order, request.page, request.per_page, request.after) == ("oldest", 1, DEFAULT_PER_PAGE, None)
    assert (request.members, request.readings, request.warnings) == (None, (), ())


def test_null_and_empty_lists_restrict_nothing() -> None:
    names = [name for field in fields_of("contacts") for name in (field.name, *field.aliases)]
    assert parsed(**dict.fromkeys([field.name for field in fields_of("contacts")])).query.clauses == ()
    assert parsed(job_titles=[], exclude_domains=[]).filters == {}
    assert len(names) == len(set(names))


@pytest.mark.parametrize(
    ("paging", "read"),
    [
        ({"order": "newest"}, ("newest", 1, 25, None)),
        ({"page": 3, "per_page": 100}, ("oldest", 3, 100, None)),
        ({"page": None, "per_page": None, "order": None}, ("oldest", 1, 25, None)),
        ({"page": 1_000_000_000}, ("oldest", 1_000_000_000, 25, None)),
    ],
)
def test_paging_is_read(paging: dict[str, Any], read: tuple[Any, ...]) -> None:
    request = parsed(**paging)
    assert (request.order, request.page, request.per_page, request.after) == read


def test_cursor_continues_after_its_record() -> None:
    cursor = encode_cursor(parsed(tlds=["com"]).query, "newest", 41)
    request = parsed(tlds=["com"], cursor=f" {cursor} ", order="newest")
    assert (request.after, request.page) == (41, None)


@pytest.mark.parametrize(
    ("body", "field", "words"),
    [
        ({"page": 0}, "page", "page 0 must be a whole number from 1 to 1,000,000,000"),
        ({"page": True}, "page", "page true must be"),
        ({"page": 1.0}, "page", "page 1.0 must be"),
        ({"per_page": MAX_PER_PAGE + 1}, "per_page", "from 1 to 100"),
        ({"per_page": "10"}, "per_page", 'per_page "10" must be'),
        ({"order": "random"}, "order", 'order "random" must be oldest (the default) or newest'),
        ({"order": []}, "order", "must be oldest"),
        ({"cursor": "x"}, "cursor", "cursor is not a valid cursor"),
        ({"cursor": " "}, "cursor", "must be a string: send meta.next_cursor"),
        ({"cursor": 5}, "cursor", "must be a string"),
        ({"cursor": "x", "page": 2}, "cursor", "cursor and page cannot be combined"),
        ({"fields": "id"}, "fields", 'fields "id" must be a list of field names'),
        ({"fields": ["id"] * 501}, "fields", "must be a list of field names"),
        ({"fields": ["full_nam"]}, "fields", 'fields: "full_nam" is not a field of contacts: did you mean full_name?'),
        ({"fields": [7]}, "fields", "fields: 7 is not a field of contacts"),
        ({"exclude_primary_location_only": True}, "exclude_primary_location_only", "is not a field of searches"),
        ({"exclude_has_personal_email": 1}, "exclude_has_personal_email", "1 must be true or false"),
        ({"is_decision_maker": "yes"}, "is_decision_maker", 'is_decision_maker "yes" must be true or false'),
        ({"employees_min": -1}, "employees_min", "employees_min -1 must be a whole number"),
        ({"added_after": "soon"}, "added_after", 'added_after "soon" is not a timestamp'),
    ],
)
def test_problem_of_one_field_names_it_and_its_value(body: dict[str, Any], field: str, words: str) -> None:
    found = problems(body)
    assert list(found) == [field]
    assert words in found[field]


def test_problems_of_all_fields_are_reported_together() -> None:
    found = problems(
        {"page": 0, "tlds": "com", "is_decision_maker": 1, "colour": "red", "employees_min": 2, "employees_max": 1}
    )
    assert set(found) == {"page", "tlds", "is_decision_maker", "colour", "employees_min"}


def test_problems_of_unknown_names_stop_at_the_maximum() -> None:
    assert len(problems({f"unknown{n}": n for n in range(MAX_PROBLEMS * 3)})) == MAX_PROBLEMS


def test_alias_is_the_field_and_both_together_are_refused() -> None:
    alias = parsed(has_personal_emails=True)
    assert alias.query == parsed(has_personal_email=True).query
    assert alias.filters == {"has_personal_email": True}
    found = problems({"has_personal_email": True, "has_personal_emails": True})
    assert "are the same field: send only has_personal_email" in found["has_personal_emails"]


def test_range_of_both_ends_is_one_clause() -> None:
    (clause,) = parsed(employees_max=20, employees_min=10).query.clauses
    assert isinstance(clause, Between) and (clause.field, clause.low, clause.high) == ("employees", 10, 20)
    (clause,) = parsed(added_after="2026-01-31", added_before="2026-01-31").query.clauses
    assert isinstance(clause, Between) and clause.low is not None and clause.high == clause.low + 86_400_000 - 1


@pytest.mark.parametrize(
    ("body", "words"),
    [
        ({"employees_min": 2, "employees_max": 1}, "employees_min (2) is larger than employees_max (1)"),
        ({"added_after": "2026-02-01", "added_before": "2026-01-31"}, "is later than added_before"),
    ],
)
def test_range_with_swapped_ends_is_refused(body: dict[str, Any], words: str) -> None:
    (details,) = problems(body).values()
    assert words in details and details.endswith("swap the two values")


def test_filters_are_a_request_for_the_same_records() -> None:
    request = parsed(
        job_titles=[" Manager "], exclude_locations=["NYC"], added_after="2026-01-31", employees_min=5,
        has_personal_emails=True, primary_location_only=True, order="newest",
    )  # fmt: skip
    again = parse_request("contacts", request.filters)
    assert (again.query, again.order, again.filters) == (request.query, "newest", request.filters)
    assert request.filters["added_after"] == "2026-01-31T00:00:00.000Z"


def test_primary_location_restricts_locations_to_the_first() -> None:
    request = parsed(locations=["Berlin"], exclude_locations=["Paris"], primary_location_only=True)
    assert [clause.fact for clause in request.query.clauses] == [LOCATIONS.primary] * 2
    assert [clause.fact for clause in parsed(locations=["Berlin"]).query.clauses] == [LOCATIONS]
    own = parsed(contact_locations=["Berlin"], primary_location_only=True)
    assert [clause.fact for clause in own.query.clauses] == [CONTACT_LOCATIONS.primary] and not own.warnings
    assert request.warnings == ()


@pytest.mark.parametrize(
    ("body", "field", "words"),
    [
        ({"primary_location_only": True}, "primary_location_only", "has no effect without locations"),
        ({"is_decision_maker": False}, "is_decision_maker", "false is ignored"),
        ({"exclude_is_decision_maker": False}, "exclude_is_decision_maker", "false is ignored"),
    ],
)
def test_field_without_effect_is_a_warning(body: dict[str, Any], field: str, words: str) -> None:
    (warning,) = parsed(**body).warnings
    assert warning.field == field and words in warning.details


def test_readings_name_field_value_and_meaning() -> None:
    ((field, value, reading),) = parsed(exclude_locations=[" NYC "]).readings
    assert (field, value, [meant.name for meant in reading.read_as]) == (
        "exclude_locations", "NYC", ["New York City, New York, United States"],
    )  # fmt: skip


def test_members_are_in_the_requested_order_without_duplicates() -> None:
    assert parsed(fields=["company.name", " id ", "company.name"]).members == ("company.name", "id")
    assert parsed(fields=[]).members is None


@pytest.mark.parametrize("name", PAGING)
def test_paging_without_pages_is_refused(name: str) -> None:
    assert problems({name: None}, paging=False)[name] == unknown_name("contacts", name, ())
    assert "applies to pages" in unknown_name("contacts", name, ())


def test_fields_alongside_are_read_or_left_to_the_caller() -> None:
    request = parse_request("contacts", {"order": "newest", "facets": 1}, paging=False, beside=("order", "facets"))
    assert request.order == "newest"
    with pytest.raises(LetricsError):
        parse_request("contacts", {"facets": 1}, paging=False)


@pytest.mark.parametrize(
    ("kind", "name", "words"),
    [
        ("contacts", "job_title", "did you mean job_titles?"),
        ("contacts", "Exclude_Domain", "did you mean exclude_domains?"),
        ("companies", "seniorities", "it is a field of searches of contacts"),
        ("companies", "qqqq", "available are has_linkedin_profile"),
    ],
)
def test_unknown_name_suggests_another(kind: Kind, name: str, words: str) -> None:
    details = unknown_name(kind, name)
    assert words in details and f"searches of {kind}" in details


def test_field_named_finds_names_aliases_and_excludes() -> None:
    for field in CATALOGUE:
        for kind in ("contacts", "companies"):
            known = field.fact(kind) is not None
            assert all((field_named(kind, name) is field) is known for name in (field.name, *field.aliases))
            assert (field_named(kind, f"exclude_{field.name}") is field) is (known and field.can_exclude)
    assert field_named("contacts", "colour") is None


def outcome(body: dict[str, Any]) -> Request | LetricsError:
    try:
        return parse_request("contacts", body)
    except LetricsError as error:
        return error


@settings(deadline=None, max_examples=150)
@given(st.dictionaries(st.sampled_from([*(field.name for field in CATALOGUE), *PAGING, "x"]), any_values(), max_size=4))
def test_any_request_is_parsed_or_refused_with_its_fields(body: dict[str, Any]) -> None:
    result = outcome(body)
    if isinstance(result, Request):
        assert parse_request("contacts", result.filters).query == result.query
    else:
        assert {problem.field for problem in result.problems} <= body.keys()
        assert all(len(problem.details) < 2_000 for problem in result.problems)


@pytest.mark.parametrize("value", ODD_VALUES, ids=lambda value: type(value).__name__)
def test_odd_value_of_any_field_is_parsed_or_refused(value: Any) -> None:
    for name in (*(field.name for field in fields_of("contacts")), *PAGING):
        result = outcome({name: value})
        assert isinstance(result, Request) or [problem.field for problem in result.problems] == [name]

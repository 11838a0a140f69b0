"""Array fields parsed into clauses, and their cache."""

from __future__ import annotations

import pytest

from letrics.errors import LetricsError
from letrics.query import parse_request


def test_the_same_values_ask_for_the_same() -> None:
    body = {"locations": ["NYC ", "Europe"], "exclude_job_titles": ["Intern"]}
    first, second = (parse_request("contacts", body) for _ in range(2))
    assert first.query == second.query
    assert first.readings == second.readings and len(first.readings) == 2
    assert first.filters == second.filters == {"locations": ["NYC", "Europe"], "exclude_job_titles": ["Intern"]}


def test_cached_array_is_not_changed_by_a_caller() -> None:
    parse_request("companies", {"tlds": ["com"]}).filters["tlds"].append("de")  # type: ignore[attr-defined]
    assert parse_request("companies", {"tlds": ["com"]}).filters == {"tlds": ["com"]}


def test_cached_arrays_of_fields_and_kinds_differ() -> None:
    asked = [
        parse_request(kind, {name: ["com"]}).query
        for kind in ("contacts", "companies")
        for name in ("tlds", "exclude_tlds", "industries")
    ]
    assert len({repr(query) for query in asked}) == len(asked)


@pytest.mark.parametrize("value", [[["a"]], [{"a": 1}], [1], [True], [None], ["a", ""], ["a", 1.0]])
def test_a_short_list_of_something_else_is_refused_each_time(value: list[object]) -> None:
    told = []
    for _ in range(2):
        with pytest.raises(LetricsError) as refused:
            parse_request("contacts", {"job_titles": value})
        told.append([problem.details for problem in refused.value.problems])
    assert told[0] == told[1] and told[0][0].startswith("job_titles value ")


def test_a_long_list_is_the_same_clause_on_the_next_page() -> None:
    domains = [f"d{number}.example" for number in range(3_000)]
    pages = [parse_request("contacts", {"domains": domains[:], "page": page}).query for page in (1, 2)]
    assert pages[0].clauses[0] is pages[1].clauses[0]
    assert parse_request("contacts", {"domains": domains[1:]}).query != pages[0]

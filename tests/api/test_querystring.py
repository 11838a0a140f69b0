"""Query strings, parsed into the form of a JSON body."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

import pytest
from hypothesis import given
from hypothesis import strategies as st

from letrics.api.querystring import (
    read_flag_parameter,
    read_integer,
    read_pairs,
    read_parameters,
    read_search,
    refuse_all,
)
from letrics.errors import MAX_PROBLEMS
from letrics.fields import fields_of
from letrics.records import KINDS, Kind
from tests.api.caller import query_string

TEXT = st.text(st.characters(exclude_categories=["Cs"]))


@given(st.lists(st.tuples(TEXT, TEXT)))
def test_read_pairs_is_the_inverse_of_urlencode(pairs: list[tuple[str, str]]) -> None:
    assert read_pairs(urlencode(pairs).encode()) == ([pair for pair in pairs if pair != ("", "")], {})


@pytest.mark.parametrize(
    ("query", "field", "says"),
    [(b"locations=%ff", "locations", "percent-encode it as UTF-8"),
     (b"locations[]=\xff", "locations", "percent-encode it as UTF-8"), (b"%ff=1", "\ufffd", "is not UTF-8")],
)  # fmt: skip
def test_read_pairs_not_utf8_is_a_problem(query: bytes, field: str, says: str) -> None:
    pairs, problems = read_pairs(query + b"&order=newest")
    assert pairs == [("order", "newest")] and says in problems[field]


@pytest.mark.parametrize("kind", KINDS)
def test_read_search_of_every_field_is_its_json(kind: Kind) -> None:
    body: dict[str, Any] = {"page": 2, "per_page": 10, "order": "newest", "fields": ["id"]}
    for field in fields_of(kind):
        if field.is_array:
            body[field.name] = [field.example, "a, b & c=d+e"]
        elif field.kind == "number":
            body[field.name] = int(field.example)
        else:
            body[field.name] = True if field.kind in ("flag", "modifier") else field.example
    assert read_search(kind, query_string(body).encode()) == (body, {})


@pytest.mark.parametrize(
    ("query", "given_"),
    [("locations[]=Berlin&locations=Paris", {"locations": ["Berlin", "Paris"]}), ("locations=", {}), ("page=", {}),
     ("is_decision_maker=yes", {"is_decision_maker": "yes"}), ("page=x", {"page": "x"}), ("page=%2B2", {"page": 2}),
     ("page=1234567890123456789", {"page": "1234567890123456789"}),
     ("added_after=2026-01-01T00:00:00+01:00", {"added_after": "2026-01-01T00:00:00+01:00"}),
     ("added_after=2026-01-01 10:00:00+0100", {"added_after": "2026-01-01 10:00:00+0100"}),
     ("added_after=2026-01-01 10:00", {"added_after": "2026-01-01 10:00"})],
)  # fmt: skip
def test_read_search_values_have_the_type_of_the_field(query: str, given_: dict[str, object]) -> None:
    assert read_search("contacts", query.encode()) == (given_, {})


@pytest.mark.parametrize(
    ("query", "name", "says"),
    [("job_title=x", "job_title", "job_titles"), ("page=1&page=2", "page", "twice"), ("page[]=1", "page", "brackets"),
     ("is_decision_maker=true&is_decision_maker=true", "is_decision_maker", "twice"),
     ("fields=id&open=1", "open", "open")],
)  # fmt: skip
def test_read_search_problem_leaves_the_parameter_out(query: str, name: str, says: str) -> None:
    given_, problems = read_search("contacts", f"{query}&locations=Berlin".encode())
    assert list(problems) == [name] and says in problems[name]
    assert name not in given_ and given_["locations"] == ["Berlin"]


def test_read_search_reports_a_bounded_number_of_problems() -> None:
    query = "&".join(f"unknown{n}=1" for n in range(MAX_PROBLEMS + 20))
    assert len(read_search("contacts", query.encode())[1]) == MAX_PROBLEMS


def test_read_parameters_names_the_known_ones() -> None:
    assert read_parameters(b"q=a+b&limit=", "q", "limit") == ({"q": "a b"}, {})
    assert read_parameters(b"q=a&q=b", "q")[1] == {"q": "q takes one value and is given twice: send it once"}
    assert "the only one is q" in read_parameters(b"x=1", "q")[1]["x"]
    assert "available are q, limit" in read_parameters(b"x=1", "q", "limit")[1]["x"]


@pytest.mark.parametrize(
    ("query", "value", "wrong"),
    [(b"", False, []), (b"f=true", True, []), (b"f=false", False, []), (b"f=", False, []), (b"f=1", False, ["f"]),
     (b"f=true&f=true", True, ["f"]), (b"g=true", False, ["g"])],
)  # fmt: skip
def test_read_flag_parameter_is_true_or_false(query: bytes, value: bool, wrong: list[str]) -> None:
    flag, problems = read_flag_parameter(query, "f")
    assert (flag, list(problems)) == (value, wrong)


@pytest.mark.parametrize(
    ("text", "value"),
    [("7", 7), ("-7", -7), ("+7", 7), ("007", 7), ("", None), ("1.0", None), ("٣", None), ("9" * 19, None)],
)
def test_read_integer_is_decimal_within_64_bits(text: str, value: int | None) -> None:
    assert read_integer(text) == value


def test_refuse_all_names_each_parameter_once() -> None:
    assert refuse_all(b"a=1&b=2&a=3", "is too much") == {"a": '"a" is too much', "b": '"b" is too much'}
    assert refuse_all(b"", "is too much") == {}

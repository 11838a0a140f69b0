"""Readers of the values of request fields: what they accept, and the errors for the rest."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final

import pytest
from hypothesis import given, settings

from letrics.fields import CATALOGUE, Field
from letrics.query import request_values
from tests.hostile import ODD_VALUES, any_values, problem_with, problem_with_long_texts

_FIELDS: Final[dict[str, Field]] = {field.kind: field for field in CATALOGUE if field.is_array}

READERS: Final[dict[str, Callable[[Any], Any]]] = {
    "read_flag": request_values.read_flag,
    "read_number": request_values.read_number,
    "read_time": lambda value: request_values.read_time(value, "first"),
    **{
        f"read_terms {kind}": lambda value, field=field: request_values.read_terms(field, [value])  # type: ignore[misc]
        for kind, field in _FIELDS.items()
    },
}


@pytest.mark.parametrize("name", READERS)
def test_reader_of_long_text_ends(name: str) -> None:
    assert problem_with_long_texts(READERS[name]) is None


@pytest.mark.parametrize("name", READERS)
@settings(deadline=None, max_examples=100)
@given(value=any_values())
def test_reader_of_any_value_gives_or_refuses(name: str, value: Any) -> None:
    assert problem_with(READERS[name], value) is None


@pytest.mark.parametrize("value", ODD_VALUES, ids=lambda value: type(value).__name__)
@pytest.mark.parametrize("name", READERS)
def test_reader_of_odd_value_gives_or_refuses(name: str, value: Any) -> None:
    assert problem_with(READERS[name], value) is None


@pytest.mark.parametrize("value", [*ODD_VALUES, "\ud800", "x" * 1_000_000], ids=lambda value: type(value).__name__)
def test_shown_value_is_short_and_encodable(value: Any) -> None:
    shown = request_values.shown(value)
    assert len(shown.encode()) <= 400 and len(shown) <= 80


def test_every_public_reader_is_in_the_table() -> None:
    assert {field.kind for field in CATALOGUE if field.is_array} == set(_FIELDS)
    readers = {name for name in vars(request_values) if name.startswith("read_")} - {"read_email", "read_location"}
    assert readers == {"read_flag", "read_number", "read_terms", "read_time"}


def terms(kind: str, *values: Any) -> list[tuple[str, tuple[str, ...]]]:
    return [(term.value, term.keys) for term in request_values.read_terms(_FIELDS[kind], list(values))[0]]


@pytest.mark.parametrize(
    ("kind", "value", "term"),
    [
        ("equals", "  Software ", ("Software", ("software",))),
        ("equals", "BÜRO", ("BÜRO", ("büro",))),
        ("contains", "Head  of", ("Head  of", ("head of",))),
        ("tld", ".CO.UK", (".CO.UK", ("co.uk",))),
        ("tld", "a..b", ("a..b", ())),
        ("email", "Jane <Jane@ACME.example>", ("Jane <Jane@ACME.example>", ("jane@acme.example",))),
        ("email", "jane", ("jane", ())),
        ("domain", "acme.example", ("acme.example", ("acme.example",))),
        ("domain", "https://www.acme.example/x", ("https://www.acme.example/x", ("acme.example",))),
        ("domain", "localhost", ("localhost", ())),
        ("place", "Europe", ("Europe", ("continent:EU",))),
    ],
)
def test_read_terms_gives_the_trimmed_value_and_its_keys(kind: str, value: str, term: object) -> None:
    assert terms(kind, value) == [term]


def test_read_terms_of_domains_is_the_same_in_bulk_and_alone() -> None:
    values = [f"d{n}.example" for n in range(50)]
    assert terms("domain", *values) == [terms("domain", value)[0] for value in values]
    assert terms("domain", *values, "WWW.acme.example")[-1] == ("WWW.acme.example", ("acme.example",))


@pytest.mark.parametrize(
    ("value", "words"),
    [
        ("com", 'must be a list of strings: send ["com"]'),
        (7, "7 must be a list of strings"),
        ({}, "{} must be a list of strings"),
        (["a", 7], "value 2 is 7; every value must be a string"),
        (["a", " "], "value 2 is blank: remove it, or send [] for no filter"),
        (["\u3000"], "value 1 is blank"),
        (["a\x00"], "contains U+0000, which is not text"),
        (["x" * 201], "has 201 characters; at most 200 are allowed"),
        (["x"] * 501, "has 501 values"),
    ],
)
def test_read_terms_refuses_with_the_position_and_a_fix(value: object, words: str) -> None:
    with pytest.raises(ValueError) as raised:  # noqa: PT011
        request_values.read_terms(_FIELDS["equals"], value)
    assert words in str(raised.value)


@pytest.mark.parametrize(
    ("value", "shown"),
    [
        ("a\"b", '"a\\"b"'),
        (None, "null"),
        (True, "true"),
        ([1, "x"], '[1,"x"]'),
        ("x" * 500, '"' + "x" * 76 + "…"),
        (10**5_000, "a value of type int"),
        ("\ud800", "'\\ud800'"),
    ],
    ids=lambda value: type(value).__name__,
)  # fmt: skip
def test_shown_is_json_shortened(value: object, shown: str) -> None:
    assert request_values.shown(value) == shown


def test_read_time_of_a_date_is_the_first_or_last_millisecond() -> None:
    first, last = (request_values.read_time("1970-01-02", edge) for edge in ("first", "last"))
    assert (first, last) == (86_400_000, 2 * 86_400_000 - 1)
    assert request_values.read_time("1970-01-02T00:00:00Z", "last") == first


@pytest.mark.parametrize("value", [True, 1.0, "1", -1, 1_000_000_001, None])
def test_read_number_refuses_what_is_no_count(value: object) -> None:
    with pytest.raises(ValueError, match="must be a whole number from 0 to 1,000,000,000"):
        request_values.read_number(value)

"""Readers of the values of request fields: what they accept, and the errors for the rest."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final

import pytest
from hypothesis import given, settings

from letrics.fields import CATALOGUE
from letrics.query import request_values
from tests.hostile import ODD_VALUES, any_values, problem_with, problem_with_long_texts

_FIELDS: Final = {field.kind: field for field in CATALOGUE if field.is_array}

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

"""Readers of import values: what they accept, what they return, and what they refuse."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final

import pytest
from hypothesis import given, settings

from letrics.ingest import values
from tests.hostile import ODD_VALUES, any_values, problem_with, problem_with_long_texts

COLUMN_READERS: Final[dict[str, Callable[[Any], Any]]] = {
    "read_count": values.read_count,
    "read_emails": values.read_emails,
    "read_flag": values.read_flag,
    "read_long_text": values.read_long_text,
    "read_part": values.read_part,
    "read_places": values.read_places,
    "read_text": values.read_text,
    "read_texts": values.read_texts,
    "read_time": values.read_time,
    "read_year": values.read_year,
}

READERS: Final = COLUMN_READERS | {
    f"{name} in a cell": values.in_cell(COLUMN_READERS[name]) for name in ("read_emails", "read_places", "read_texts")
}
"""The readers of columns, and those of lists for files whose lists are in one cell."""


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


def test_every_public_reader_is_in_the_table() -> None:
    public = {value for name, value in vars(values).items() if name.startswith("read_")}
    assert {reader for reader in public if reader.__module__ == values.__name__} == set(COLUMN_READERS.values())

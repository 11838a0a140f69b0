"""Whatever a cell or a member holds, each reader of columns returns a value or refuses it with a reason, soon."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final

import pytest
from hypothesis import given, settings

from letrics.ingest import bands, emails, number_values, place_values, urls, values
from tests.hostile import ODD_VALUES, any_values, problem_with, problem_with_long_texts

READERS: Final[dict[str, Callable[[Any], Any]]] = {
    name: reader
    for module in (bands, emails, number_values, place_values, urls, values)
    for name, reader in vars(module).items()
    if name.startswith("read_") and reader.__module__ == module.__name__
} | {
    "read_texts with commas": lambda value: values.read_texts(value, commas=True),
    "read_department with commas": lambda value: values.read_department(value, commas=True),
}
"""All readers of columns, and those of lists that commas separate."""


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


def test_readers_of_all_modules_are_found() -> None:
    assert {
        "read_band",
        "read_count",
        "read_country_part",
        "read_emails",
        "read_linkedin",
        "read_texts",
    } <= READERS.keys()

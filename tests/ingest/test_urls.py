"""Readers of web addresses and of LinkedIn profiles."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final

import pytest
from hypothesis import given, settings

from letrics.ingest import urls
from tests.hostile import ODD_VALUES, any_values, problem_with, problem_with_long_texts

READERS: Final[dict[str, Callable[[Any], Any]]] = {
    "read_linkedin": urls.read_linkedin,
    "read_website": urls.read_website,
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


def test_every_public_reader_is_in_the_table() -> None:
    assert {value for name, value in vars(urls).items() if name.startswith("read_")} == set(READERS.values())

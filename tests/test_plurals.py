"""Counts in words."""

from __future__ import annotations

import pytest

from letrics.plurals import counted, counted_people, inflected


@pytest.mark.parametrize(
    ("number", "noun", "words"),
    [
        (0, "contact", "0 contacts"), (1, "contact", "1 contact"), (1234, "contact", "1,234 contacts"),
        (1, "company", "1 company"), (2, "company", "2 companies"), (2, "more rejected row", "2 more rejected rows"),
        (3, "day", "3 days"),
    ],
)  # fmt: skip
def test_counted_number_chooses_the_form(number: int, noun: str, words: str) -> None:
    assert counted(number, noun) == words


@pytest.mark.parametrize(("number", "words"), [(0, "0 people"), (1, "1 person"), (1234, "1,234 people")])
def test_counted_people_chooses_the_form(number: int, words: str) -> None:
    assert counted_people(number) == words


@pytest.mark.parametrize(
    ("number", "words"),
    [(0, "rows are not of a batch"), (1, "row is not of a batch"), (2, "rows are not of a batch")],
)
def test_inflected_number_chooses_each_form(number: int, words: str) -> None:
    assert inflected(number, "{row|rows} {is|are} not of a batch") == words

"""Phone numbers as written, without what a spreadsheet added."""

from __future__ import annotations

import contextlib

import pytest
from hypothesis import given

from letrics.normalize.phone import phone_number
from tests.hostile import texts


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("+1 555-0100", "+1 555-0100"),
        ("'+1 555-0100", "+1 555-0100"),
        ("'0301235", "0301235"),
        ("’0301235", "0301235"),
        ("'(030) 1235'", "(030) 1235"),
        ("15550100.0", "15550100"),
        ("555.0", "555.0"),
        ("ext. 5", "ext. 5"),
        ("+1 555-0100; +1 555-0101", "+1 555-0100; +1 555-0101"),
        ("'work' 5", "'work' 5"),
    ],
)
def test_phone_number_is_without_additions(text: str, number: str) -> None:
    assert phone_number(text) == number


@pytest.mark.parametrize("text", ["4.93012E+11", "4,9e11", "5E+10"])
def test_phone_number_refuses_a_shortened_one(text: str) -> None:
    with pytest.raises(ValueError, match="a number that a spreadsheet shortened"):
        phone_number(text)


@given(texts())
def test_phone_number_of_any_text_is_stable(text: str) -> None:
    with contextlib.suppress(ValueError):
        number = phone_number(text)
        assert phone_number(number) == number

"""Years, alone and in dates."""

from __future__ import annotations

import contextlib

import pytest
from hypothesis import given

from letrics.normalize.year import FIRST_YEAR, LAST_YEAR, read_year
from tests.hostile import texts


@pytest.mark.parametrize(
    "text",
    [
        "2015",
        "2015.0",
        "2015,0",
        " 2015 ",
        "'2015",
        "2015-01-01",
        "2015/1/5",
        "2015-01",
        "Jan 2015",
        "January 5th, 2015",
        "01/2015",
        "1/5/2015",
        "15.03.2015",
        "5. März 2015",
        "2015-01-01T00:00:00Z",
        "2015-01-01 10:00:00",
        "20150101",
        "42005",
        "c. 2015",
        "founded in 2015",
        "since 2015",
        "gegründet 2015",
        "février 2015",
        "(2015)",
        "5 de enero de 2015",
    ],
)
def test_read_year_finds_the_year(text: str) -> None:
    assert read_year(text) == 2015


@pytest.mark.parametrize(
    "text", ["0", "15", "", "-", "1998-2001", "abc", "20159", "2015 Ltd", "499", "12/15", "٢٠١٥", "x" * 99]
)
def test_read_year_refuses_other_text(text: str) -> None:
    with (
        pytest.raises(ValueError, match="must be a year from 500 to 9999")
        if text != "20159"
        else contextlib.nullcontext()
    ):
        assert read_year(text) == 1955


@given(texts())
def test_read_year_of_any_text_is_in_range(text: str) -> None:
    with contextlib.suppress(ValueError):
        year = read_year(text)
        assert FIRST_YEAR <= year <= LAST_YEAR and read_year(str(year)) == year

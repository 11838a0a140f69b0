"""Names of months in seven languages."""

from __future__ import annotations

import pytest

from letrics.normalize.month_names import month_number


@pytest.mark.parametrize(
    ("names", "number"),
    [
        ("January jan JAN. Januar janv. enero gennaio janeiro januari", 1),
        ("Feb Februar février fevr fev", 2),
        ("März maerz mars marzo março maart Mrz.", 3),
        ("Mai mei mayo maggio maio", 5),
        ("août aout agosto augustus", 8),
        ("Dez Dec Dic déc dezembro", 12),
    ],
)
def test_month_number_of_a_name(names: str, number: int) -> None:
    found = {name: month_number(name) for name in names.split()}
    assert found == dict.fromkeys(names.split(), number)


@pytest.mark.parametrize("word", ["", "month", "Janes", "x" * 99, "1", "ma"])
def test_month_number_of_another_word_is_none(word: str) -> None:
    assert month_number(word) is None

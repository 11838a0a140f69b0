"""Bars and shares: never more than there is room for, never nothing where there is something."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from letrics.web.figures.drawing import HEIGHT, bars, ceiling, share
from letrics.web.figures.months import Month, last_months


@given(st.integers(0, 10**12))
def test_a_scale_ends_at_or_above_the_greatest_number_and_is_halved_whole(value: int) -> None:
    top = ceiling(value)
    assert top >= value
    assert top % 2 == 0
    assert value <= 2 or top <= 2.5 * value


@given(st.lists(st.integers(0, 10**9), max_size=40))
def test_bars_stand_on_the_ground_and_whatever_is_not_nothing_is_seen(values: list[int]) -> None:
    drawn = bars([(str(value), value) for value in values])
    assert [bar.value for bar in drawn.bars] == values
    for bar in drawn.bars:
        assert 0 <= bar.y <= HEIGHT
        assert bar.y + bar.height == pytest.approx(HEIGHT, abs=0.011)
        assert (bar.height > 0) == (bar.value > 0)
        assert bar.x >= 0
        assert bar.x + bar.width <= drawn.width


@given(st.integers(0, 10**9), st.integers(0, 10**9))
def test_only_all_is_a_hundred_and_only_nothing_is_nought(a: int, b: int) -> None:
    part, whole = sorted((a, b))
    of_a_hundred = share(part, whole)
    assert (of_a_hundred == 0) == (part == 0)
    assert (of_a_hundred == 100) == (0 < part == whole)


def test_months_end_with_that_of_the_moment_and_follow_each_other() -> None:
    march = 1_772_409_600_000  # 2026-03-02
    months = last_months(march, 24)
    assert (months[0], months[-1]) == (Month(2024, 4), Month(2026, 3))
    assert [month.moved(1) for month in months[:-1]] == months[1:]


@pytest.mark.parametrize(
    ("month", "first", "last", "name"),
    [
        (Month(2024, 2), "2024-02-01", "2024-02-29", "Feb 2024"),
        (Month(2026, 12), "2026-12-01", "2026-12-31", "Dec 2026"),
    ],
)
def test_a_month_is_from_its_first_to_its_last_day(month: Month, first: str, last: str, name: str) -> None:
    assert (month.first, month.last, month.name) == (first, last, name)

"""Bars and shares: never larger than the chart, and never zero for a value above zero."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from letrics.web.figures.drawing import HEIGHT, bars, ceiling, share


@given(st.integers(0, 10**12))
def test_ceiling_is_even_round_and_at_least_the_maximum(value: int) -> None:
    top = ceiling(value)
    assert top >= value
    assert top % 2 == 0
    assert value <= 2 or top <= 2.5 * value


@given(st.lists(st.integers(0, 10**9), max_size=40))
def test_bars_stand_on_the_axis_and_are_visible_above_zero(values: list[int]) -> None:
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

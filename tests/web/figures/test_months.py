"""Calendar months."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from letrics.web.figures.months import Month, last_months

MONTHS = st.builds(Month, st.integers(1970, 9000), st.integers(1, 12))


@given(MONTHS, st.integers(-500, 500))
def test_moved_back_is_the_same_month(month: Month, by: int) -> None:
    assert month.moved(by).moved(-by) == month


@given(MONTHS)
def test_last_is_the_day_before_the_next_month(month: Month) -> None:
    assert date.fromisoformat(month.last) + timedelta(days=1) == date.fromisoformat(month.moved(1).first)


@given(st.datetimes(datetime(1990, 1, 1), datetime(2100, 1, 1), timezones=st.just(UTC)), st.integers(1, 30))
def test_last_months_end_with_the_month_of_the_time(now: datetime, many: int) -> None:
    months = last_months(int(now.timestamp() * 1000), many)
    assert len(months) == many and months[-1] == Month(now.year, now.month)
    assert [month.moved(1) for month in months[:-1]] == months[1:]


def test_last_months_of_a_moment_follow_each_other() -> None:
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

"""Readers of numbers, years, times and flags in rows."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from letrics.ingest import number_values


@pytest.mark.parametrize(
    ("reader", "value", "read"),
    [
        (number_values.read_count, "1,200", 1200),
        (number_values.read_count, "1200.00", 1200),
        (number_values.read_count, 12.0, 12),
        (number_values.read_count, " ", None),
        (number_values.read_year, 2010, 2010),
        (number_values.read_flag, " Yes ", True),
        (number_values.read_flag, 0, False),
        (number_values.read_flag, "", None),
        (number_values.read_time, "2026-01-31", "2026-01-31T00:00:00.000Z"),
        (number_values.read_time, "2026-01-31T10:30:00+01:00", "2026-01-31T09:30:00.000Z"),
        (number_values.read_time, "2026-01-31T09:30:00.000Z", "2026-01-31T09:30:00.000Z"),
        (number_values.read_time, " ", None),
        (number_values.read_time, 46027, "2026-01-05T00:00:00.000Z"),
        (number_values.read_time, 46027.5, "2026-01-05T12:00:00.000Z"),
        (number_values.read_time, "0000-00-00", None),
        (number_values.read_time, "1/31/2026", "2026-01-31T00:00:00.000Z"),
    ],
)
def test_reader_gives_the_normalised_value(reader: Callable[[Any], Any], value: Any, read: Any) -> None:
    assert reader(value) == read


@pytest.mark.parametrize(
    ("reader", "value", "words"),
    [
        (number_values.read_count, "11-50", "must be a whole number from 0 to 1,000,000,000"),
        (number_values.read_count, "1,20", "must be a whole number"),
        (number_values.read_count, True, "must be a whole number"),
        (number_values.read_year, 0, "from 500 to 9999"),
        (number_values.read_flag, 2, "must be true or false"),
        (number_values.read_time, "2026-02-30T00:00:00.000Z", "does not exist"),
        (number_values.read_time, 5, "must be a timestamp string"),
        (number_values.read_time, "1/5/2026", "may be 2026-05-01 or 2026-01-05: pass --date-order dmy or mdy"),
    ],
)
def test_reader_refuses_with_a_reason(reader: Callable[[Any], Any], value: Any, words: str) -> None:
    with pytest.raises(ValueError, match=words):
        reader(value)

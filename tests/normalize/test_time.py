"""Times: parsed from ISO 8601, written in one form."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from letrics.normalize.time import DAY_MS, MAX_TIME, format_time, is_written_form, now, parse_time

FIRST, LAST = -62_135_596_800_000, 253_402_300_799_999
MOMENT = 1_769_851_800_000
"""2026-01-31T09:30:00Z in milliseconds."""


@pytest.mark.parametrize(
    ("text", "milliseconds"),
    [
        ("2026-01-31T09:30:00.000Z", MOMENT),
        ("2026-01-31T09:30:00Z", MOMENT),
        ("2026-01-31t09:30:00z", MOMENT),
        ("2026-01-31 09:30", MOMENT),
        ("2026-01-31T09:30:00", MOMENT),
        ("20260131T093000Z", MOMENT),
        ("20260131T0930", MOMENT),
        ("  2026-01-31T09:30:00Z ", MOMENT),
        ("2026-01-31T10:30:00+01:00", MOMENT),
        ("2026-01-31T10:30:00+0100", MOMENT),
        ("2026-01-31T10:30:00+01", MOMENT),
        ("2026-01-31T04:00:00-05:30", MOMENT),
        ("2026-01-31T09:30:00.5Z", MOMENT + 500),
        ("2026-01-31T09:30:00,5Z", MOMENT + 500),
        ("2026-01-31T09:30:00.123456789Z", MOMENT + 123),
        ("2026-01-31T09:29:60Z", MOMENT - 1),
        ("2026-01-31T09:29:60.5Z", MOMENT - 1),
        ("1970-01-01", 0),
        ("1969-12-31T23:59:59.999Z", -1),
        ("0001-01-01T00:00:00Z", FIRST),
        ("9999-12-31T23:59:59.999Z", LAST),
    ],
)
def test_parse_time_gives_milliseconds(text: str, milliseconds: int) -> None:
    assert parse_time(text) == milliseconds
    assert format_time(milliseconds) == format_time(parse_time(format_time(milliseconds)))


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("", "is not a timestamp: use one such as"),
        ("yesterday", "is not a timestamp"),
        ("2026", "is not a timestamp"),
        ("2026-01", "is not a timestamp"),
        ("2026-0131", "is not a timestamp"),
        ("2026-01-31T0930:00", "is not a timestamp"),
        ("2026-01-31T09", "is not a timestamp"),
        ("31.01.2026", "is not a timestamp"),
        ("٢٠٢٦-01-31", "is not a timestamp"),
        ("2026-01-31T09:30:00." + "1" * 31 + "Z", "is not a timestamp"),
        (" " * 10 + "2026-01-31" + "x" * MAX_TIME, "is not a timestamp"),
        ("2026-02-29", "does not exist"),
        ("2026-13-01", "does not exist"),
        ("2026-01-31T24:00:00Z", "does not exist"),
        ("2026-01-31T09:60:00Z", "does not exist"),
        ("2026-01-31T09:30:61Z", "does not exist"),
        ("2026-01-31T09:30:00+24:00", "does not exist"),
        ("2026-01-31T09:30:00+01:60", "does not exist"),
        ("0000-01-01", "does not exist"),
        ("0001-01-01T00:00:00+01:00", "outside the years 1 to 9999|does not exist"),
        ("9999-12-31T23:59:59-01:00", "outside the years 1 to 9999|does not exist"),
    ],
)
def test_parse_time_refuses_with_a_reason(text: str, words: str) -> None:
    with pytest.raises(ValueError, match=words):
        parse_time(text)


def test_parse_time_of_a_date_takes_the_edge_of_the_day() -> None:
    assert parse_time("1970-01-02", "last") == parse_time("1970-01-02", "first") + DAY_MS - 1 == 2 * DAY_MS - 1
    assert parse_time("1970-01-02T00:00", "last") == DAY_MS


@given(st.integers(FIRST, LAST))
def test_format_time_is_parsed_back(milliseconds: int) -> None:
    text = format_time(milliseconds)
    assert parse_time(text) == milliseconds
    assert is_written_form(text) and len(text) == 24


@given(st.integers(FIRST, LAST), st.integers(FIRST, LAST))
def test_format_time_sorts_as_the_time(one: int, other: int) -> None:
    assert (format_time(one) < format_time(other)) is (one < other)


@pytest.mark.parametrize("milliseconds", [FIRST - 1, LAST + 1, 10**20])
def test_format_time_out_of_range_raises(milliseconds: int) -> None:
    with pytest.raises(OverflowError):
        format_time(milliseconds)


@pytest.mark.parametrize("text", ["2026-01-31T09:30:00Z", "2026-01-31", " 2026-01-31T09:30:00.000Z", "", "x" * 24])
def test_is_written_form_refuses_other_forms(text: str) -> None:
    assert not is_written_form(text)


def test_now_is_the_current_time_in_the_written_form() -> None:
    text = now()
    assert is_written_form(text)
    assert abs(datetime.now(UTC) - datetime.fromisoformat(text)) < timedelta(minutes=1)

"""Dates as spreadsheets and exports write them."""

from __future__ import annotations

import contextlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from letrics.normalize.dates import DATE_ORDERS, AmbiguousDate, order_of, read_date
from letrics.normalize.time import is_written_form
from tests.hostile import texts


@pytest.mark.parametrize(
    "text",
    [
        "2026-01-05",
        "2026-01-05T00:00:00Z",
        "2026-01-05 00:00:00 UTC",
        "2026-01-05 00:00:00 +0000",
        "2026-01-05 00:00 GMT",
        "2026/01/05",
        "2026/1/5",
        "2026-1-5",
        "2026.01.05",
        "20260105",
        "46027",
        "46027.0",
        "5.1.2026",
        "05.01.2026",
        "05.01.26",
        "5 Jan 2026",
        "05-Jan-2026",
        "5-Jan-26",
        "Jan 5, 2026",
        "January 5th, 2026",
        "Jan. 5 2026",
        "2026 Jan 5",
        "5. Januar 2026",
        "5 janvier 2026",
        "le 5 janv. 2026",
        "5 de enero de 2026",
        "5 gennaio 2026",
        "5 de janeiro de 2026",
        "5 januari 2026",
        "Mon, 05 Jan 2026 00:00:00 +0000",
        "Montag, 5. Januar 2026",
        "lun. 5 janv. 2026",
        "Mon Jan 05 2026 00:00:00 GMT+0000 (Coordinated Universal Time)",
        "2026\u5e741\u67085\u65e5",
        "'2026-01-05",
        "2026/01/05 UTC",
    ],
)
def test_read_date_of_each_form_is_the_day(text: str) -> None:
    assert read_date(text) == "2026-01-05T00:00:00.000Z"


@pytest.mark.parametrize(
    ("text", "time"),
    [
        ("2026-01-05 09:14", "2026-01-05T09:14:00.000"),
        ("2026-01-05 9:14 PM", "2026-01-05T21:14:00.000"),
        ("2026/01/05 10:00:00.5", "2026-01-05T10:00:00.500"),
        ("1/31/2026 9:14 PM", "2026-01-31T21:14:00.000"),
        ("1/31/2026, 12:05:09 a.m.", "2026-01-31T00:05:09.000"),
        ("31.01.2026 14:30 Uhr", "2026-01-31T14:30:00.000"),
        ("31/01/2026 14h30", "2026-01-31T14:30:00.000"),
        ("Jan 5, 2026 at 3:45 PM", "2026-01-05T15:45:00.000"),
        ("Mon, 05 Jan 2026 10:00:00 +0200", "2026-01-05T08:00:00.000"),
        ("2026-01-05T10:00:00+02:00", "2026-01-05T08:00:00.000"),
        ("46027.4166666667", "2026-01-05T10:00:00.000"),
        ("46027,5", "2026-01-05T12:00:00.000"),
        ("2026-01-05 10:00:00.123456 UTC", "2026-01-05T10:00:00.123"),
        ("mar. 6 janv. 2026", "2026-01-06T00:00:00.000"),
        ("5 mar 2026", "2026-03-05T00:00:00.000"),
        ("Jan 2026", "2026-01-01T00:00:00.000"),
        ("31/12/99", "1999-12-31T00:00:00.000"),
        ("99/12/31", "1999-12-31T00:00:00.000"),
    ],
)
def test_read_date_with_a_time_is_in_utc(text: str, time: str) -> None:
    assert read_date(text) == f"{time}Z"


@pytest.mark.parametrize("text", ["0000-00-00", "0000-00-00 00:00:00", "00/00/0000", "0000-00-00T00:00:00Z"])
def test_read_date_of_zeros_is_nothing(text: str) -> None:
    assert read_date(text) is None


@pytest.mark.parametrize(
    ("text", "dmy", "mdy"),
    [
        ("1/5/2026", "2026-05-01", "2026-01-05"),
        ("01-05-2026", "2026-05-01", "2026-01-05"),
        ("1/5/26", "2026-05-01", "2026-01-05"),
        ("12/11/2026 10:00", "2026-11-12", "2026-12-11"),
    ],
)
def test_read_date_needs_the_order_of_day_and_month(text: str, dmy: str, mdy: str) -> None:
    with pytest.raises(AmbiguousDate, match=f"may be {dmy} or {mdy}: pass --date-order dmy or mdy"):
        read_date(text)
    assert (read_date(text, "dmy") or "").startswith(dmy)
    assert (read_date(text, "mdy") or "").startswith(mdy)
    assert order_of(text) is None


def test_read_date_of_equal_numbers_needs_no_order() -> None:
    assert read_date("3/3/2026") == read_date("03.03.2026") == "2026-03-03T00:00:00.000Z"
    assert read_date("26/01/05", "ymd") == "2026-01-05T00:00:00.000Z"


@pytest.mark.parametrize(
    ("text", "order"),
    [
        ("1/31/2026", "mdy"),
        ("31/1/2026", "dmy"),
        ("31.01.2026", "dmy"),
        ("1/31/26 9:14 PM", "mdy"),
        ("2026/01/31", None),
        ("1/5/2026", None),
        ("Jan 31 2026", None),
        ("x", None),
        ("99/12/31", "ymd"),
        ("31/31/2026", None),
    ],
)
def test_order_of_a_date_that_shows_it(text: str, order: str | None) -> None:
    assert order_of(text) == order


@pytest.mark.parametrize(
    ("text", "order"),
    [
        ("yesterday", None),
        ("2026", None),
        ("12", None),
        ("", None),
        ("5 Foo 2026", None),
        ("13/13/2026", None),
        ("31/1/2026", "mdy"),
        ("2026-02-30", None),
        ("2026-01-05 10:00:00 CET", None),
        ("1/31/2026 25:00", None),
        ("1/31/2026 13:00 PM", None),
        ("46027x", None),
        ("99999", None),
        ("2026-01-05 10", None),
        ("x" * 99, None),
        ("1/2/3/4", None),
        ("Jan 32, 2026", None),
        ("Jan", None),
        ("5 Jan", None),
    ],
)
def test_read_date_refuses_other_text(text: str, order: str | None) -> None:
    with pytest.raises(ValueError, match=r"is not a date|does not exist"):
        read_date(text, order)  # type: ignore[arg-type]


_pieces = st.sampled_from(
    [
        "1",
        "31",
        "2026",
        "/",
        "-",
        ".",
        " ",
        ":",
        "10",
        "00",
        "PM",
        "UTC",
        "+0100",
        "Jan",
        "mar",
        "de",
        "T",
        "Z",
        ",",
        "46027",
    ]
)


@given(texts() | st.lists(_pieces, max_size=10).map("".join), st.sampled_from([None, *DATE_ORDERS]))
def test_read_date_of_any_text_is_in_the_stored_format(text: str, order: str | None) -> None:
    order_of(text)
    with contextlib.suppress(ValueError):
        time = read_date(text, order)  # type: ignore[arg-type]
        assert time is None or (is_written_form(time) and read_date(time) == time)

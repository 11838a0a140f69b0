"""Parsing of numbers, years, times and flags in rows.

Each function raises ValueError as those of `letrics.ingest.values`.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any, Final

from letrics.normalize import year
from letrics.normalize.dates import DateOrder, read_date
from letrics.normalize.headcount import MAX_HEADCOUNT, read_headcount
from letrics.normalize.truth import read_truth


def read_time(value: Any, order: DateOrder | None = None) -> str | None:
    """Parse a date or timestamp into the stored format. A date means the first millisecond of its UTC day.

    `order` is the order of day and month in the column. A number counts days, as in Excel.
    """
    if type(value) is str:
        if (
            len(value) == 24
            and value[10] == "T"
            and value[19] == "."
            and value[23] == "Z"
            and value[4] == value[7] == "-"
        ):
            try:
                datetime.fromisoformat(value)
            except ValueError:
                pass
            else:
                return value
        return read_date(value, order) if value and not value.isspace() else None
    if value is None:
        return None
    if (type(value) is int or type(value) is float) and 20_000 <= value < 80_000:
        return read_date(str(value))
    raise ValueError("must be a timestamp string such as 2026-01-31T09:30:00Z")


def read_flag(value: Any) -> bool | None:
    """Parse a Boolean, also from a text or the numbers 1 and 0."""
    if value is None or type(value) is bool:
        return value
    if type(value) is str:
        return read_truth(value) if value and not value.isspace() else None
    if value == 1 or value == 0:
        return bool(value)
    raise ValueError("must be true or false")


def read_count(value: Any) -> int | None:
    """Parse a number of people, such as `1200` or `1,200`. Rejects ranges such as 11-50."""
    if type(value) is str:
        if not value or value.isspace():
            return None
        low, high = read_headcount(value)
        if low != high:
            raise ValueError(_NO_COUNT)
        return low
    value = _whole(value)
    if value is not None and (type(value) is not int or not 0 <= value <= MAX_HEADCOUNT):
        raise ValueError(_NO_COUNT)
    return value


_NO_COUNT: Final = f"must be a whole number from 0 to {MAX_HEADCOUNT:,}"


def read_year(value: Any) -> int | None:
    """Parse a year, also from a date."""
    if type(value) is str:
        return year.read_year(value) if value and not value.isspace() else None
    value = _whole(value)
    return value if value is None else year.check_year(value if type(value) is int else 0)


def _whole(value: Any) -> Any:
    """Convert a float without decimals to an integer. Returns other values unchanged."""
    return int(value) if type(value) is float and value.is_integer() else value

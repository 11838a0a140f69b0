"""Readers of numbers of employees and of size bands: a text, a number, or an object with `min` and `max`."""

from __future__ import annotations

from typing import Any

from letrics.ingest.number_values import read_count
from letrics.normalize.headcount import MAX_HEADCOUNT, read_headcount
from letrics.records import EmployeesRange


def read_employees(value: Any) -> int | EmployeesRange | None:
    """Parse a number of employees, or the size band that a column of numbers has instead."""
    if type(value) is not str and type(value) is not dict:
        return read_count(value)
    band = read_band(value)
    return band.min if band is not None and band.min == band.max else band


def read_band(value: Any) -> EmployeesRange | None:
    """Parse a size band, also from an object with `min` and `max`. A number is a band with two equal ends."""
    if type(value) is str:
        return EmployeesRange(*read_headcount(value)) if value and not value.isspace() else None
    if type(value) is dict:
        return _band(read_count(value.get("min")), read_count(value.get("max")))
    count = read_count(value)
    return _band(count, count)


def _band(low: int | None, high: int | None) -> EmployeesRange | None:
    """The band with these ends. Raises ValueError."""
    if low is None and high is None:
        return None
    if low is not None and high is not None and low > high:
        raise ValueError(f"must be from 0 to {MAX_HEADCOUNT:,}, in a size band the smaller number first")
    return EmployeesRange(low, high)

"""Parsing of numbers of employees and size bands: `1,200`, `11-50`, `1,001-5,000`, `10001+`, `10k+`, `<10`, `~200`."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Any, Final

from letrics.ingest.values import MAX_EMPLOYEES, read_count
from letrics.records import EmployeesRange

_NUMBER: Final = r"([0-9]{1,3}(?:[,.' \u00a0\u202f][0-9]{3})+|[0-9]+)\s*([kK]?)"
"""Matches a number. Group 1 has its digits, also with separators between thousands, and group 2 the k of thousands."""
_BAND: Final = re.compile(rf"{_NUMBER}\s*(?:[-\u2010-\u2015]|to|bis|a|à)\s*{_NUMBER}", re.IGNORECASE)
"""Matches a band with two ends."""
_ONE_END: Final = re.compile(rf"(>=|\u2265|>|<=|\u2264|<|~|)\s*{_NUMBER}\s*(\+?)")
"""Matches a number, or a band with one end. Group 1 is the sign before the number, group 4 the plus after it."""
_WORD: Final = re.compile(r"\s*(?:employees|people)\Z", re.IGNORECASE)
"""Matches the word that may follow the numbers."""
_LONGEST: Final = 60
"""The maximum length of a band, in characters."""
_EXAMPLES: Final = "must be a whole number such as 120, or a size band such as 11-50 or 10001+"


def read_employees(value: Any) -> int | EmployeesRange | None:
    """Parse a number of employees, or the size band that a column of numbers has instead."""
    if type(value) is not str and type(value) is not dict:
        return read_count(value)
    band = read_band(value)
    return band.min if band is not None and band.min == band.max else band


def read_band(value: Any) -> EmployeesRange | None:
    """Parse a size band, also from an object with `min` and `max`. A number is a band with two equal ends."""
    if type(value) is str:
        text = value.strip()
        return _read_text(text) if text else None
    if type(value) is dict:
        return _band(read_count(value.get("min")), read_count(value.get("max")))
    count = read_count(value)
    return _band(count, count)


@lru_cache(maxsize=10_000)
def _read_text(text: str) -> EmployeesRange | None:
    if len(text) > _LONGEST:
        raise ValueError(_EXAMPLES)
    numbers = _WORD.sub("", text)
    if found := _BAND.fullmatch(numbers):
        low, high = _number(found[1], found[2]), _number(found[3], found[4])
        # `1-5k` means 1,000 to 5,000, while `500-1k` means 500 to 1,000.
        return _band(low * 1000 if found[4] and not found[2] and low * 1000 < high else low, high)
    found = _ONE_END.fullmatch(numbers)
    if found is None:
        try:
            count = read_count(text)  # zero decimals
        except ValueError:
            raise ValueError(_EXAMPLES) from None
        return _band(count, count)
    sign, number, plus = found[1], _number(found[2], found[3]), found[4]
    if plus or sign in (">=", "\u2265", ">"):
        return _band(number + 1 if sign == ">" and not plus else number, None)
    if sign in ("<=", "\u2264", "<"):
        return _band(None, number - 1 if sign == "<" else number)
    return _band(number, number)


def _number(digits: str, k: str) -> int:
    return int(re.sub(r"\D", "", digits)) * (1000 if k else 1)


def _band(low: int | None, high: int | None) -> EmployeesRange | None:
    """The band with these ends. Raises ValueError."""
    if low is None and high is None:
        return None
    least, most = low or 0, MAX_EMPLOYEES if high is None else high
    if not 0 <= least <= most <= MAX_EMPLOYEES:
        raise ValueError(f"must be from 0 to {MAX_EMPLOYEES:,}, in a size band the smaller number first")
    return EmployeesRange(low, high)

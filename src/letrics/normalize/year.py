"""Years, also in dates: `2015`, `2015-01-01`, `Jan 2015`, `01/2015`, `since 2015`, and Excel's day numbers."""

from __future__ import annotations

import re
from datetime import date, timedelta
from functools import lru_cache
from typing import Final

from letrics.normalize.month_names import month_number

FIRST_YEAR: Final = 500
"""The first year that is accepted. The oldest companies are of the 6th century; smaller numbers are something else."""
LAST_YEAR: Final = 9999
"""The last year that is accepted."""
_MAX_TEXT: Final = 60
"""The maximum length of a text, in characters."""
_YEAR: Final = re.compile(r"(?<![0-9])[0-9]{3,4}(?![0-9])")
"""Matches a number that can be a year."""
_PLAIN: Final = re.compile(r"([0-9]{3,4})(?:[.,]0+)?")
"""Matches a year alone, also with zero decimals."""
_COMPACT: Final = re.compile(r"([0-9]{4})(?:0[1-9]|1[0-2])(?:0[1-9]|[12][0-9]|3[01])")
"""Matches a date without separators."""
_DAY_NUMBER: Final = re.compile(r"([0-9]{5})(?:\.[0-9]+)?")
"""Matches the number of a day as Excel counts."""
_TIME: Final = re.compile(r"[T ][0-9]{1,2}:[0-9]{2}.*\Z", re.DOTALL)
"""Matches the time after a date."""
_WORD: Final = re.compile(r"[^\W\d_]+")
"""Matches a word."""
_WORDS: Final = frozenset(
    (
        *("c", "ca", "circa", "about", "around", "founded", "established", "est", "since", "in", "the", "year", "of"),
        *("seit", "gegründet", "im", "jahr", "fondée", "fondé", "en", "depuis", "fundada", "fundado", "desde", "de"),
        *("fondata", "nel", "dal", "opgericht", "sinds", "st", "nd", "rd", "th", "ad", "ce"),
    )
)
"""Words that may accompany a year."""
_DAY_ZERO: Final = date(1899, 12, 30)
"""The day that Excel counts from."""
_ADVICE: Final = f"must be a year from {FIRST_YEAR} to {LAST_YEAR}"


def read_year(text: str) -> int:
    """Read a year, alone or as part of a date. Raises ValueError, also for a text with several years."""
    if len(text) > _MAX_TEXT:
        raise ValueError(_ADVICE)
    return _read(text)


@lru_cache(maxsize=10_000)
def _read(text: str) -> int:
    text = text.strip().strip("'\"()")
    if found := _PLAIN.fullmatch(text):
        return check_year(int(found[1]))
    if found := _COMPACT.fullmatch(text):
        return check_year(int(found[1]))
    if found := _DAY_NUMBER.fullmatch(text):
        return check_year((_DAY_ZERO + timedelta(days=int(found[1]))).year)
    text = _TIME.sub("", text)
    years = [int(year) for year in _YEAR.findall(text)]
    others = [word for word in _WORD.findall(text) if word.casefold() not in _WORDS and month_number(word) is None]
    if len(years) != 1 or others:
        raise ValueError(_ADVICE)
    return check_year(years[0])


def check_year(year: int) -> int:
    """Return the year. Raises ValueError if it is out of range."""
    if not FIRST_YEAR <= year <= LAST_YEAR:
        raise ValueError(_ADVICE)
    return year

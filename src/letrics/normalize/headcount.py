"""Numbers of people and size bands: `1,200`, `11-50`, `1,001 to 5,000`, `10001+`, `2.5k`, `<10`, `Self-employed`.

Spreadsheets turn bands into dates: 11-50 becomes `Nov-50`, and 2-10 becomes `10-Feb` or `02-Oct`. They are understood.
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Final

from letrics.normalize.month_names import month_number

Headcount = tuple[int | None, int | None]
"""The least and the greatest number; None means no bound. An exact number is both."""

MAX_HEADCOUNT: Final = 1_000_000_000
"""The greatest number."""
_MAX_TEXT: Final = 80
"""The maximum length of a text, in characters."""
_NUMBER: Final = (
    r"(?P<X>[0-9]{1,3}(?:(?P<Xs>[,.'’ \u00a0\u2009\u202f])[0-9]{3}(?:(?P=Xs)[0-9]{3})*)(?![0-9])|[0-9]+(?:[.,][0-9]+)?)"
    r"\s?(?P<Xu>k|thousand|tsd\.?|mille|mil|million|mio\.?|mn|m)?(?![a-z])"
)
"""Matches a number, also with separators between thousands, and its unit. X stands for the name of the group."""
_A: Final = _NUMBER.replace("X", "a")
_B: Final = _NUMBER.replace("X", "b")
_BAND: Final = re.compile(
    rf"(?:between|from|von|de)?\s*{_A}\s*(?:[-\u2010-\u2015\u2212~]|to|and|bis|a|à|al|até|tot)\s*"
    rf"{_B}",
    re.IGNORECASE,
)
"""Matches a band with two ends."""
_ONE: Final = re.compile(
    rf"(?P<before>>=|≥|>|<=|≤|<|~|≈|c\.|ca\.?|circa|about|around|approx\.?|approximately|over|more than|at least|above|"
    rf"mehr als|über|plus de|más de|mais de|più di|meer dan|under|less than|up to|below|fewer than|unter|weniger als|"
    rf"bis zu|bis|jusqu'à|moins de|hasta|menos de|fino a|meno di|até|tot|minder dan)?\s*{_A}"
    rf"\s*(?P<after>\+|plus|or more|and more|and above|and over|oder mehr|et plus|o más|ou mais|o più|of meer)?",
    re.IGNORECASE,
)
"""Matches a number, or a band with one end."""
_LEAST: Final = frozenset({
    ">=", "≥", ">", "over", "more than", "at least", "above", "mehr als", "über", "plus de", "más de", "mais de",
    "più di", "meer dan",
})  # fmt: skip
"""Words before a number that is the least."""
_MOST: Final = frozenset({
    "<=", "≤", "<", "under", "less than", "up to", "below", "fewer than", "unter", "weniger als", "bis zu", "bis",
    "jusqu'à", "moins de", "hasta", "menos de", "fino a", "meno di", "até", "tot", "minder dan",
})  # fmt: skip
"""Words before a number that is the greatest."""
_EXCLUSIVE: Final = frozenset({">", "<", "over", "more than", "under", "less than", "fewer than"})
"""Words before a number that is not itself meant."""
_NOUN: Final = re.compile(
    r" ?(?:\((?:est|estimated|approx)\.?\)|(?:full[- ]time )?"
    r"(?:employees?|people|persons?|staff|members?|headcount|fte|"
    r"mitarbeiter(?:innen)?|beschäftigte|angestellte|employés?|salariés?|personnes?|empleados?|personas?|trabajadores|"
    r"dipendenti|addetti|funcionários?|colaboradores|medewerkers|werknemers))\.?\Z",
    re.IGNORECASE,
)
"""Matches the noun after the number."""
_ALONE: Final = frozenset(
    {"self-employed", "self employed", "myself only", "just me", "solo", "freelance", "freelancer"}
)
"""Texts that mean one person."""
_CODED: Final = re.compile(r"c_([0-9]{5})_([0-9]{5}|max)")
"""Matches a band as Crunchbase codes it: `c_00011_00050`."""
_MONTH_FIRST: Final = re.compile(r"([^\W\d_]{3,9}\.?)[-\s./]{1,2}([0-9]{1,2}|19[0-9]{2})")
"""Matches a date that a spreadsheet made of a band: the name of a month and a number."""
_DAY_FIRST: Final = re.compile(r"([0-9]{1,2})[-\s./]{1,2}([^\W\d_]{3,9}\.?)(?:[-\s./]{1,2}(?:19|20)?([0-9]{2}))?")
"""Matches such a date with the number first, and perhaps a year, which is group 3."""
_DATE: Final = re.compile(r"([0-9]{4})-([0-9]{2})-([0-9]{2})(?:[T ]00:00(?::00(?:\.0+)?)?)?")
"""Matches such a date in ISO 8601."""
_UNITS: Final = {"k": 1_000, "t": 1_000, "mil": 1_000, "mille": 1_000, "thousand": 1_000}
"""The units of thousands. Others mean millions."""
_EXAMPLES: Final = "must be a whole number such as 120, or a size band such as 11-50 or 10001+"


def read_headcount(text: str) -> Headcount:
    """Read a number of people or a size band. Raises ValueError."""
    if text.isdecimal() and text.isascii() and len(text) < 10:  # the common case
        return int(text), int(text)
    if len(text) > _MAX_TEXT:
        raise ValueError(_EXAMPLES)
    return _read(text)


@lru_cache(maxsize=10_000)
def _read(text: str) -> Headcount:
    text = _NOUN.sub("", " ".join(text.strip().strip("'\"").split()))
    if text.casefold() in _ALONE:
        return 1, 1
    for read in (_read_band, _read_one, _read_coded, _read_date):
        found = read(text)
        if found is not None:
            return _checked(*found)
    raise ValueError(_EXAMPLES)


def _read_band(text: str) -> Headcount | None:
    found = _BAND.fullmatch(text)
    if found is None:
        return None
    low, high = _number(found["a"], found["au"]), _number(found["b"], found["bu"])
    if found["bu"] and not found["au"] and low * 1_000 < high:
        low *= _unit(found["bu"])  # `1-5k` means 1,000 to 5,000, while `500-1k` means 500 to 1,000
    return low, high


def _read_one(text: str) -> Headcount | None:
    found = _ONE.fullmatch(text)
    if found is None:
        return None
    number, before = _number(found["a"], found["au"]), (found["before"] or "").lower()
    if before in _MOST:
        return None, number - (before in _EXCLUSIVE)
    if found["after"] or before in _LEAST:
        return number + (before in _EXCLUSIVE), None
    return number, number


def _number(digits: str, unit: str | None) -> int:
    """The number of digits with separators and a unit. Raises ValueError if it is not whole."""
    if not unit:
        if zero_decimals := re.fullmatch(r"([0-9]+)[.,](?!000\Z)0+", digits):
            return int(zero_decimals[1])
        if re.fullmatch(r"[0-9]+[.,][0-9]+", digits) and not re.fullmatch(r"[0-9]{1,3}[.,][0-9]{3}", digits):
            raise ValueError(_EXAMPLES)
        return int(re.sub(r"\D", "", digits))
    parts = re.split(r"[.,]", digits)
    if len(parts) == 2 and len(parts[1]) < 3:
        thousandths = int(parts[0]) * 1_000 + int(parts[1].ljust(3, "0"))
        return thousandths * _unit(unit) // 1_000
    return int(re.sub(r"\D", "", digits)) * _unit(unit)


def _unit(unit: str) -> int:
    unit = unit.lower().removesuffix(".")
    return 1_000 if unit in _UNITS or unit == "tsd" else 1_000_000


def _read_coded(text: str) -> Headcount | None:
    found = _CODED.fullmatch(text)
    return found and (int(found[1]), None if found[2] == "max" else int(found[2]))


def _read_date(text: str) -> Headcount | None:
    """The band that a spreadsheet turned into a date: its month and its day, or the last two digits of its year."""
    if found := _MONTH_FIRST.fullmatch(text):
        month, other = month_number(found[1]), int(found[2]) % 100
    elif found := _DAY_FIRST.fullmatch(text):
        month, other = month_number(found[2]), int(found[1])
        if other == 1 and found[3] and int(found[3]) >= 30:
            other = int(found[3])
    elif found := _DATE.fullmatch(text):
        year, month, other = int(found[1]), int(found[2]), int(found[3])
        if other == 1 and 1930 <= year < 2000:
            other = year % 100
        if not 1 <= month <= 12 or not 1930 <= year <= 2099:
            return None
    else:
        return None
    return None if month is None or not other else (min(month, other), max(month, other))


def _checked(low: int | None, high: int | None) -> Headcount:
    if not 0 <= (low or 0) <= (MAX_HEADCOUNT if high is None else high) <= MAX_HEADCOUNT:
        raise ValueError(f"must be from 0 to {MAX_HEADCOUNT:,}, in a size band the smaller number first")
    return low, high

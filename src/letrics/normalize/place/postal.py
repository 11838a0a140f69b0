"""Postal codes in a part of an address: the name without its code, and the country that the code's form implies."""

from __future__ import annotations

import re
from typing import Final

from letrics.normalize.place.wording import DIGIT, MAX_PART

_SHAPES: Final = (
    ("GB", re.compile(r"(?<!\w)(?:[A-Z]{1,2}[0-9][A-Z0-9]? ?[0-9][A-Z]{2}|GIR ?0AA)(?!\w)", re.IGNORECASE)),
    ("CA", re.compile(r"(?<!\w)[ABCEGHJ-NPRSTVXY][0-9][A-Z][ -]?[0-9][A-Z][0-9](?!\w)", re.IGNORECASE)),
    ("IE", re.compile(r"(?<!\w)[AC-FHKNPRTV-Y][0-9][0-9W] ?[0-9AC-FHKNPRTV-Y]{4}(?!\w)", re.IGNORECASE)),
    ("NL", re.compile(r"(?<!\w)(?:NL-)?[1-9][0-9]{3} ?[A-Z]{2}(?!\w)", re.IGNORECASE)),
    ("JP", re.compile(r"〒\s*[0-9]{3}-?[0-9]{4}(?!\w)")),
    ("AU", re.compile(r"(?<= )(?<=ACT |NSW |QLD |TAS |VIC )[0-9]{4}$|(?<=\bNT |\bSA |\bWA )[0-9]{4}$", re.IGNORECASE)),
    ("US", re.compile(r"(?<=(?<![A-Z])[A-Z]{2} )[0-9]{5}(?:-[0-9]{4})?$")),
    ("US", re.compile(r"(?<!\w)[0-9]{5}-[0-9]{4}$")),
)
"""Postal codes whose form implies a country; for a ZIP code, only the form of nine digits or after a state."""
_NUMERIC_SHAPES: Final = tuple((country, shape) for country, shape in _SHAPES if country not in ("GB", "CA", "IE"))
"""The shapes whose letters do not touch their digits."""
_MIXED: Final = re.compile(r"[A-Za-z][0-9]|[0-9][A-Za-z]")
"""Matches a letter next to a digit."""
_PREFIXES: Final = {
    "A": "AT", "AT": "AT", "B": "BE", "BE": "BE", "CH": "CH", "CZ": "CZ", "D": "DE", "DE": "DE", "DK": "DK", "E": "ES",
    "ES": "ES", "F": "FR", "FI": "FI", "FIN": "FI", "FR": "FR", "H": "HU", "HU": "HU", "I": "IT", "IT": "IT",
    "L": "LU", "LI": "LI", "LT": "LT", "LU": "LU", "LV": "LV", "MD": "MD", "N": "NO", "NO": "NO", "PL": "PL",
    "PT": "PT", "RO": "RO", "S": "SE", "SE": "SE", "SI": "SI", "SK": "SK",
}  # fmt: skip
"""The letters before a postal code (`D-10115`) and their countries."""
_PREFIXED: Final = re.compile(r"(?<!\w)([A-Z]{1,3})[-–](?=[0-9]{3})")
"""Matches the letters of a country before a postal code: `D-10115`."""
_LEADING: Final = re.compile(r"(?:〒\s*)?[0-9]{3,8}(?:[- ][0-9]{2,4})?\s+(?=\D)")
"""Matches a code of digits before a name: `10115 Berlin`, `111 22 Stockholm`, `00-950 Warszawa`."""
_POLISH: Final = re.compile(r"[0-9]{2}-[0-9]{3}\s+(?=\D)")
"""Matches a Polish postal code before a name."""
_TRAILING: Final = re.compile(
    r"(?<=\w)\.?\s+(?:[0-9]{2,8}(?:[- ][0-9]{2,4})?|[0-9]{1,2}(?:er|e|ème|eme|th|st|nd|rd)?|cedex(?: [0-9]{1,2})?)$",
    re.IGNORECASE,
)
"""Matches a code or the number of a district after a name: `Lima 15001`, `Dublin 2`, `Paris Cedex 16`, `Lyon 3e`."""
_ALONE: Final = re.compile(r"(?:〒\s*)?(?:[A-Z]{1,3}[-–])?[0-9]{3,8}(?:[- ][0-9]{2,4})?|[0-9]{2}-[0-9]{3}")
"""Matches a part that is a postal code."""


_LENGTHS: Final = {
    3: "IS FO LS TW",
    4: "AT BE CH DK NO NL LU HU BG SI LV AU NZ ZA PT CY GE PH TN AM LI MK AL BD",
    5: "DE FR ES IT US FI SE MX TR GR CZ SK PL UA KR TH MY ID EE HR RS ME BA LT SA EG MA DZ PK PE CR SN IL TW MC SM VA",
    6: "RU CN IN SG RO KZ CO BY VN EC TW TJ KG UZ",
    7: "JP IL CL PT",
    8: "BR",
    9: "US",
}
"""Countries by the number of digits of their postal codes."""
_DIGITS: Final[dict[str, set[int]]] = {}
for _length, _codes in _LENGTHS.items():
    for _code in _codes.split():
        _DIGITS.setdefault(_code, set()).add(_length)


def fits_country(digits: int, country_code: str) -> bool:
    """Return whether the postal codes of a country have that number of digits, or are not listed."""
    lengths = _DIGITS.get(country_code)
    return lengths is None or digits in lengths


def strip_postal_codes(part: str) -> list[tuple[str, str | None]]:
    """Return the readings of a part without its postal code, each with the ISO 3166-1 code of the country it implies.

    The readings are in order of preference. The name of a reading is "" if the part is a postal code alone. Returns an
    empty list for a part without a code. The caller has to check that the name is a place, because a number can also
    be that of a house. Never raises.
    """
    if len(part) > MAX_PART or (not DIGIT.search(part) and "edex" not in part.casefold()):
        return []
    readings: list[tuple[str, str | None]] = []
    for country, shape in _SHAPES if _MIXED.search(part) else _NUMERIC_SHAPES:
        if match := shape.search(part):
            readings.append((_without(part, match.start(), match.end()), country))
    if match := _PREFIXED.search(part):
        rest = part[: match.start()] + part[match.end() :]
        readings += [(name, _PREFIXES.get(match[1])) for name in _numeric(rest)]
    readings += [(name, None) for name in _numeric(part)]
    return list(dict.fromkeys(readings))


def strip_leading_code(part: str) -> str:
    """Return a part without the postal code before its name, also if the name is unknown: `10115 Kleinstadt`."""
    match = _LEADING.match(part[:MAX_PART])
    return part[match.end() :] if match and len(match[0]) > 4 else part


def _numeric(part: str) -> list[str]:
    if _ALONE.fullmatch(part):
        return [""]
    name = part
    if match := _POLISH.match(name) or _LEADING.match(name):
        name = name[match.end() :]
    while match := _TRAILING.search(name):
        name = name[: match.start()]
    return [name.strip()] if name != part else []


def _without(part: str, start: int, end: int) -> str:
    return f"{part[:start].strip()} {part[end:].strip()}".strip()

"""Parts of an address: postal codes, streets and words without a comma, around the names of places."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Final

from letrics.normalize.place.area import strip_area
from letrics.normalize.place.gazetteer import gazetteer
from letrics.normalize.place.matching import bare, country_named, inside, regions_named, the_one
from letrics.normalize.place.names import name_key
from letrics.normalize.place.postal import strip_leading_code, strip_postal_codes
from letrics.normalize.place.provinces import capital_of_province
from letrics.normalize.place.resolved import Resolved, common_place
from letrics.normalize.place.wording import DIGIT, MAX_PART, is_street

_MIDDLE: Final = re.compile(r"(.*\S)\s+[0-9]{4,6}\s+(\D+)")
"""Matches an address with the postal code before its town: `Unter den Linden 1 10117 Berlin`."""
_NUMBER: Final = re.compile(r"\d+(?:[- ]\d{2,4})?")
"""Matches the number of a postal code."""
_MAX_WORDS: Final = 4
"""The maximum number of words of a name that is looked up at the end of a part."""
_METROPOLIS: Final = 500_000
"""The population from which a city counts as certain after words that are not in the gazetteer (`Soho, London`)."""
_MAX_CODE: Final = 3
"""The maximum length of the code of a country or region, in characters."""
_MAX_HOUSE_DIGITS: Final = 3
"""The number of digits up to which a number can also be that of a house or a district."""
_NUMBER_FIRST: Final = frozenset(("US", "CA", "GB", "IE", "AU", "NZ", "ZA", "IN", "SG", "HK", "FR"))
"""Countries in which the number of a house precedes the street, so it does not begin with a postal code."""


def known_parts(parts: list[str]) -> tuple[list[str], int | None, int]:
    """Return the parts without postal codes, the country that the form of a code implies, and its number of digits.

    The number is 0 without a code or for one that is not of digits only.
    """
    found: list[str] = []
    country: int | None = None
    digits = 0
    for part in parts:
        if not DIGIT.search(part) and "edex" not in part:
            found.append(part)
            continue
        names, code = _without_code(part)
        found += names
        if code is not None and country is None:
            country = gazetteer().country_by_code(code)
        elif code is None and names != [part]:
            digits = digits or max(len(DIGIT.findall(number)) for number in _NUMBER.findall(part))
    return found, country, digits if digits > _MAX_HOUSE_DIGITS else 0


@lru_cache(maxsize=10_000)
def _without_code(part: str) -> tuple[list[str], str | None]:
    if is_known(part):
        return [part], None
    readings = strip_postal_codes(part)
    for name, code in readings:
        if not name:
            return [], code
        scope = None if code is None else gazetteer().country_by_code(code)
        if is_known(name) if scope is None else inside(name, scope):
            return [name], code
        if (split := split_tail(name)) or (split := _split_town(name, scope)):
            return split, code
    if town := split_province(readings[0][0] if readings else part):
        return [town], "IT"
    if (match := _MIDDLE.fullmatch(part[:MAX_PART])) and is_known(match[2]):
        return [match[1], match[2]], None
    for name, code in readings:
        if code in ("GB", "CA"):
            return [name], code
    return [part], None


def is_known(name: str) -> bool:
    """Return whether a place has that name."""
    return bool(gazetteer().find(name_key(name)))


def split_tail(part: str) -> list[str]:
    """Split a part before the country or region at its end: `Berlin Germany`, `12 Main St Austin TX`.

    Returns an empty list if the words before it end with no place inside it.
    """
    words = part.split() if len(part) <= MAX_PART else []
    for count in range(min(_MAX_WORDS, len(words) - 1), 0, -1):
        tail = " ".join(words[-count:])
        if len(tail) <= _MAX_CODE and not tail.isupper():
            continue
        country = country_named(tail)
        for scope in ([] if country is None else [country]) + regions_named(tail, codes=False):
            head = " ".join(words[:-count])
            if inside(head, scope):
                return [head, tail]
            if DIGIT.search(head) and (split := _split_town(head, scope)):
                return [*split, tail]
    return []


def split_province(part: str) -> str | None:
    """Return the town of `Roma RM`; None if the last word is not the code of the town's Italian province."""
    town, _, code = part.rpartition(" ")
    return town if town and capital_of_province(code, town) is not None else None


def _split_town(part: str, scope: int | None) -> list[str]:
    """Split an address before the town at its end, which must lie in a country or region."""
    if scope is None:
        return []
    words = part.split()
    for count in range(min(_MAX_WORDS, len(words) - 1), 0, -1):
        town = " ".join(words[-count:])
        if any(map(gazetteer().is_city, inside(town, scope))):
            return [" ".join(words[:-count]), town]
    return []


def around_unknown(parts: list[str]) -> Resolved:
    """Return the narrowest known places of a text with unknown parts, and those parts.

    An address in a known city resolves to that city.
    """
    *left, last = parts
    if not left:
        return Resolved()
    known = gazetteer()
    if (capital := capital_of_province(last, left[-1])) is not None:
        return common_place((capital,))
    country, regions = country_named(last), regions_named(last, codes=False)
    scopes = ([] if country is None else [country]) + regions
    if regions and any(part.endswith(" County") for part in left):
        scopes = regions
    elsewhere = {named for part in left if len(part) > _MAX_CODE and (named := country_named(part)) is not None}
    found = [_descend(scope, left) for scope in scopes if elsewhere <= {known.country_of(scope)}]
    if len({one.country for one in found}) > 1:
        # `Smallville, DE` is ambiguous: it may be in Germany or in Delaware. A known town decides.
        found = [one for one in found if one.city is not None]
        found = found if len(found) == 1 else []
    if found:
        return next((one for one in found if one.city is not None), found[0])
    if scopes:
        return Resolved()
    town = the_one([e for e in bare(last) if known.is_city(e)])
    if town is not None and (
        all(map(is_street, left)) or (known.populations[town] >= _METROPOLIS and not any(map(is_known, left)))
    ):
        return Resolved(known.country_of(town), known.region_of(town), town)
    return Resolved()


def _descend(scope: int, left: list[str]) -> Resolved:
    known = gazetteer()
    nation, home = known.country_of(scope), known.region_of(scope)
    left = list(left)
    capital = the_one([e for e in inside(known.label(scope), scope) if known.is_city(e)]) if home == scope else None
    while left:
        inner = [e for e in _inside(left[-1], scope) if not known.is_country(e) and e != scope]
        town = the_one([e for e in inner if known.is_city(e)])
        regions = [e for e in inner if known.is_region(e)]
        if len(regions) == 1 and len(left) > 1:
            home = scope = regions[0]
            capital = town if town is not None and known.region_of(town) == home else None
            left.pop()
            continue
        if town is not None:
            return Resolved(nation, known.region_of(town), town)
        if len(regions) == 1:
            home = regions[0]
            left.pop()
        elif not inner and len(left) > 1 and len(left[-1]) <= _MAX_CODE:
            left.pop()  # the code of a region that the gazetteer lacks: `Turin, TO, Italy`
            continue
        break
    code = "" if nation is None else known.code(nation)
    unknown = tuple(part if code in _NUMBER_FIRST else strip_leading_code(part) for part in left)
    if capital is not None and all(map(is_street, unknown)):
        return Resolved(nation, home, capital)
    return Resolved(nation, home, unknown=unknown)


def _inside(part: str, scope: int) -> tuple[int, ...]:
    return inside(part, scope) or ((area := strip_area(part)) and inside(area, scope)) or ()

"""A place's missing parts, filled from what is known of it."""

from __future__ import annotations

import re
from typing import Final

from letrics.normalize.place.gazetteer import gazetteer
from letrics.normalize.place.matching import wide_or_country
from letrics.normalize.place.names import name_key
from letrics.normalize.place.resolving import resolve
from letrics.records import Place

_CODE: Final = re.compile(r"[A-Za-z]{2}-[A-Za-z0-9]{1,3}")
_SHORT: Final = 3


def complete_place(
    city: str | None,
    region: str | None,
    country: str | None,
    text: str | None,
    country_code: str | None = None,
    continent: str | None = None,
) -> Place:
    """The place with what the gazetteer knows of it filled in; never raises.

    Given parts stay as they are, but a country becomes its English name, and an abbreviation or code of a region or
    city its name. Nothing is guessed: of several cities of one name it is the one with three times the people of any
    other, else none. A place given as text alone is read as a location is.
    """
    known = gazetteer()
    # A part without a letter or digit ("-") says nothing.
    city, region, country, country_code, continent = (
        part.strip() if part and name_key(part) else None for part in (city, region, country, country_code, continent)
    )
    text = (text or "").strip() or None
    found = resolve(city, region, country, text, country_code)
    given = (city, region, country or country_code)
    if found.unknown and not city:
        # Narrow to wide, what is unknown is the city, or the region and before it the city; before that, a street.
        *streets, last = found.unknown
        city, region = (streets[-1], last) if streets and found.region is None else (last, region)
    city = _name(city, found.city)
    region = _name(region, found.region)
    if found.country is not None:
        country, country_code = known.label(found.country), known.code(found.country)
        wide = known.continent_of(found.country)
        continent = continent_name(continent) if wide is None else known.label(wide)
    else:
        if found.wide is not None and known.kind(found.wide) == "continent":
            continent = continent or known.label(found.wide)
        country_code = country_code.upper() if country_code else None
        continent = continent_name(continent)
    joined = ", ".join(
        part for part, was_given in zip((city, region, country), given, strict=True) if part and was_given
    )
    return Place(city, region, country, country_code, continent, text or joined or None)


def _name(given: str | None, entity: int | None) -> str | None:
    if entity is None:
        return given
    if not given or (given.isascii() and len(name_key(given)) <= _SHORT) or _CODE.fullmatch(given.strip()):
        return gazetteer().label(entity)
    return given


def continent_name(given: str | None) -> str | None:
    """A continent's English name, from its name in other languages or its two-letter code; what is unknown stays."""
    if not given:
        return None
    known = gazetteer()
    entity = known.by_key(f"continent:{given.strip().upper()}")
    if entity is None:
        entity = wide_or_country(given)
    if entity is not None and known.kind(entity) == "continent":
        return known.label(entity)
    return given

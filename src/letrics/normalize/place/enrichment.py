"""Completion of a place: fills missing parts from the gazetteer."""

from __future__ import annotations

import re
from typing import Final

from letrics.normalize.place.gazetteer import gazetteer
from letrics.normalize.place.interpretation import MAX_LOCATION
from letrics.normalize.place.matching import country_named, wide_or_country
from letrics.normalize.place.misplaced import is_territory, location_in_country, town_and_region
from letrics.normalize.place.names import name_key
from letrics.normalize.place.resolving import has_marks, has_more_than_name, resolve
from letrics.normalize.place.wording import drop_work_words, is_street, replace_flags
from letrics.records import Place

_CODE: Final = re.compile(r"[A-Za-z]{2}-[A-Za-z0-9]{1,3}")
"""Matches an ISO 3166-2 code of a region, such as DE-BY."""
_MAX_WORDS: Final = 5
"""The maximum number of words of a town's name."""
_SHORT: Final = 3
"""The maximum length of a name that counts as an abbreviation, in characters."""


def complete_place(
    city: str | None,
    region: str | None,
    country: str | None,
    text: str | None,
    country_code: str | None = None,
    continent: str | None = None,
) -> Place:
    """Complete a place from the gazetteer. Never raises.

    Given parts stay, except that a country becomes its English name, and an abbreviation or code of a region or city
    becomes its name. A part of more than `MAX_LOCATION` characters is not interpreted. Ambiguous names are not guessed:
    of several cities of one name, one is taken only if it has at least three times the population of each other. A
    place given only as text can be an address, a metropolitan area or `Remote - US`; see
    `letrics.normalize.place.free_text`.
    """
    known = gazetteer()
    # A part without a letter or digit ("-") counts as missing.
    city, region, country, country_code, continent = (
        part.strip() if part and (not part.isascii() or name_key(part)) else None
        for part in (city, region, country, country_code, continent)
    )
    text = (text or "").strip() or None
    if country is not None and (inner := location_in_country(country)) is not None:
        if not (city or region or text):
            return complete_place(None, None, None, country, country_code, continent)
        city = city or _label(inner.city)
        region, country = region or _label(inner.region), _label(inner.country)
    if region is not None and is_territory(city, region, country, country_code):
        text = text or (None if city or country or country_code else region)
        region = None
    given = [city, region, country]
    city, region, country = _place_part(city), _place_part(region), _place_part(country)
    found = resolve(city, region, country, text, country_code)
    if city and (inside := town_and_region(city, found)) is not None:
        city, found = inside
        given[0] = city
        region = region or _label(found.region)
        given[1] = given[1] or region
    unknown = [part for part in found.unknown if _can_be_town(part)]
    if unknown and not city:
        # The unknown words, from narrow to wide, end with the city, or with city and region; a street comes first.
        *narrower, last = unknown
        city, region = (narrower[-1], last) if narrower and found.region is None else (last, region)
        if found.country is not None:
            # The parts are completed like those of columns, so that completing the place again changes nothing.
            region = region or (None if found.region is None else known.label(found.region))
            return complete_place(city, region, known.label(found.country), text, known.code(found.country), continent)
    city, region = _name(city, found.city), _name(region, found.region)
    if found.country is not None:
        given[2] = given[2] or country_code
        country, country_code = known.label(found.country), known.code(found.country)
        wide = known.continent_of(found.country)
        continent = continent_name(continent) if wide is None else known.label(wide)
    else:
        if found.wide is not None and known.kind(found.wide) == "continent":
            continent = continent or known.label(found.wide)
        country_code = country_code.upper() if country_code else None
        continent = continent_name(continent)
    if text is None:
        named = zip(given, (city, region, country), strict=True)
        text = ", ".join(_written(was_given, name) for was_given, name in named if was_given) or None
        if text and found.region is not None and not (given[0] or given[2]) and wide_or_country(text) is not None:
            text = f"{text}, {country}"  # `Georgia` alone would be the country
    return Place(city, region, country, country_code, continent, text)


def _can_be_town(part: str) -> bool:
    """Return whether an unknown part of a text can be the name of a town: no street, sentence or country."""
    if not name_key(part) or len(part.split()) > _MAX_WORDS:
        return False
    return not is_street(part) and country_named(part) is None


def _place_part(given: str | None) -> str | None:
    """Return a part without the words of a working arrangement; None if nothing is left."""
    if not given or len(given) > MAX_LOCATION:
        return given or None
    part = drop_work_words(given if given.isascii() else replace_flags(given)).strip()
    return part if name_key(part) else None


def _written(given: str, name: str | None) -> str:
    """Return how the text of a place has one of its parts: by its name, or as given where the name would lose words."""
    return given if name is None or has_marks(given) or drop_work_words(given) != given else name


def _label(entity: int | None) -> str | None:
    return None if entity is None else gazetteer().label(entity)


def _name(given: str | None, entity: int | None) -> str | None:
    if entity is None or (given and len(given) > MAX_LOCATION):
        return given
    known = gazetteer()
    if not given or (given.isascii() and len(name_key(given)) <= _SHORT) or _CODE.fullmatch(given):
        return known.label(entity)
    more = has_more_than_name(given) if known.is_city(entity) else has_marks(given)
    if more and all(e != entity for e, _ in known.find(name_key(given))):
        return known.label(entity)
    return given


def continent_name(given: str | None) -> str | None:
    """Return the English name of a continent, from a name in another language or a two-letter code.

    Returns an unknown name unchanged.
    """
    if not given:
        return None
    known = gazetteer()
    entity = known.by_key(f"continent:{given.strip().upper()}")
    if entity is None:
        entity = wide_or_country(given)
    if entity is not None and known.kind(entity) == "continent":
        return known.label(entity)
    return given

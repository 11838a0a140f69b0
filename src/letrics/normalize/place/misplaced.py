"""Parts of a place in the column of another: a location as the country, a sales territory as the region."""

from __future__ import annotations

from functools import lru_cache
from typing import Final

from letrics.normalize.place.area import names_area
from letrics.normalize.place.country_text import read_country, split_country
from letrics.normalize.place.free_text import resolve_text
from letrics.normalize.place.gazetteer import gazetteer
from letrics.normalize.place.gazetteer_file import MAIN, SHORT
from letrics.normalize.place.interpretation import MAX_LOCATION
from letrics.normalize.place.matching import country_named, inside, regions_named, wide_or_country
from letrics.normalize.place.names import name_key
from letrics.normalize.place.resolved import Resolved
from letrics.normalize.place.resolving import resolve
from letrics.normalize.place.territory import names_territory

_LARGE: Final = 100_000
"""The population from which the name of a city alone in a column of countries means the city."""


@lru_cache(maxsize=5_000)
def location_in_country(text: str) -> Resolved | None:
    """Return what a text in a column of countries means if it is a location, such as `Chicago, IL`, `Paris, France`.

    Returns None for a country. The result is empty for a town that the gazetteer lacks before a code that a country
    and a region have: `Smallville, IL` can be in Israel or Illinois.
    """
    if len(text) > MAX_LOCATION or wide_or_country(text) is not None:
        return None
    pieces = split_country(text)
    nation = read_country(text)
    if nation is not None and (not pieces or wide_or_country(pieces[0]) is not None):
        narrow = [piece for piece in pieces[1:] if wide_or_country(piece) is None and inside(piece, nation)]
        return resolve_text(f"{narrow[0]}, {gazetteer().label(nation)}") if narrow else None
    found = resolve_text(text)
    if len(pieces) > 1:
        if found.region is not None or found.city is not None or (nation is None and found.country is not None):
            return found
        is_code = country_named(pieces[-1]) is not None and bool(regions_named(pieces[-1], codes=False))
        return Resolved() if is_code and found.country is None else None
    if nation is not None or found.city is None or regions_named(text, codes=False):
        return None
    known = gazetteer()
    named = {entity for entity, flag in known.find(name_key(text)) if flag in (MAIN, SHORT)}
    is_large = known.populations[found.city] >= _LARGE
    return found if names_area(text) or (found.city in named and is_large) else None


def is_territory(city: str | None, region: str, country: str | None, country_code: str | None) -> bool:
    """Return whether a region is none: a continent, a group of countries or a sales territory.

    A point of the compass is the region of that name if the country has one, or if the city is in it.
    """
    if len(region) > MAX_LOCATION or not name_key(region):
        return False
    wide = wide_or_country(region)
    if wide is not None:
        return gazetteer().is_wide(wide)
    if not names_territory(region):
        return False
    found = resolve(city, region, country, None, country_code)
    is_certain = bool(country or country_code) or found.city is not None
    return not (is_certain and found.region in regions_named(region, codes=False))


def town_and_region(city: str, found: Resolved) -> tuple[str, Resolved] | None:
    """Split the region off an unknown town in a column of cities: `Smallville, TX`. None if there is none.

    `found` is what the place means otherwise; the region must not contradict it.
    """
    if "," not in city or found.city is not None or len(city) > MAX_LOCATION:
        return None
    known = gazetteer()
    inner = resolve_text(city if found.country is None else f"{city}, {known.label(found.country)}")
    if inner.region is None or len(inner.unknown) != 1 or found.region not in (None, inner.region):
        return None
    return inner.unknown[0], Resolved(inner.country, inner.region)

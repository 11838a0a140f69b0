"""Resolution of a stored place to its country, region and city in the gazetteer."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Final

from letrics.normalize.place.area import names_area, resolve_area
from letrics.normalize.place.country_text import read_country
from letrics.normalize.place.free_text import resolve_text
from letrics.normalize.place.gazetteer import gazetteer
from letrics.normalize.place.interpretation import MAX_LOCATION, understand
from letrics.normalize.place.matching import bare, country_named, inside, regions_named, the_one
from letrics.normalize.place.names import name_key
from letrics.normalize.place.provinces import capital_of_province
from letrics.normalize.place.resolved import Resolved, common_place
from letrics.normalize.place.territory import names_territory
from letrics.normalize.place.wording import strip_area_words

_LARGE: Final = 100_000
"""The population from which a city contradicts the abbreviation of a region in which it is not known."""
_SHORT: Final = 3
"""The maximum length of an abbreviation, in characters."""
_MARK: Final = re.compile(r"[\d()\[\]/|,;:]|\bcedex\b", re.IGNORECASE)
"""Matches what an address has besides the names of places."""
_SEVERAL: Final = re.compile(r"(?:(?<!\s)\s++)?(?:&|/|,|\band\b)\s*", re.IGNORECASE)
"""Matches what joins the parts of a country: `England & Wales`."""


@lru_cache(maxsize=100_000)
def resolve(
    city: str | None, region: str | None, country: str | None, text: str | None, country_code: str | None
) -> Resolved:
    """Resolve a place by its parts, or by its text if it has no parts. Never raises.

    A part of more than `MAX_LOCATION` characters counts as missing: it names no place, and folding it takes long.
    """
    city, region, country = (
        part if part and len(part) <= MAX_LOCATION and name_key(part) else None for part in (city, region, country)
    )
    if not (city or region or country):
        return _of_text(text, country_code)
    nation = _coded(country_code)
    if nation is None and country:
        named = read_country(country)
        if named is None:
            # A region such as `England` in the place of the country.
            homes = [home for part in _SEVERAL.split(country) for home in regions_named(part, codes=False)]
            shared = _shared(homes) if homes else Resolved()
            if shared.country is None:
                return Resolved()
            nation = shared.country
            region = region or (None if shared.region is None else country)
        elif gazetteer().is_wide(named):
            # A continent such as `Europe` in the place of the country: the other parts may determine the country.
            found = common_place(understand(", ".join(part for part in (city, region, country) if part)).entities)
            return found if found != Resolved() else Resolved(wide=named)
        else:
            nation = named
    if nation is None:
        return _anywhere(city, region)
    return _inside(nation, city, region, text)


def _coded(country_code: str | None) -> int | None:
    """Return the country of a code, or of the name in a column of codes."""
    if not country_code:
        return None
    nation = gazetteer().country_by_code(country_code.strip().upper())
    return country_named(country_code) if nation is None else nation


def _anywhere(city: str | None, region: str | None) -> Resolved:
    """Resolve a city and a region without a country. A region's column has a region: `CA` is California, not Canada."""
    if not region:
        return _town_anywhere(city) if city else Resolved()
    homes = regions_named(region, codes=False)
    if not city:
        # Where no region has that name, it is a country, or an area such as `Greater London`.
        return _shared(homes) if homes else resolve_text(region)
    if (capital := capital_of_province(region, city)) is not None and not any(_town(city, home) for home in homes):
        return common_place((capital,))
    for scopes in (homes, regions_named(region, codes=True)):
        towns = {town for scope in scopes if (town := _town(city, scope)) is not None}
        if len(towns) == 1:
            return common_place(tuple(towns))
        if towns:
            return Resolved()
    country = country_named(region)
    if country is not None and (town := _town(city, country)) is not None:
        return common_place((town,))  # a country in the place of the region
    if len(homes) == 1:
        # The town is not known. A large one of that name elsewhere contradicts an abbreviation: `Milano`, `MI`.
        elsewhere = the_one([e for e in bare(city) if gazetteer().is_city(e)])
        if len(name_key(region)) <= _SHORT and elsewhere is not None and gazetteer().populations[elsewhere] >= _LARGE:
            return Resolved()
        return common_place((homes[0],))
    if homes or len(name_key(region)) <= _SHORT:
        return Resolved()
    return resolve_text(f"{city}, {region}")


def _shared(regions: list[int]) -> Resolved:
    """Return the only region, or the country of several ones."""
    countries = {gazetteer().country_of(e) for e in regions}
    if len(countries) > 1:
        return Resolved()
    return Resolved(countries.pop(), regions[0] if len(regions) == 1 else None)


def _town_anywhere(city: str) -> Resolved:
    """Resolve a city alone. An abbreviation is one of a city here, not the code of a country (`LA`)."""
    if (
        len(name_key(city)) <= _SHORT
        and city.isascii()
        and (towns := tuple(e for e in bare(city) if gazetteer().is_city(e)))
    ):
        return common_place(towns)
    return resolve_text(city)


def _inside(nation: int, city: str | None, region: str | None, text: str | None) -> Resolved:
    known = gazetteer()
    if not city and not region:
        return _text_inside(nation, text) if text else Resolved(nation)
    home = _home(region, nation) if region else None
    if not city:
        return Resolved(nation, home)
    if home is not None:
        return Resolved(nation, home, _town(city, home))
    named = [e for e in inside(city, nation) if not known.is_country(e)]
    town = the_one([e for e in named if known.is_city(e)])
    if town is None and not named:
        town = _town_in_text(city, nation)
    if town is not None:
        return Resolved(nation, known.region_of(town), town)
    return Resolved(nation, None if region else the_one([e for e in named if known.is_region(e)]))


def _home(region: str, nation: int) -> int | None:
    """Return the region of that name in a country, also for `State of New York` and `Greater London`."""
    known = gazetteer()
    home = _largest([e for e in inside(region, nation) if known.is_region(e)])
    if home is None and (stripped := strip_area_words(region)):
        home = _largest([e for e in inside(stripped[0], nation) if known.is_region(e)])
        if home is None:
            home = resolve_area([region, known.label(nation)]).region
    if home is None and known.code(nation) == "IT" and (capital := capital_of_province(region)) is not None:
        home = known.region_of(capital)
    if home is None and has_marks(region):
        found = resolve_text(f"{region}, {known.label(nation)}")
        home = found.region if found.country == nation and not found.unknown else None
    return home


def _town(city: str, scope: int) -> int | None:
    """Return the city of that name in a region, also for `10115 Berlin` and `Greater London`."""
    town = _largest([e for e in inside(city, scope) if gazetteer().is_city(e)])
    return _town_in_text(city, scope) if town is None else town


def _town_in_text(city: str, scope: int) -> int | None:
    """Return the city in a text that has more than its name, if it lies in a country or region."""
    if city.isalpha() or not has_more_than_name(city):
        return None
    known = gazetteer()
    country = known.country_of(scope)
    wider = (
        known.label(scope) if country is None or country == scope else f"{known.label(scope)}, {known.label(country)}"
    )
    for text in (f"{city}, {wider}", city):
        town = resolve_text(text).city
        if town is not None and scope in (known.region_of(town), known.country_of(town)):
            return town
    return None


def has_more_than_name(city: str) -> bool:
    """Return whether a text can have a postal code, a wider place or words of an area besides a city's name."""
    return has_marks(city) or names_area(city)


def has_marks(name: str) -> bool:
    """Return whether a text has digits, brackets or other characters that names of places lack."""
    return _MARK.search(name) is not None


def _largest(entities: list[int]) -> int | None:
    return max(entities, key=lambda e: gazetteer().populations[e], default=None)


def _of_text(text: str | None, country_code: str | None) -> Resolved:
    nation = _coded(country_code)
    if nation is not None:
        return _inside(nation, None, None, text)
    return resolve_text(text) if text and not names_territory(text) else Resolved()


def _text_inside(nation: int, text: str) -> Resolved:
    """Resolve a text in a country that was given separately; a text that is somewhere else is ignored."""
    found = resolve_text(text)
    if found.country is None and found.wide is None:
        found = resolve_text(f"{text}, {gazetteer().label(nation)}")
    return Resolved(nation, found.region, found.city) if found.country == nation else Resolved(nation)

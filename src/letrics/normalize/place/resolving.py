"""Resolution of a stored place to its country, region and city in the gazetteer."""

from __future__ import annotations

from functools import lru_cache

from letrics.normalize.place.free_text import resolve_text
from letrics.normalize.place.gazetteer import gazetteer
from letrics.normalize.place.interpretation import understand
from letrics.normalize.place.matching import inside, regions_named, the_one, wide_or_country
from letrics.normalize.place.names import name_key
from letrics.normalize.place.resolved import Resolved, common_place


@lru_cache(maxsize=100_000)
def resolve(
    city: str | None, region: str | None, country: str | None, text: str | None, country_code: str | None
) -> Resolved:
    """Resolve a place by its parts, or by its text if it has no parts. Never raises."""
    city, region, country = (part if part and name_key(part) else None for part in (city, region, country))
    if not (city or region or country):
        return _of_text(text, country_code)
    nation = gazetteer().country_by_code((country_code or "").strip().upper())
    if nation is None and country:
        named = wide_or_country(country)
        if named is None:
            homes = regions_named(country, codes=False)
            if len(homes) != 1:
                return Resolved()
            # A region such as `England` in the place of the country.
            nation = gazetteer().country_of(homes[0])
            region = region or country
        elif gazetteer().is_wide(named):
            # A continent such as `Europe` in the place of the country: the other parts may determine the country.
            found = common_place(understand(", ".join(part for part in (city, region, country) if part)).entities)
            return found if found != Resolved() else Resolved(wide=named)
        else:
            nation = named
    if nation is None:
        return common_place(understand(", ".join(part for part in (city, region) if part)).entities)
    return _inside(nation, city, region, text)


def _inside(nation: int, city: str | None, region: str | None, text: str | None) -> Resolved:
    known = gazetteer()
    if not city and not region:
        return _text_inside(nation, text) if text else Resolved(nation)
    home = _largest([e for e in inside(region, nation) if known.is_region(e)]) if region else None
    if not city:
        return Resolved(nation, home)
    if home is not None:
        town = _largest([e for e in inside(city, home) if known.is_city(e)])
        return Resolved(nation, home, town)
    named = [e for e in inside(city, nation) if not known.is_country(e)]
    town = the_one([e for e in named if known.is_city(e)])
    if town is not None:
        return Resolved(nation, known.region_of(town), town)
    return Resolved(nation, None if region else the_one([e for e in named if known.is_region(e)]))


def _largest(entities: list[int]) -> int | None:
    return max(entities, key=lambda e: gazetteer().populations[e], default=None)


def _of_text(text: str | None, country_code: str | None) -> Resolved:
    nation = gazetteer().country_by_code((country_code or "").strip().upper())
    if nation is not None:
        return _inside(nation, None, None, text)
    return resolve_text(text) if text else Resolved()


def _text_inside(nation: int, text: str) -> Resolved:
    """Resolve a text in a country that was given separately; a text that is somewhere else is ignored."""
    found = resolve_text(text)
    if found.country is None and found.wide is None:
        found = resolve_text(f"{text}, {gazetteer().label(nation)}")
        return Resolved(nation, found.region, found.city) if found.country == nation else Resolved(nation)
    return found if found.country == nation else Resolved(nation)

"""Resolution of a stored place to its country, region and city in the gazetteer."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

from letrics.normalize.place.gazetteer import gazetteer
from letrics.normalize.place.interpretation import understand
from letrics.normalize.place.matching import country_named, inside, regions_named, the_one, wide_or_country
from letrics.normalize.place.names import name_key, split_parts


@dataclass(frozen=True, slots=True)
class Resolved:
    """Entities in which a place certainly lies. `wide` is a continent or group that it names instead of a country.

    `unknown` has the words of a text that were not found in the country or region, from narrow to wide.
    """

    country: int | None = None
    region: int | None = None
    city: int | None = None
    wide: int | None = None
    unknown: tuple[str, ...] = ()


@lru_cache(maxsize=100_000)
def resolve(
    city: str | None, region: str | None, country: str | None, text: str | None, country_code: str | None
) -> Resolved:
    """Resolve a place by its parts, or by its text if it has no parts. Never raises."""
    city, region, country = (part if part and name_key(part) else None for part in (city, region, country))
    if not (city or region or country):
        return _from_text(text, country_code)
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
            found = _of(understand(", ".join(part for part in (city, region, country) if part)).entities)
            return found if found != Resolved() else Resolved(wide=named)
        else:
            nation = named
    if nation is None:
        return _of(understand(", ".join(part for part in (city, region) if part)).entities)
    return _inside(nation, city, region, text)


def _inside(nation: int, city: str | None, region: str | None, text: str | None) -> Resolved:
    known = gazetteer()
    if not city and not region:
        if text:
            found = _of(tuple(e for e in understand(text).entities if known.country_of(e) == nation))
            if found.country is not None:
                return found
        return Resolved(nation)
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


def _of(entities: tuple[int, ...]) -> Resolved:
    """Return the place that a text means; if it means several, the country and region they have in common."""
    known = gazetteer()
    if len(entities) == 1 and known.is_wide(entities[0]):
        return Resolved(wide=entities[0])
    one = the_one(list(entities))
    if one is not None:
        return Resolved(known.country_of(one), known.region_of(one), one if known.is_city(one) else None)
    countries = {known.country_of(e) for e in entities}
    regions = {known.region_of(e) for e in entities}
    return Resolved(countries.pop() if len(countries) == 1 else None, regions.pop() if len(regions) == 1 else None)


def _from_text(text: str | None, country_code: str | None) -> Resolved:
    nation = gazetteer().country_by_code((country_code or "").strip().upper())
    if nation is not None:
        return _inside(nation, None, None, text)
    if not text:
        return Resolved()
    meaning = understand(text)
    if meaning.entities:
        found = _of(meaning.entities)
        several_cities = len(meaning.entities) > 1 and all(map(gazetteer().is_city, meaning.entities))
        if found.country is not None and found.city is None and several_cities:
            return Resolved(found.country, found.region, unknown=tuple(split_parts(text)[:1]))
        return found
    return _around_unknown(split_parts(text)) if meaning.own else Resolved()


def _around_unknown(parts: list[str]) -> Resolved:
    """Return the narrowest known places of a text with unknown parts, and those parts.

    An address in a known city resolves to that city.
    """
    known = gazetteer()
    nation = country_named(parts[-1])
    scopes = regions_named(parts[-1], codes=False)
    if nation is None:
        if len(scopes) != 1:
            return Resolved()
        nation = known.country_of(scopes[0])
        home: int | None = scopes[0]
    elif scopes:
        # `Smallville, DE` is ambiguous: it may be in Germany or in Delaware.
        return Resolved()
    else:
        home = None
    left = list(parts[:-1])
    scope = nation if home is None else home
    while left and scope is not None:
        inner = [e for e in inside(left[-1], scope) if not known.is_country(e) and e != scope]
        town = the_one([e for e in inner if known.is_city(e)])
        regions = [e for e in inner if known.is_region(e)]
        if len(regions) == 1 and len(left) > 1:
            home = scope = regions[0]
            left.pop()
            continue
        if town is not None:
            return Resolved(nation, known.region_of(town), town)
        break
    return Resolved(nation, home, unknown=tuple(left))

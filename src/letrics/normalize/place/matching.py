"""Matching of place names: the entities that a name means, worldwide or inside a country or region.

A city matches by its main names. It matches by an alternate name only if no candidate has that name as its main name,
or if it has at least three times the population of those. So Halle (Saale) comes before the smaller Halle, but
Kitchener, formerly Berlin, does not match along with Berlin. Of cities that have a name only as an alternate one, those
with less than 5 % of the population of the largest are ignored, since most such names are errors.
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Final

from letrics.normalize.place.country_forms import expanded_names, other_name, state_name
from letrics.normalize.place.gazetteer import Gazetteer, gazetteer
from letrics.normalize.place.gazetteer_file import CODE, MAIN, OTHER, SHORT
from letrics.normalize.place.names import name_key

_LARGER: Final = 3
"""The population ratio from which a city with an alternate name matches along with cities of that main name."""
_TINY: Final = 20
"""The population ratio to the largest city above which a city with an alternate name is ignored."""
_DOMINANT: Final = 3
"""The population ratio to each other candidate from which a name means the largest one alone."""
_GENERIC: Final = (" city", " si", " shi")
"""Final words that mean "city" and can be missing in the gazetteer."""
_DEMOCRATIC: Final = re.compile(r"\bd[eé]m\b|d[eé]mo[ck]ra|\bd\.? ?p\.? ?r\b", re.IGNORECASE)
"""Matches a word that distinguishes two countries with one short name: `Congo, Dem. Rep.`."""
_DEMOCRATIC_STATES: Final = {"CG": "CD", "KR": "KP"}
"""The other country of that name, by the code of the one that the short name means."""
_Named = list[tuple[int, int]]


def wide_or_country(text: str) -> int | None:
    """Return the country, continent or group of that name, in this order of precedence; None without one.

    `Korea, Republic of` is also tried as `Republic of Korea`, `Korea Rep` is expanded, and `Congo, Dem. Rep.` is not
    `Congo`.
    """
    key = name_key(text)
    found = _wide_or_country(key)
    if found is None and text.count(",") == 1:
        before, _, after = text.partition(",")
        if _wide_or_country(name_key(after)) is None:
            inverted = _wide_or_country(name_key(f"{after} {before}"))
            if inverted is not None and gazetteer().is_country(inverted):
                return inverted
            return _democratic_state(before, after)
    return _abbreviated_state(key) if found is None else found


def _abbreviated_state(key: str) -> int | None:
    """Return the country of a name with abbreviated words, or with those of a form of state around a short name."""
    names, code = list(expanded_names(key)), other_name(key)
    known = gazetteer()
    if code is not None or not names:
        return None if code is None else known.country_by_code(code)
    for name in names:
        code = other_name(name)
        found = _wide_or_country(name) if code is None else known.country_by_code(code)
        if found is not None and known.is_country(found):
            return found
    for state in filter(None, map(state_name, names)):
        found = next(
            (
                place
                for name in (f"{' '.join(state.form)} of {state.name}", state.name)
                if (place := _wide_or_country(name)) is not None and known.is_country(place)
            ),
            None,
        )
        if found is not None:
            other = _DEMOCRATIC_STATES.get(known.code(found)) if state.is_democratic else None
            return found if other is None else known.country_by_code(other)
    return None


def _democratic_state(name: str, addition: str) -> int | None:
    """Return the country with a short name and an addition such as `Dem. Rep.`, if two have this name."""
    known = gazetteer()
    found = _wide_or_country(name_key(name)) if _DEMOCRATIC.search(addition) else None
    return None if found is None else known.country_by_code(_DEMOCRATIC_STATES.get(known.code(found), ""))


def _wide_or_country(name: str) -> int | None:
    known = gazetteer()
    # Entities are numbered from countries to groups, so the lowest number is of the first kind with that name.
    return min((e for e, _ in known.find(name) if known.is_country(e) or known.is_wide(e)), default=None)


def country_named(text: str) -> int | None:
    """Return the country of that name or code; None without one."""
    found = wide_or_country(text)
    return found if found is not None and gazetteer().is_country(found) else None


def bare(text: str) -> list[int]:
    """Return all regions and cities worldwide that a single name means: regions first, then cities by population."""
    known = gazetteer()
    return _meant(
        known, [(e, flag) for e, flag in known.find(name_key(text)) if flag != CODE and known.country_of(e) is not None]
    )


def regions_named(text: str, codes: bool) -> list[int]:
    """Return all regions worldwide of that name or abbreviation; with `codes`, also by the ISO 3166-2 code alone."""
    known = gazetteer()
    named = [(e, flag) for e, flag in known.find(name_key(text)) if known.is_region(e)]
    return _regions_meant([(e, flag) for e, flag in named if codes or flag != CODE])


def inside(text: str, scope: int) -> tuple[int, ...]:
    """Return the regions, cities and dependent countries of that name in a country, or the cities in a region.

    Returns the scope itself if only it has that name. `Taipei City` and `Yongin-si` are also tried without the last
    word.
    """
    name = name_key(text)
    found = _inside(name, scope)
    if not found and name.endswith(_GENERIC):
        found = _inside(name.rpartition(" ")[0], scope)
    return found


@lru_cache(maxsize=20_000)
def _inside(name: str, scope: int) -> tuple[int, ...]:
    known = gazetteer()
    named = known.find(name)
    found: list[int] = []
    if known.is_country(scope):
        parts = known.dependencies.get(scope, ())
        found += [e for e, _ in named if e in parts]
        found += _meant(known, [(e, f) for e, f in named if e != scope and known.country_of(e) == scope])
    else:
        found += _meant(known, [(e, f) for e, f in named if known.is_city(e) and known.region_of(e) == scope])
    return tuple(found or [e for e, _ in named if e == scope])


def _meant(known: Gazetteer, named: _Named) -> list[int]:
    if not named:
        return []
    regions = _regions_meant([(e, flag) for e, flag in named if known.is_region(e)])
    main = [e for e, flag in named if known.is_city(e) and flag in (MAIN, SHORT)]
    other = [e for e, flag in named if known.is_city(e) and flag == OTHER]
    people = known.populations
    if main:
        least = _LARGER * max(people[e] for e in main)
        other = [e for e in other if people[e] >= least > 0]
    elif other:
        least = max(people[e] for e in other)
        other = [e for e in other if people[e] * _TINY >= least]
    return regions + sorted(main + other, key=lambda e: -people[e])


def _regions_meant(named: _Named) -> list[int]:
    own = [e for e, flag in named if flag != OTHER]
    return own or [e for e, _ in named]


def the_one(entities: list[int]) -> int | None:
    """Return the entity that a stored place means; None if it is ambiguous.

    It is the only candidate, or the one with at least three times the population of each other. A city inside a region
    of the same name ("New York") is taken instead of the region, since it lies in both.
    """
    known = gazetteer()
    around = {known.region_of(e) for e in entities if known.is_city(e)} | {
        known.country_of(e) for e in entities if not known.is_country(e)
    }
    people = known.populations
    left = sorted((e for e in entities if known.is_city(e) or e not in around), key=lambda e: -people[e])
    if not left:
        return None
    if len(left) == 1 or people[left[0]] >= _DOMINANT * max(people[left[1]], 1):
        return left[0]
    return None

"""Metropolitan areas and landscapes: `Greater London`, `Berlin Metropolitan Area`, `SF Bay Area`, `Rhine-Ruhr`.

A metropolitan area is stored as its principal city, and a landscape as the region or country around it.
"""

from __future__ import annotations

import hashlib
import re
from functools import cache
from importlib.resources import files
from typing import Final

from letrics.normalize.place.gazetteer import gazetteer
from letrics.normalize.place.interpretation import understand
from letrics.normalize.place.matching import regions_named, the_one
from letrics.normalize.place.names import name_key
from letrics.normalize.place.resolved import Resolved, common_place
from letrics.normalize.place.wording import strip_area_words

_BETWEEN: Final = re.compile(r"(?:(?<!\s)\s++)?[-–/]\s*")
"""Matches what separates the cities in the name of an area: `Dallas-Fort Worth`."""


def _data() -> bytes:
    return (files("letrics.normalize") / "data" / "area_names.txt").read_bytes()


@cache
def areas_fingerprint() -> str:
    """Return a digest of the bundled list."""
    return hashlib.blake2b(_data(), digest_size=6).hexdigest()


@cache
def area_locations() -> dict[str, str]:
    """Return the locations that are stored for listed areas, by the key of the area's name. Loads the file."""
    lines = _data().decode().splitlines()
    pairs = (line.partition(" = ") for line in lines if line and not line.startswith("#"))
    return {name_key(name): location for name, _, location in pairs}


def resolve_area(parts: list[str]) -> Resolved:
    """Resolve a location of which a part names an area; empty if none does, or if the other parts contradict it."""
    for start in range(len(parts)):
        found = _listed(", ".join(parts[start:]), []) or _listed(parts[start], parts[start + 1 :])
        if found is not None:
            return common_place((found,))
    stripped = [strip_area_words(part) or (part, False) for part in parts]
    names = [name for name, _ in stripped]
    if names == parts:
        return Resolved()
    entities = understand(", ".join(names)).entities
    known = gazetteer()
    if not entities and (several := _BETWEEN.split(names[0])) != names[:1]:
        entities = _first_of(several, names[1:])
    regions = tuple(e for e in entities if known.is_region(e))
    if stripped[0][1] and regions:
        return common_place(regions)
    return common_place(tuple(e for e in entities if known.is_city(e)) or entities)


def names_area(part: str) -> bool:
    """Return whether a part has words of an area or is a listed one."""
    return strip_area_words(part) is not None or name_key(part) in area_locations()


def _listed(area: str, wide: list[str]) -> int | None:
    """Return the place of a listed area that lies in the wider places; None if it is not listed or lies elsewhere."""
    listed = area_locations()
    for name in _written(area):
        location = listed.get(name_key(name))
        if location is not None:
            known = gazetteer()
            place = the_one(list(understand(location).entities))
            if place is not None:
                around = {place, known.region_of(place), known.country_of(place)}
                if not wide or around.intersection(_meant(wide)):
                    return place
    return None


def _meant(wide: list[str]) -> list[int]:
    """Return the places that the parts after an area can mean: `CA` is also California here."""
    return [*understand(", ".join(wide)).entities, *(regions_named(wide[0], codes=False) if len(wide) == 1 else ())]


def _written(area: str) -> list[str]:
    stripped = strip_area_words(area)
    if stripped is None:
        return [area]
    return [area, stripped[0]] if stripped[1] else [area, f"Greater {stripped[0]}", stripped[0]]


def _first_of(cities: list[str], wide: list[str]) -> tuple[int, ...]:
    """Return the first of the cities that an area is named after, near the second: `Raleigh-Durham`."""
    known = gazetteer()
    first, second = (understand(", ".join([city, *wide])).entities for city in cities[:2])
    regions = {known.region_of(e) for e in second}
    return tuple(e for e in first if known.is_city(e) and known.region_of(e) in regions) or first


def strip_area(part: str) -> str | None:
    """Return the name of a metropolitan area's city; None for a part that does not name such an area."""
    stripped = strip_area_words(part)
    return None if stripped is None or stripped[1] else stripped[0]

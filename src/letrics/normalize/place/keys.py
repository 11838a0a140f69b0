"""The keys that a stored place carries, and the words for a key."""

from __future__ import annotations

from functools import lru_cache

from letrics.normalize.place.gazetteer import data_fingerprint, gazetteer
from letrics.normalize.place.matching import inside, wide_or_country
from letrics.normalize.place.names import name_key
from letrics.normalize.place.reading import full_name, own_key, read_location, text_key
from letrics.normalize.place.resolving import Resolved, resolve
from letrics.records import Place

_FORM = 1
"""Raised when the same gazetteer would give other keys than before. 1 is the first."""


@lru_cache(maxsize=50_000)
def place_keys(place: Place) -> tuple[str, ...]:
    """Every key a stored place carries: those of its city, region, country, continent and groups, and of its own words
    where they are not known. Whatever location a place's own text is read as, it is among the hits. Never raises."""
    found = resolve(place.city, place.region, place.country, place.text, place.country_code)
    keys = _known_keys(found, place.continent) + _own_keys(place, found)
    if place.text:
        asked = read_location(place.text).keys
        if not set(asked) & set(keys):
            keys += [key for key in asked if key.startswith(("own:", "text:"))] or [text_key(place.text)]
    return tuple(dict.fromkeys(keys))


def _known_keys(found: Resolved, continent: str | None) -> list[str]:
    known = gazetteer()
    entities = [found.city, found.region, found.country, found.wide]
    if found.country is not None:
        entities += [known.continent_of(found.country), *known.groups_of.get(found.country, ())]
    elif continent:
        named = wide_or_country(continent)
        entities += [named if named is not None and known.is_wide(named) else None]
    return [known.key(entity) for entity in entities if entity is not None]


def _own_keys(place: Place, found: Resolved) -> list[str]:
    keys: list[str] = []
    scopes = [scope for scope in (found.country, found.region) if scope is not None]
    if place.city and found.city is None:
        keys += [own_key(scope, place.city) for scope in scopes]
        if gazetteer().find(name_key(place.city)):
            keys.append(own_key(None, place.city))
    elif (
        place.city
        and found.city is not None
        and found.country is not None
        and found.city not in inside(place.city, found.country)
    ):
        # Borne by this city only alternately, the name means larger ones where it is asked for in the whole country.
        keys.append(own_key(found.country, place.city))
    if place.region and found.country is not None and _is_unknown(place.region, found):
        keys.append(own_key(found.country, place.region))
        if place.city:
            keys.append(own_key(found.country, place.region, place.city))
            if found.city is not None:
                keys.append(own_key(found.country, place.region, city=found.city))
    return keys


def _is_unknown(region: str, found: Resolved) -> bool:
    """Whether a region's words name no region that the place lies in (its city may have told the region instead)."""
    if found.region is None:
        return True
    return all(entity != found.region for entity, _ in gazetteer().find(name_key(region)))


def place_label(key: str) -> str | None:
    """The words for a key, which read as a location mean it again; None for a key that is not to be suggested."""
    known = gazetteer()
    entity = known.by_key(key)
    return None if entity is None else full_name(entity)


def gazetteer_fingerprint() -> str:
    """Changes whenever a place could carry other keys: with the bundled gazetteer, or with the form of the keys."""
    return f"{data_fingerprint()}-{_FORM}"

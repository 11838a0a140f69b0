"""Keys of a stored place, with which queries find it, and the display name of a key."""

from __future__ import annotations

from functools import lru_cache

from letrics.normalize.place.area import areas_fingerprint
from letrics.normalize.place.gazetteer import data_fingerprint, gazetteer
from letrics.normalize.place.interpretation import full_name, own_key, read_location, text_key
from letrics.normalize.place.matching import inside, wide_or_country
from letrics.normalize.place.names import name_key
from letrics.normalize.place.resolved import Resolved
from letrics.normalize.place.resolving import resolve
from letrics.records import Place

_FORM = 1
"""The version of the key format. Increase it when the same gazetteer gives other keys. 1 is the first version."""


@lru_cache(maxsize=50_000)
def place_keys(place: Place) -> tuple[str, ...]:
    """Return all keys of a stored place. Never raises.

    These are the keys of its city, region, country, continent and groups, and of words that are not in the gazetteer. A
    query for the text of the place always matches the place, however the text is interpreted.
    """
    found = resolve(place.city, place.region, place.country, place.text, place.country_code)
    keys = _known_keys(found, place.continent) + _own_keys(place, found)
    if place.text:
        asked = read_location(place.text).keys
        if not set(asked) & set(keys):
            words = [key for key in asked if key.startswith(("own:", "text:"))]
            keys += words or [*asked, text_key(place.text)]
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
        # The name is only an alternate one of this city. In a query for the whole country it means larger cities.
        keys.append(own_key(found.country, place.city))
    if place.region and found.country is not None and _is_unknown(place.region, found):
        keys.append(own_key(found.country, place.region))
        if place.city:
            keys.append(own_key(found.country, place.region, place.city))
            if found.city is not None:
                keys.append(own_key(found.country, place.region, city=found.city))
    return keys


def _is_unknown(region: str, found: Resolved) -> bool:
    """Return whether the text does not name the region of the place, which may have been derived from its city."""
    if found.region is None:
        return True
    return all(entity != found.region for entity, _ in gazetteer().find(name_key(region)))


def place_label(key: str) -> str | None:
    """Return a location that is interpreted as this key; None for a key that must not be suggested."""
    known = gazetteer()
    entity = known.by_key(key)
    return None if entity is None else full_name(entity)


def gazetteer_fingerprint() -> str:
    """Return a digest that changes with the bundled gazetteer and list of areas, and with the format of the keys."""
    return f"{data_fingerprint()}-{areas_fingerprint()}-{_FORM}"

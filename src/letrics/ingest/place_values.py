"""Parsing of locations in rows, and of their parts.

Each function raises ValueError as those of `letrics.ingest.values`.
"""

from __future__ import annotations

from functools import lru_cache
from typing import Any, Final

from letrics.export.cells import split
from letrics.ingest.values import check_items, clean_item, text_value
from letrics.normalize.decoded_text import cell_text
from letrics.normalize.empty_cells import EMPTY_CELLS, EMPTY_COUNTRY_CODES, is_empty_cell
from letrics.normalize.place import complete_place, split_places
from letrics.records import Place

MAX_PLACE: Final = 500
"""The maximum length of a location or of one of its parts, in characters."""


def read_part(value: Any) -> str | None:
    """Parse a part of a location, of at most MAX_PLACE characters."""
    return text_value(value, MAX_PLACE)


_VEHICLE_CODES: Final = {"A": "AT", "B": "BE", "D": "DE", "E": "ES", "F": "FR", "I": "IT"}
"""Country codes of vehicles that differ from those of ISO 3166-1 and mean a country in a column of countries."""


def read_country_part(value: Any) -> str | None:
    """Parse the country of a location, of at most MAX_PLACE characters. `D` is Germany."""
    text = read_part(value)
    return text if text is None else _VEHICLE_CODES.get(text.upper(), text)


def read_places(value: Any) -> tuple[Place, ...]:
    """Parse a list of locations, each a string or an object. Completes missing parts from the gazetteer.

    A string can have several locations (`Berlin, Germany; Paris, France`).
    """
    if type(value) is str:
        if value[:1] not in ("[", "{"):
            return _places(value)
        value = split(value)
    if value is None:
        return ()
    if type(value) is not list:
        value = (value,)
    elif len(value) == 1 and type(value[0]) is str:
        return _places(cell_text(value[0]))
    check_items(value)
    places: list[Place] = []
    for item in value:
        if type(item) is str:
            places += _places(cell_text(item))
        elif item is not None:
            places += _place(item)
    return tuple(dict.fromkeys(places))


_PARTS: Final = ("city", "region", "country", "text", "country_code", "continent")
"""The fields of a location object, in the order of the arguments of `place_of`."""


_EMPTY_PARTS: Final = {"country_code": EMPTY_COUNTRY_CODES}
"""The texts that mean an empty part, for parts where they differ."""


def _place(item: Any) -> tuple[Place, ...]:
    if type(item) is not dict:
        raise ValueError(
            "must be a location: a string such as Berlin, Germany, or an object with city, region, country"
        )
    parts = [text_value(clean_item(item.get(part), _EMPTY_PARTS.get(part, EMPTY_CELLS)), MAX_PLACE) for part in _PARTS]
    return (place_of(*parts),) if any(parts) else ()


def _places(text: str) -> tuple[Place, ...]:
    """Parse the locations of a text. Cached, because many companies share few locations."""
    return _cached_places(text) if len(text) <= MAX_PLACE else _places_of(text)


def _places_of(text: str) -> tuple[Place, ...]:
    items = split_places(text)
    check_items(items)
    texts = dict.fromkeys([None if is_empty_cell(item, EMPTY_CELLS) else read_part(item) for item in items])
    return tuple([complete_place(None, None, None, one) for one in texts if one])


_cached_places: Final = lru_cache(maxsize=50_000)(_places_of)


@lru_cache(maxsize=100_000)
def place_of(
    city: str | None = None, region: str | None = None, country: str | None = None, text: str | None = None,
    country_code: str | None = None, continent: str | None = None,
) -> Place:  # fmt: skip
    """Cached `complete_place`, because many companies share few locations."""
    return complete_place(city, region, country, text, country_code, continent)

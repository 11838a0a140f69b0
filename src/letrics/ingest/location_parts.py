"""Columns that together make one location: city, region, country and the like."""

from __future__ import annotations

from typing import Any, Final

from letrics.ingest.addresses import ADDRESSES, all_numbered, numbered
from letrics.ingest.place_values import MAX_PLACE, place_of
from letrics.records import Place

LOCATION_PARTS: Final = ("city", "region", "country", "country_code", "street", "postal_code", "address")
"""The columns of the parts of a location."""
NUMBERED_PARTS: Final = all_numbered(LOCATION_PARTS)
"""The same of all addresses of a record."""
_LATER: Final = NUMBERED_PARTS - frozenset(LOCATION_PARTS)
"""The parts of all addresses but the first."""
_TOWN: Final = tuple(map(LOCATION_PARTS.index, ("city", "region", "street", "address")))
"""The parts of which an address must have one, not only a country, to be preferred to a later one that has one."""


def join_location_parts(own: dict[str, Any]) -> None:
    """Replace the parts of a location in the values of a record by its location, that of the first address it has.

    The parts describe the location better than a text, except for a text that names a city where they have none. An
    address, or the street and the postal code with the city, become the location's text. An address without a town is
    a street.
    """
    if own.keys().isdisjoint(NUMBERED_PARTS):
        return
    city, region, country, code, street, postal_code, address = _take_address(own)
    country = country or code
    if city or region or country:
        given = own.get("locations") or ((place_of(text=address),) if address else None)
        if not city and (places := _with_city(given, region, country)):
            own["locations"] = places
            return
        if city and (address or street or postal_code) and not (address and _has_town(address, city, postal_code)):
            parts = (address, street, postal_code, city, region, country)
            address = ", ".join(dict.fromkeys(part for part in parts if part))[:MAX_PLACE]
        own["locations"] = (place_of(city, region, country, address),)
    elif (address or street) and not own.get("locations"):
        own["locations"] = (place_of(text=address or street),)


def _take_address(own: dict[str, Any]) -> list[str | None]:
    """Remove the parts of all addresses and return those of the first one with a town, else of the first one."""
    numbers = range(1 if _LATER.isdisjoint(own) else ADDRESSES)
    addresses = [[own.pop(numbered(part, number), None) for part in LOCATION_PARTS] for number in numbers]
    given = [address for address in addresses if any(address)] or addresses
    return next((address for address in given if any(address[place] for place in _TOWN)), given[0])


def _has_town(address: str, city: str, postal_code: str | None) -> bool:
    """Return whether an address has the city, another town or the postal code, so that it is more than a street."""
    text = address.casefold()
    given = (part.casefold() for part in (city, postal_code) if part)
    return any(part in text for part in given) or place_of(text=address).city is not None


def _with_city(places: tuple[Place, ...] | None, region: str | None, country: str | None) -> tuple[Place, ...]:
    """Return the locations of a text, if one has a city that can lie in the country; otherwise none.

    The region and the country complete these.
    """
    around = place_of(None, region, country)
    fitting = [_can_lie_in(place, around) for place in places or ()]
    if not any(fitting):
        return ()
    found = [
        _complete(place, region, country) if fits else place for place, fits in zip(places or (), fitting, strict=True)
    ]
    return tuple(dict.fromkeys(found))


def _can_lie_in(place: Place, around: Place) -> bool:
    """Return whether a location has a city, and no country other than that of `around`, which can be a continent."""
    wider = around.country
    return place.city is not None and (not place.country or not wider or wider in (place.country, place.continent))


def _complete(place: Place, region: str | None, country: str | None) -> Place:
    if region and place.text == place.city:  # several cities can have that name
        return place_of(place.city, region, country or place.country)
    return place_of(place.city, place.region or region, place.country or country, place.text)

"""Columns that together make one location: city, region, country and the like."""

from __future__ import annotations

from typing import Any, Final

from letrics.ingest.values import MAX_PLACE, place_of
from letrics.records import Place

LOCATION_PARTS: Final = ("city", "region", "country", "country_code", "street", "postal_code", "address")
"""The columns of the parts of a location."""
_PARTS: Final = frozenset(LOCATION_PARTS)


def join_location_parts(own: dict[str, Any]) -> None:
    """Replace the parts of a location in the values of a record by its location.

    The parts describe the location better than a text, except for a text that names a city where they have none. An
    address, or the street and the postal code with the city, become the location's text. An address without a town is
    a street.
    """
    if own.keys().isdisjoint(_PARTS):
        return
    pop = own.pop
    city, region, country, code = (
        pop("city", None),
        pop("region", None),
        pop("country", None),
        pop("country_code", None),
    )
    street, postal_code, address = pop("street", None), pop("postal_code", None), pop("address", None)
    country = country or code
    if city or region or country:
        if not city and (places := _with_city(own.get("locations"), region, country)):
            own["locations"] = places
            return
        if city and (address or street or postal_code) and not (address and _has_town(address, city, postal_code)):
            parts = (address, street, postal_code, city, region, country)
            address = ", ".join(dict.fromkeys(part for part in parts if part))[:MAX_PLACE]
        own["locations"] = (place_of(city, region, country, address),)
    elif (address or street) and not own.get("locations"):
        own["locations"] = (place_of(text=address or street),)


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

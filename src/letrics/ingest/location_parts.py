"""Columns that together make one location: city, region, country and the like."""

from __future__ import annotations

from typing import Any, Final

from letrics.ingest.values import MAX_PLACE, place_of

LOCATION_PARTS: Final = ("city", "region", "country", "country_code", "street", "postal_code", "address")
"""The columns of the parts of a location."""
_PARTS: Final = frozenset(LOCATION_PARTS)


def join_location_parts(own: dict[str, Any]) -> None:
    """Replace the parts of a location in the values of a record by its location.

    The parts describe the location better than a text. An address, or the street and the postal code with the city,
    become the location's text.
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
        if address is None and city and (street or postal_code):
            parts = (street, postal_code, city, region, country)
            address = ", ".join(part for part in parts if part)[:MAX_PLACE]
        own["locations"] = (place_of(city, region, country, address),)
    elif (address or street) and not own.get("locations"):
        own["locations"] = (place_of(text=address or street),)

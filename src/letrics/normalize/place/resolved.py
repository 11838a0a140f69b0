"""The place that a text or the parts of a stored place mean, as entities of the gazetteer."""

from __future__ import annotations

from dataclasses import dataclass

from letrics.normalize.place.gazetteer import gazetteer
from letrics.normalize.place.matching import the_one


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


def common_place(entities: tuple[int, ...]) -> Resolved:
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

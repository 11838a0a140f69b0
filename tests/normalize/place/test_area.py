"""Names of metropolitan areas and landscapes."""

from __future__ import annotations

from letrics.normalize.place.area import area_locations, resolve_area, strip_area
from letrics.normalize.place.gazetteer import gazetteer
from letrics.normalize.place.interpretation import full_name, understand
from letrics.normalize.place.matching import the_one
from letrics.normalize.place.resolved import Resolved


def test_area_locations_are_places_of_the_gazetteer() -> None:
    assert len(area_locations()) > 200
    for name, location in area_locations().items():
        place = the_one(list(understand(location).entities))
        assert place is not None, name
        assert location in (full_name(place), "US-NY"), name


def test_area_locations_are_no_names_of_the_gazetteer() -> None:
    """A name that the gazetteer has is never looked up here."""
    assert [name for name in area_locations() if the_one(list(understand(name).entities)) is not None] == []


def test_resolve_area_agrees_with_the_wider_parts() -> None:
    known = gazetteer()
    ontario = resolve_area(["Greater London", "Ontario"])
    assert ontario.city is not None and full_name(ontario.city) == "London, Ontario, Canada"
    assert resolve_area(["Greater London", "Germany"]) == Resolved()
    assert resolve_area(["Berlin"]) == Resolved()
    california = resolve_area(["Silicon Valley"])
    assert california.region is not None and known.code(california.region) == "US.CA"


def test_strip_area_ignores_whole_regions() -> None:
    assert strip_area("Greater London") == "London"
    assert strip_area("Samara Region") is None

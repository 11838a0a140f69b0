"""Columns that together make one location."""

from __future__ import annotations

from typing import Any

import pytest

from letrics.ingest.location_parts import join_location_parts
from letrics.ingest.place_values import place_of
from letrics.records import Place

PARIS = place_of(text="Paris, France")


@pytest.mark.parametrize(
    ("own", "place"),
    [
        ({"city": "Berlin", "country": "Germany"}, place_of("Berlin", None, "Germany")),
        ({"city": "Berlin", "country_code": "DE"}, place_of("Berlin", None, "DE")),
        ({"city": "Berlin", "country": "Germany", "country_code": "FR"}, place_of("Berlin", None, "Germany")),
        (
            {"city": "Berlin", "street": "Hauptstr. 1", "postal_code": "10115", "country": "Germany"},
            place_of("Berlin", None, "Germany", "Hauptstr. 1, 10115, Berlin, Germany"),
        ),
        (
            {"city": "Berlin", "street": "Hauptstr. 1", "address": "Hauptstr. 1, Berlin"},
            place_of("Berlin", None, None, "Hauptstr. 1, Berlin"),
        ),
        ({"country": "Germany", "street": "Hauptstr. 1"}, place_of(None, None, "Germany")),
        ({"address": "Hauptstr. 1, Berlin, Germany"}, place_of(text="Hauptstr. 1, Berlin, Germany")),
        ({"city": "Berlin", "locations": (PARIS,)}, place_of("Berlin")),
        ({"street": "Hauptstr. 1", "locations": (PARIS,)}, PARIS),
    ],
)
def test_join_location_parts_makes_one_location(own: dict[str, Any], place: Place) -> None:
    join_location_parts(own)
    assert own == {"locations": (place,)}


@pytest.mark.parametrize(
    ("own", "place"),
    [
        ({"city": "Berlin", "city@1": "Paris", "country@1": "France"}, place_of("Berlin")),
        ({"country": "US", "city@1": "Paris", "country@1": "France"}, place_of("Paris", None, "France")),
        ({"city@1": None, "city@2": "Paris"}, place_of("Paris")),
        ({"country": "US", "country@1": "France"}, place_of(None, None, "US")),
    ],
)
def test_join_location_parts_uses_the_first_address_with_a_town(own: dict[str, Any], place: Place) -> None:
    join_location_parts(own)
    assert own == {"locations": (place,)}


def test_join_location_parts_finds_the_town_in_an_address() -> None:
    own: dict[str, Any] = {"region": "TX", "address": "1 Main St  Austin, TX 73301  US"}
    join_location_parts(own)
    (place,) = own["locations"]
    assert (place.city, place.region, place.country_code) == ("Austin", "Texas", "US")


def test_join_location_parts_without_parts_changes_nothing() -> None:
    for own in ({}, {"name": "Acme"}, {"locations": (PARIS,)}):
        before = dict(own)
        join_location_parts(own)
        assert own == before
    empty: dict[str, Any] = {"city": None, "postal_code": "10115"}
    join_location_parts(empty)
    assert empty == {}


AUSTIN = place_of(text="Austin, Texas")


@pytest.mark.parametrize(
    ("own", "place"),
    [
        ({"country": "United States", "locations": (AUSTIN,)}, AUSTIN),
        ({"country_code": "US", "locations": (AUSTIN,)}, AUSTIN),
        ({"region": "Texas", "country": "USA", "locations": (AUSTIN,)}, AUSTIN),
        (
            {"region": "Maine", "locations": (place_of(text="Portland"),)},
            place_of("Portland", "Maine", "United States"),
        ),
        ({"country": "Europe", "locations": (PARIS,)}, PARIS),
        ({"country": "Neverland", "locations": (PARIS,)}, place_of(None, None, "Neverland")),
        ({"country": "United States", "locations": (PARIS,)}, place_of(None, None, "United States")),
        ({"country": "Spain", "locations": (place_of(text="Spain"),)}, place_of(None, None, "Spain")),
        ({"country": "Germany", "locations": (place_of(text="Remote"),)}, place_of(None, None, "Germany")),
        ({"city": "Dallas", "country": "United States", "locations": (AUSTIN,)}, place_of("Dallas", None, "USA")),
        ({"country": "United States", "street": "1 Main St", "locations": (AUSTIN,)}, AUSTIN),
    ],
)
def test_join_location_parts_keeps_the_city_of_a_text(own: dict[str, Any], place: Place) -> None:
    join_location_parts(own)
    assert own == {"locations": (place,)}


def test_join_location_parts_keeps_all_locations_of_a_text() -> None:
    own: dict[str, Any] = {"country": "France", "locations": (PARIS, AUSTIN)}
    join_location_parts(own)
    assert own == {"locations": (PARIS, AUSTIN)}


def test_join_location_parts_completes_a_city_by_its_country() -> None:
    own: dict[str, Any] = {"country": "Germany", "locations": (Place(city="Kleinstadt", text="Kleinstadt"),)}
    join_location_parts(own)
    (place,) = own["locations"]
    assert (place.city, place.country_code) == ("Kleinstadt", "DE")


@pytest.mark.parametrize(
    ("parts", "text"),
    [
        ({"address": "3 rue de la Paix", "postal_code": "69002"}, "3 rue de la Paix, 69002, Lyon, France"),
        ({"address": "3 rue de la Paix"}, "3 rue de la Paix, Lyon, France"),
        ({"address": "3 rue de la Paix", "street": "Bât. B"}, "3 rue de la Paix, Bât. B, Lyon, France"),
        ({"address": "3 rue X", "street": "3 rue X", "postal_code": "69002"}, "3 rue X, 69002, Lyon, France"),
        ({"address": "3 rue X, 69002 LYON", "postal_code": "69002"}, "3 rue X, 69002 LYON"),
        ({"address": "3 rue X, 69002", "postal_code": "69002"}, "3 rue X, 69002"),
        ({"address": "3 rue X, Villeurbanne, France", "postal_code": "69002"}, "3 rue X, Villeurbanne, France"),
    ],
)
def test_join_location_parts_completes_a_street(parts: dict[str, str], text: str) -> None:
    own: dict[str, Any] = {**parts, "city": "Lyon", "country": "France"}
    join_location_parts(own)
    assert own == {"locations": (place_of("Lyon", None, "France", text),)}

"""Columns that together make one location."""

from __future__ import annotations

from typing import Any

import pytest

from letrics.ingest.location_parts import join_location_parts
from letrics.ingest.values import place_of
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


def test_join_location_parts_without_parts_changes_nothing() -> None:
    for own in ({}, {"name": "Acme"}, {"locations": (PARIS,)}):
        before = dict(own)
        join_location_parts(own)
        assert own == before
    empty: dict[str, Any] = {"city": None, "postal_code": "10115"}
    join_location_parts(empty)
    assert empty == {}

"""Readers of locations and their parts in rows."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from letrics.ingest import place_values
from letrics.normalize.place import complete_place
from letrics.records import Place


@pytest.mark.parametrize(
    ("reader", "value", "read"),
    [
        (
            place_values.read_places,
            ["Berlin, Germany", "Berlin, Germany", None, " "],
            (complete_place(None, None, None, "Berlin, Germany"),),
        ),
        (
            place_values.read_places,
            {"city": "Berlin", "country": "Germany"},
            (complete_place("Berlin", None, "Germany", None),),
        ),
        (place_values.read_places, {"city": " "}, ()),
    ],
)
def test_reader_gives_the_normalised_value(reader: Callable[[Any], Any], value: Any, read: Any) -> None:
    assert reader(value) == read


@pytest.mark.parametrize(
    ("reader", "value", "words"),
    [
        (place_values.read_part, "x" * (place_values.MAX_PLACE + 1), "longer than 500 characters"),
        (place_values.read_places, 5, "must be a location"),
    ],
)
def test_reader_refuses_with_a_reason(reader: Callable[[Any], Any], value: Any, words: str) -> None:
    with pytest.raises(ValueError, match=words):
        reader(value)


@pytest.mark.parametrize(
    "value",
    [
        "Berlin, Germany; Paris, France",
        "Berlin, Germany\nParis, France",
        ["Berlin, Germany; Paris, France"],
        ["Berlin, Germany", None, " ", "Paris, France", "Berlin, Germany"],
        "Berlin, Germany, Paris, France",
    ],
)
def test_read_places_of_several_locations_gives_each(value: object) -> None:
    assert [place.text for place in place_values.read_places(value)] == ["Berlin, Germany", "Paris, France"]


def test_read_places_keeps_a_text_without_a_place() -> None:
    assert place_values.read_places("Zzyzx and beyond") == (Place(text="Zzyzx and beyond"),)
    assert place_values.read_places("  ") == place_values.read_places([None, ""]) == ()


@pytest.mark.parametrize(
    ("value", "country"),
    [
        ("D", "DE"), ("a", "AT"), (" F ", "FR"), ("I", "IT"), ("E", "ES"), ("B", "BE"), ("CH", "CH"), ("NL", "NL"),
        ("X", "X"), ("Deutschland", "Deutschland"), ("", None), (None, None),
    ],
)  # fmt: skip
def test_read_country_part_knows_codes_of_vehicles(value: str | None, country: str | None) -> None:
    assert place_values.read_country_part(value) == country

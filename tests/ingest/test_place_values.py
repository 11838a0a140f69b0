"""Readers of locations and their parts in rows."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final

import pytest
from hypothesis import given, settings

from letrics.ingest import place_values
from letrics.normalize.place import complete_place
from letrics.records import Place
from tests.hostile import ODD_VALUES, any_values, problem_with, problem_with_long_texts

COLUMN_READERS: Final[dict[str, Callable[[Any], Any]]] = {
    "read_country_part": place_values.read_country_part,
    "read_part": place_values.read_part,
    "read_places": place_values.read_places,
}
"""The readers of columns."""


@pytest.mark.parametrize("name", COLUMN_READERS)
def test_reader_of_long_text_ends(name: str) -> None:
    assert problem_with_long_texts(COLUMN_READERS[name]) is None


@pytest.mark.parametrize("name", COLUMN_READERS)
@settings(deadline=None, max_examples=100)
@given(value=any_values())
def test_reader_of_any_value_gives_or_refuses(name: str, value: Any) -> None:
    assert problem_with(COLUMN_READERS[name], value) is None


@pytest.mark.parametrize("value", ODD_VALUES, ids=lambda value: type(value).__name__)
@pytest.mark.parametrize("name", COLUMN_READERS)
def test_reader_of_odd_value_gives_or_refuses(name: str, value: Any) -> None:
    assert problem_with(COLUMN_READERS[name], value) is None


def test_every_public_reader_is_in_the_table() -> None:
    public = {value for name, value in vars(place_values).items() if name.startswith("read_")}
    assert {reader for reader in public if reader.__module__ == place_values.__name__} == set(COLUMN_READERS.values())


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

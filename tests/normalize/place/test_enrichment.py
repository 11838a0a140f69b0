"""Enrichment of places: which parts are filled in, and which stay as given."""

from __future__ import annotations

import pytest
from hypothesis import given

from letrics.normalize.place import complete_place, place_keys
from letrics.records import Place
from tests.normalize.place.places import PARTS, is_matched


def test_missing_parts_are_filled_from_what_is_known() -> None:
    berlin = Place("Berlin", "Berlin", "Germany", "DE", "Europe", "Berlin, Germany")
    assert complete_place("Berlin", None, "Germany", None) == berlin
    assert complete_place("Berlin", None, "DE", None) == berlin
    assert complete_place("Berlin", None, "Deutschland", None) == berlin
    assert complete_place("Berlin", None, None, None, country_code="de") == Place(
        "Berlin", "Berlin", "Germany", "DE", "Europe", "Berlin, Germany"
    )


def test_given_parts_stay_and_codes_become_names() -> None:
    place = complete_place("München", "BY", "DE", None)
    assert place == Place("München", "Bavaria", "Germany", "DE", "Europe", "München, Bavaria, Germany")
    assert complete_place("NYC", "NY", "USA", None).city == "New York City"
    assert complete_place("Austin", "US-TX", None, None) == Place(
        "Austin", "Texas", "United States", "US", "North America", "Austin, Texas"
    )


def test_unknown_parts_are_kept_as_given() -> None:
    assert complete_place("Kleinstadt", "Irgendwo", "Germany", None) == Place(
        "Kleinstadt", "Irgendwo", "Germany", "DE", "Europe", "Kleinstadt, Irgendwo, Germany"
    )
    assert complete_place("Zzyzx", None, "Neverland", None) == Place(
        "Zzyzx", None, "Neverland", None, None, "Zzyzx, Neverland"
    )
    assert complete_place(None, None, None, None) == complete_place("-", " ", "", " ") == Place()


@pytest.mark.parametrize(
    ("text", "city", "region", "code"),
    [
        ("Berlin, Germany", "Berlin", "Berlin", "DE"),
        ("Munich", "Munich", "Bavaria", "DE"),
        ("New York, NY", "New York City", "New York", "US"),
        ("New York", "New York City", "New York", "US"),
        ("San Francisco, CA", "San Francisco", "California", "US"),
        ("Wilmington, DE", "Wilmington", "Delaware", "US"),
        ("Paris", "Paris", "Île-de-France", "FR"),
        ("California", None, "California", "US"),
        ("Georgia", None, None, "GE"),
        ("Springfield, US", "Springfield", None, "US"),
        ("Kleinstadt, Germany", "Kleinstadt", None, "DE"),
        ("Surbiton, Surrey, UK", "Surbiton", "Surrey", "GB"),
        ("12 Main Street, Smallville, Texas, USA", "Smallville", "Texas", "US"),
        ("12 Main Street, Dublin, Ireland", "Dublin", "Leinster", "IE"),
        ("Springfield", "Springfield", None, "US"),
        ("Smallville, DE", None, None, None),
        ("Worldwide", None, None, None),
    ],
)
def test_complete_place_interprets_a_text_alone(
    text: str, city: str | None, region: str | None, code: str | None
) -> None:
    place = complete_place(None, None, None, text)
    assert (place.city, place.region, place.country_code, place.text) == (city, region, code, text)
    assert is_matched(text, place)


def test_continents_are_named_in_english() -> None:
    assert complete_place(None, None, None, "Europe").continent == "Europe"
    assert complete_place(None, None, None, None, continent="EU").continent == "Europe"
    assert complete_place(None, None, None, None, continent="Europa").continent == "Europe"
    assert complete_place(None, None, "Mexico", None).continent == "North America"
    assert complete_place(None, None, None, None, continent="Atlantis").continent == "Atlantis"


def test_a_part_of_a_country_given_as_the_country() -> None:
    assert complete_place("Glasgow", None, "Scotland", None) == Place(
        "Glasgow", "Scotland", "United Kingdom", "GB", "Europe", "Glasgow, United Kingdom"
    )


@given(PARTS, PARTS, PARTS, PARTS, PARTS, PARTS)
def test_completing_a_complete_place_changes_nothing(
    city: str | None, region: str | None, country: str | None, text: str | None, code: str | None, continent: str | None
) -> None:
    place = complete_place(city, region, country, text, code, continent)
    again = complete_place(place.city, place.region, place.country, place.text, place.country_code, place.continent)
    assert again == place
    assert place_keys(again) == place_keys(place)


COLUMNS: dict[tuple[str, str, str], tuple[str | None, str | None, str | None]] = {
    ("", "CA", ""): (None, "California", "US"),
    ("", "CA", "CA"): (None, "CA", "CA"),
    ("", "DE", ""): (None, "Delaware", "US"),
    ("", "US-CA", ""): (None, "California", "US"),
    ("", "BE", "Germany"): (None, "Berlin", "DE"),
    ("", "WA", ""): (None, "WA", None),
    ("Perth", "WA", ""): ("Perth", "Western Australia", "AU"),
    ("Seattle", "WA", ""): ("Seattle", "Washington", "US"),
    ("München", "BY", ""): ("München", "Bavaria", "DE"),
    ("Bern", "BE", ""): ("Bern", "Bern", "CH"),
    ("Wilmington", "DE", ""): ("Wilmington", "Delaware", "US"),
    ("Berlin", "DE", ""): ("Berlin", "Berlin", "DE"),
    ("Milano", "MI", ""): ("Milano", "Lombardy", "IT"),
    ("Arese", "MI", "Italy"): ("Arese", "Lombardy", "IT"),
    ("Berlin", "MI", ""): ("Berlin", "MI", None),
    ("Milano", "MI", "Italy"): ("Milano", "Lombardy", "IT"),
    ("", "Georgia", ""): (None, "Georgia", "US"),
    ("Atlanta", "Georgia", ""): ("Atlanta", "Georgia", "US"),
    ("", "Punjab", ""): (None, "Punjab", None),
    ("Lahore", "Punjab", ""): ("Lahore", "Punjab", "PK"),
    ("", "Germany", ""): (None, "Germany", "DE"),
    ("", "State of New York", "USA"): (None, "State of New York", "US"),
    ("Houston", "Texas (TX)", "USA"): ("Houston", "Texas", "US"),
    ("", "CA 94105", "US"): (None, "California", "US"),
    ("London", "Greater London", "UK"): ("London", "Greater London", "GB"),
    ("Cambridge", "", ""): ("Cambridge", None, None),
    ("Cambridge", "MA", ""): ("Cambridge", "Massachusetts", "US"),
    ("Cambridge", "England", ""): ("Cambridge", "England", "GB"),
    ("Paris", "TX", ""): ("Paris", "Texas", "US"),
    ("Paris", "Nowhere", ""): ("Paris", "Nowhere", None),
    ("LA", "", ""): ("Los Angeles", "California", "US"),
    ("", "", "England & Wales"): (None, None, "GB"),
    ("Windhoek", "", "NA"): ("Windhoek", "Khomas", "NA"),
    ("Berlin", "", "🇩🇪"): ("Berlin", "Berlin", "DE"),
    ("Berlin", "", "Deutschland (DE)"): ("Berlin", "Berlin", "DE"),
    ("10115 Berlin", "", "Germany"): ("Berlin", "Berlin", "DE"),
    ("San Francisco, CA", "", "United States"): ("San Francisco", "California", "US"),
    ("Greater London", "", "United Kingdom"): ("London", "England", "GB"),
    ("Dublin 2", "", "Ireland"): ("Dublin", "Leinster", "IE"),
    ("Paris Cedex 08", "", "France"): ("Paris", "Île-de-France", "FR"),
    ("Remote", "", "US"): (None, None, "US"),
    ("", "Remote", ""): (None, None, None),
    ("Berlin", "", "Remote"): ("Berlin", "Berlin", "DE"),
}


@pytest.mark.parametrize(("given_parts", "expected"), COLUMNS.items(), ids=str)
def test_complete_place_of_columns_gives_the_certain_parts(
    given_parts: tuple[str, str, str], expected: tuple[str | None, str | None, str | None]
) -> None:
    city, region, country = given_parts
    place = complete_place(city, region, country, None)
    assert (place.city, place.region, place.country_code) == expected
    assert place.text is not None and is_matched(place.text, place)


def test_complete_place_of_columns_keeps_the_original_words() -> None:
    assert complete_place("10115 Berlin", None, "Germany", None).text == "10115 Berlin, Germany"
    assert complete_place("Remote", None, "US", None).text == "Remote, United States"
    assert complete_place("Berlin", None, "Remote", None).text == "Berlin, Remote"
    assert complete_place(None, "Georgia", None, None).text == "Georgia, United States"


@pytest.mark.parametrize("code", ["DE", "de", "DEU", "Germany"])
def test_complete_place_accepts_a_country_in_the_code(code: str) -> None:
    assert complete_place("Berlin", None, None, None, code).country_code == "DE"


@pytest.mark.parametrize("given", ["Berlin " * 150, "\ufdfa" * 1_001])
def test_a_part_that_is_too_long_stays_as_given(given: str) -> None:
    place = complete_place(given, None, "DE", None)
    assert (place.city, place.country) == (given.strip(), "Germany")
    assert place.text == f"{given.strip()}, Germany"
    assert complete_place(None, given, None, None).region == given.strip()
    assert complete_place(None, None, given, None) == Place(None, None, given.strip(), None, None, given.strip())

"""Locations in columns of countries, sales territories in columns of regions, regions in columns of cities."""

from __future__ import annotations

import pytest

from letrics.normalize.place import complete_place
from letrics.normalize.place.misplaced import location_in_country
from letrics.normalize.place.resolved import Resolved

Names = tuple[str | None, str | None, str | None]


def names_of(city: str | None, region: str | None, country: str | None, code: str | None = None) -> Names:
    place = complete_place(city, region, country, None, code)
    return place.city, place.region, place.country


US = "United States"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Chicago, IL", ("Chicago", "Illinois", US)),
        ("Wilmington, DE", ("Wilmington", "Delaware", US)),
        ("Los Angeles, CA", ("Los Angeles", "California", US)),
        ("Augusta, GA", ("Augusta", "Georgia", US)),
        ("Indianapolis, IN", ("Indianapolis", "Indiana", US)),
        ("Mobile, AL", ("Mobile", "Alabama", US)),
        ("Portland, ME", ("Portland", "Maine", US)),
        ("Chicago - IL", ("Chicago", "Illinois", US)),
        ("Atlanta, Georgia", ("Atlanta", "Georgia", US)),
        ("Tbilisi, Georgia", ("Tbilisi", "T'bilisi", "Georgia")),
        ("Tel Aviv, IL", ("Tel Aviv", "Tel Aviv", "Israel")),
        ("Toronto, CA", ("Toronto", "Ontario", "Canada")),
        ("Munich, Bavaria, Germany", ("Munich", "Bavaria", "Germany")),
        ("USA - California", (None, "California", US)),
        ("Germany (Berlin)", ("Berlin", "Berlin", "Germany")),
        ("England, UK", (None, "England", "United Kingdom")),
        ("Georgia, US", (None, "Georgia", US)),
        ("Paris", ("Paris", "Île-de-France", "France")),
        ("Greater Chicago Area", ("Chicago", "Illinois", US)),
        ("Hong Kong, China", (None, None, "Hong Kong")),
    ],
)
def test_location_in_the_column_of_countries_is_read(text: str, expected: Names) -> None:
    assert names_of(None, None, text) == expected


@pytest.mark.parametrize(
    ("text", "country"),
    [
        ("IL", "Israel"), ("CA", "Canada"), ("Germany (DE)", "Germany"), ("DE - Germany", "Germany"),
        ("Luxembourg (LU)", "Luxembourg"), ("Luxembourg (Grand Duchy)", "Luxembourg"),
        ("Singapore, SG", "Singapore"), ("Mexico, MX", "Mexico"),
        ("Korea, Republic of", "South Korea"), ("Remote, US", US), ("Headquarters, Germany", "Germany"),
        ("Rest", "Rest"), ("Iran (Islamic Republic of)", "Iran"),
    ],
)  # fmt: skip
def test_country_with_a_code_or_a_remark_is_no_location(text: str, country: str) -> None:
    assert names_of(None, None, text) == (None, None, country)


def test_unknown_town_before_a_code_of_two_places_is_unclear() -> None:
    assert location_in_country("Smallville, IL") == Resolved()
    assert names_of(None, None, "Smallville, IL") == (None, None, None)
    assert complete_place(None, None, "Smallville, IL", None).text == "Smallville, IL"


@pytest.mark.parametrize(
    ("city", "region"), [("Chicago", "IL"), ("Chicago", None), ("Chicago, IL", None), ("Chicago, IL", "IL")]
)
@pytest.mark.parametrize("country", ["Chicago, IL", "US", None])
def test_location_repeated_in_other_columns_is_one(city: str, region: str | None, country: str | None) -> None:
    if region or country or "," in city:
        name, _, home = names_of(city, region, country)
        assert (name, home) == ("Chicago", US) or city == "Chicago, IL"
        assert complete_place(city, region, country, None).country_code == "US"


@pytest.mark.parametrize(
    "wide", ["EMEA", "North America", "DACH", "APAC", "Europe", "West", "US East", "Rest of World"]
)
def test_territory_is_no_region(wide: str) -> None:
    assert complete_place(None, wide, None, None).region is None
    assert complete_place(None, wide, None, None).text == wide
    assert complete_place(None, wide, "Germany", None) == complete_place(None, None, "Germany", None)
    assert complete_place("Berlin", wide, None, None) == complete_place("Berlin", None, None, None)


@pytest.mark.parametrize(
    "given",
    [
        ("Garoua", "North", None), (None, "North", "Cameroon"), ("Reykjavik", "West", "Iceland"),
        (None, "Northwest Territories", "Canada"), ("Potsdam", "Brandenburg", None), ("Guildford", "Surrey", "UK"),
    ],
)  # fmt: skip
def test_region_named_like_a_territory_stays(given: Names) -> None:
    assert complete_place(*given, None).region == given[1]


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        (("Smallville, IL", None, "USA"), ("Smallville", "Illinois", US)),
        (("Smallville, IL", "IL", "USA"), ("Smallville", "Illinois", US)),
        (("Smallville, TX", None, None), ("Smallville", "Texas", US)),
        (("Smallville, IL", None, None), ("Smallville, IL", None, None)),
        (("Smallville, TX", "IL", "USA"), ("Smallville, TX", "Illinois", US)),
    ],
)
def test_region_in_the_column_of_cities_is_split_off(given: Names, expected: Names) -> None:
    assert names_of(*given) == expected


@pytest.mark.parametrize(
    "given",
    [
        (None, None, "Chicago, IL"), (None, "West", None), ("Smallville, TX", None, None), ("Berlin", "DACH", None),
        (None, None, "Paris"), (None, "EMEA", None),
    ],
)  # fmt: skip
def test_completing_again_changes_nothing(given: Names) -> None:
    place = complete_place(*given, None)
    again = complete_place(place.city, place.region, place.country, place.text, place.country_code, place.continent)
    assert again == place

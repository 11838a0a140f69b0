"""Places: what is filled in, what is left alone, and that a place is hit by its own words."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from letrics.normalize.place import complete_place, place_keys, read_location
from letrics.normalize.place.gazetteer import gazetteer
from letrics.records import Place


def hits(location: str, place: Place) -> bool:
    return not set(read_location(location).keys).isdisjoint(place_keys(place))


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
def test_a_text_alone_is_read_as_a_location(text: str, city: str | None, region: str | None, code: str | None) -> None:
    place = complete_place(None, None, None, text)
    assert (place.city, place.region, place.country_code, place.text) == (city, region, code, text)
    assert hits(text, place)


def test_continents_are_named_in_english() -> None:
    assert complete_place(None, None, None, "Europe").continent == "Europe"
    assert complete_place(None, None, None, None, continent="EU").continent == "Europe"
    assert complete_place(None, None, None, None, continent="Europa").continent == "Europe"
    assert complete_place(None, None, "Mexico", None).continent == "North America"
    assert complete_place(None, None, None, None, continent="Atlantis").continent == "Atlantis"


def test_a_place_is_hit_by_all_that_it_lies_in_and_by_nothing_beside() -> None:
    place = complete_place("Berlin", None, "Germany", None)
    for location in ("Berlin", "Berlin, DE", "DE-BE", "Deutschland", "Europe", "EU", "EEA", "DACH", "EMEA"):
        assert hits(location, place), location
    for location in ("Munich", "Bavaria", "France", "Asia", "Nordics", "APAC", "Berlin, US", "Wilmington, DE"):
        assert not hits(location, place), location


def test_namesakes_are_kept_apart() -> None:
    wilmington = complete_place("Wilmington", "DE", "US", None)
    assert hits("Wilmington, DE", wilmington)
    assert hits("Delaware", wilmington)
    assert not hits("Germany", wilmington)
    assert not hits("Wilmington, NC", wilmington)
    chicago = complete_place(None, None, None, "Chicago, IL")
    assert hits("Illinois, US", chicago)
    assert not hits("Israel", chicago)
    namibia = complete_place("Windhoek", None, "NA", None)
    assert hits("NA", namibia)
    assert hits("Namibia", namibia)
    assert hits("Windhoek", complete_place("Windhoek", None, None, None, country_code="NA"))


def test_a_place_known_only_to_be_one_of_several_is_hit_by_their_name() -> None:
    springfield = complete_place("Springfield", None, "US", None)
    assert springfield.region is None
    assert hits("Springfield, US", springfield)
    assert hits("Springfield", springfield)
    assert not hits("Springfield, IL", springfield)


def test_own_words_are_compared_folded_within_their_country() -> None:
    place = complete_place("Kleinstädt", "Surrey", "GB", None)
    assert hits("kleinstadt, UK", place)
    assert hits("SURREY, United Kingdom", place)
    assert hits("Kleinstadt, Surrey, UK", place)
    assert not hits("Kleinstadt, Germany", place)
    assert not hits("Other, Surrey, UK", place)
    guildford = complete_place("Guildford", "Surrey", "UK", None)
    assert hits("Guildford, Surrey, UK", guildford)
    assert hits("England", guildford)
    assert not hits("Dublin, County Dublin, Ireland", complete_place("Dublin", None, "Ireland", None))
    assert hits("Baile Atha Cliath, County Dublin, Ireland", complete_place("Dublin", "County Dublin", "Ireland", None))


def test_a_part_of_a_country_given_as_the_country() -> None:
    assert complete_place("Glasgow", None, "Scotland", None) == Place(
        "Glasgow", "Scotland", "United Kingdom", "GB", "Europe", "Glasgow, United Kingdom"
    )


_CITIES = st.integers(0, 34_000).map(lambda n: list(gazetteer().cities())[n])


@given(_CITIES, st.booleans(), st.booleans())
def test_a_known_city_is_hit_by_its_own_city_region_and_country(city: int, with_region: bool, by_code: bool) -> None:
    places = gazetteer()
    region, country = places.region_of(city), places.country_of(city)
    assert country is not None
    given_region = places.label(region) if region is not None and with_region else None
    place = complete_place(
        places.label(city), given_region, places.code(country) if by_code else places.label(country), None
    )
    assert (
        complete_place(place.city, place.region, place.country, place.text, place.country_code, place.continent)
        == place
    )
    for parts in (
        (place.city, place.region, place.country),
        (place.city, place.country),
        (place.region, place.country),
    ):
        location = ", ".join(part for part in parts if part)
        assert hits(location, place), location
    assert hits(str(place.text), place)
    assert hits(places.label(country), place)


_WORDS = st.one_of(
    st.none(),
    st.text(max_size=12).filter(lambda text: not any(c in text for c in ",，、;；،")),
    st.sampled_from(
        ["Berlin", "DE", "CA", "New York", "Georgia", "Springfield", "Europe", "Surrey", "Paris", "US", "-"]
    ),
)


@given(_WORDS, _WORDS, _WORDS)
def test_any_parts_make_a_place_that_its_own_text_hits(
    city: str | None, region: str | None, country: str | None
) -> None:
    place = complete_place(city, region, country, None)
    if place.text:
        assert hits(place.text, place)


@given(st.one_of(_WORDS, st.text(max_size=20), st.sampled_from(["London, UK", "Springfield, IL", "Foo, Bar, DE, EU"])))
def test_any_text_makes_a_place_that_it_hits(text: str | None) -> None:
    place = complete_place(None, None, None, text)
    if place.text:
        assert hits(place.text, place)


@given(_WORDS, _WORDS, _WORDS, _WORDS, _WORDS, _WORDS)
def test_completing_a_complete_place_changes_nothing(
    city: str | None, region: str | None, country: str | None, text: str | None, code: str | None, continent: str | None
) -> None:
    place = complete_place(city, region, country, text, code, continent)
    again = complete_place(place.city, place.region, place.country, place.text, place.country_code, place.continent)
    assert again == place
    assert place_keys(again) == place_keys(place)

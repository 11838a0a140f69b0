"""Keys of stored places: a place is found by the locations that it lies in, and by its own words."""

from __future__ import annotations

from hypothesis import example, given
from hypothesis import strategies as st

from letrics.normalize.place import (
    complete_place,
    gazetteer_fingerprint,
    place_label,
)
from letrics.normalize.place.gazetteer import gazetteer
from tests.normalize.place.places import PARTS, is_matched


def test_gazetteer_fingerprint_is_stable() -> None:
    assert gazetteer_fingerprint() == gazetteer_fingerprint()


def test_labels_are_of_known_places_alone() -> None:
    assert place_label("city:2950159") == "Berlin, Germany"
    assert place_label("region:DE.02") == "Bavaria, Germany"
    assert place_label("country:DE") == "Germany"
    assert place_label("continent:EU") == "Europe"
    assert place_label("group:EEA") == "EEA"
    for key in ("own:country:DE|x", "text:x", "city:0", "country:", "", "city"):
        assert place_label(key) is None


def test_place_keys_match_what_a_place_lies_in_and_no_other() -> None:
    place = complete_place("Berlin", None, "Germany", None)
    for location in ("Berlin", "Berlin, DE", "DE-BE", "Deutschland", "Europe", "EU", "EEA", "DACH", "EMEA"):
        assert is_matched(location, place), location
    for location in ("Munich", "Bavaria", "France", "Asia", "Nordics", "APAC", "Berlin, US", "Wilmington, DE"):
        assert not is_matched(location, place), location


def test_namesakes_are_kept_apart() -> None:
    wilmington = complete_place("Wilmington", "DE", "US", None)
    assert is_matched("Wilmington, DE", wilmington)
    assert is_matched("Delaware", wilmington)
    assert not is_matched("Germany", wilmington)
    assert not is_matched("Wilmington, NC", wilmington)
    chicago = complete_place(None, None, None, "Chicago, IL")
    assert is_matched("Illinois, US", chicago)
    assert not is_matched("Israel", chicago)
    namibia = complete_place("Windhoek", None, "NA", None)
    assert is_matched("NA", namibia)
    assert is_matched("Namibia", namibia)
    assert is_matched("Windhoek", complete_place("Windhoek", None, None, None, country_code="NA"))


def test_place_keys_of_an_ambiguous_city_match_its_name() -> None:
    springfield = complete_place("Springfield", None, "US", None)
    assert springfield.region is None
    assert is_matched("Springfield, US", springfield)
    assert is_matched("Springfield", springfield)
    assert not is_matched("Springfield, IL", springfield)


def test_own_words_are_compared_folded_within_their_country() -> None:
    place = complete_place("Kleinstädt", "Surrey", "GB", None)
    assert is_matched("kleinstadt, UK", place)
    assert is_matched("SURREY, United Kingdom", place)
    assert is_matched("Kleinstadt, Surrey, UK", place)
    assert not is_matched("Kleinstadt, Germany", place)
    assert not is_matched("Other, Surrey, UK", place)
    guildford = complete_place("Guildford", "Surrey", "UK", None)
    assert is_matched("Guildford, Surrey, UK", guildford)
    assert is_matched("England", guildford)
    assert not is_matched("Dublin, County Dublin, Ireland", complete_place("Dublin", None, "Ireland", None))
    assert is_matched(
        "Baile Atha Cliath, County Dublin, Ireland", complete_place("Dublin", "County Dublin", "Ireland", None)
    )


_CITIES = st.integers(0, 34_000).map(lambda n: list(gazetteer().cities())[n])


@given(_CITIES, st.booleans(), st.booleans())
def test_place_keys_match_city_region_and_country(city: int, with_region: bool, by_code: bool) -> None:
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
        assert is_matched(location, place), location
    assert is_matched(str(place.text), place)
    assert is_matched(places.label(country), place)


@example("H", "H", "EUROPE")  # as one text, it is interpreted as regions with the code H
@given(PARTS, PARTS, PARTS)
def test_place_keys_match_the_text_of_any_parts(city: str | None, region: str | None, country: str | None) -> None:
    place = complete_place(city, region, country, None)
    if place.text:
        assert is_matched(place.text, place)


@given(st.one_of(PARTS, st.text(max_size=20), st.sampled_from(["London, UK", "Springfield, IL", "Foo, Bar, DE, EU"])))
def test_place_keys_match_any_text_of_the_place(text: str | None) -> None:
    place = complete_place(None, None, None, text)
    if place.text:
        assert is_matched(place.text, place)

"""Interpretation of locations: every kind, and the texts that could mean several places."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from letrics.normalize.place import ReadAs, read_location
from letrics.normalize.place.gazetteer import gazetteer
from letrics.normalize.place.interpretation import full_name

BERLIN, MUNICH, COLOGNE, CHICAGO, NEW_YORK = (
    "city:2950159",
    "city:2867714",
    "city:2886242",
    "city:4887398",
    "city:5128581",
)


SAN_FRANCISCO, AUSTIN, TORONTO, WILMINGTON = "city:5391959", "city:4671654", "city:6167865", "city:4145381"


def known(text: str) -> set[str]:
    """The keys of the known places that a location means."""
    return {key for key in read_location(text).keys if not key.startswith(("own:", "text:"))}


@pytest.mark.parametrize(
    ("text", "code"),
    [
        *((name, "US") for name in ("United States", "USA", "US", "u.s.a.", "United States of America", "EE. UU.")),
        *((name, "DE") for name in ("Germany", "Deutschland", "Allemagne", "Alemania", "DEU", "de")),
        *((name, "DE") for name in ("Германия", "德国", "ドイツ")),
        ("États-Unis", "US"),
        *((name, "GB") for name in ("UK", "U.K.", "United Kingdom", "Great Britain", "GBR", "Vereinigtes Königreich")),
        *((name, "KR") for name in ("Korea, Republic of", "South Korea", "Republic of Korea", "한국")),
        ("Korea, Democratic People's Republic of", "KP"),
        ("Iran, Islamic Republic of", "IR"),
        ("Bahamas, The", "BS"),
        ("Congo, the Democratic Republic of the", "CD"),
        ("Côte d'Ivoire", "CI"),
        ("Ivory Coast", "CI"),
        ("Türkiye", "TR"),
        ("Turkey", "TR"),
        ("Holland", "NL"),
        ("the netherlands", "NL"),
        ("Czech Republic", "CZ"),
        ("Viet Nam", "VN"),
        ("NA", "NA"),
        ("Namibia", "NA"),
        ("Kosovo", "XK"),
        ("XK", "XK"),
        ("CA", "CA"),
        ("LA", "LA"),
        ("Georgia", "GE"),
        ("Hong Kong", "HK"),
        ("Hong Kong, China", "HK"),
        ("Singapore", "SG"),
        ("México", "MX"),
    ],
)  # fmt: skip
def test_a_country_by_name_alias_or_code(text: str, code: str) -> None:
    assert known(text) == {f"country:{code}"}


@pytest.mark.parametrize(
    ("text", "code"),
    [
        *((name, "US.CA") for name in ("California, United States", "CA, US", "US-CA", "us-ca", "Kalifornien, USA")),
        *((name, "DE.02") for name in ("Bavaria, Germany", "Bayern", "DE-BY", "BY, Germany", "Bavière, Allemagne")),
        *((name, "IT.09") for name in ("Lombardy", "Lombardia, Italy", "Lombardei", "IT-25")),
        *((name, "ES.56") for name in ("Catalonia", "Cataluña, Spain", "Catalunya", "ES-CT")),
        *((name, "US.GA") for name in ("Georgia, US", "Georgia, United States", "GA, USA")),
        ("Ontario, CA", "CA.08"),
        ("TX", "US.TX"),
        ("NSW", "AU.02"),
        ("England", "GB.ENG"),
        ("Victoria, Australia", "AU.07"),
        ("NRW", "DE.07"),
        ("SP, Brazil", None),
        ("Washington, DC, US", None),
    ],
)  # fmt: skip
def test_a_region_with_its_country_or_by_iso_3166_2(text: str, code: str | None) -> None:
    expected = {"SP, Brazil": "region:BR.27", "Washington, DC, US": "city:4140963"}.get(text, f"region:{code}")
    assert known(text) == {expected}


@pytest.mark.parametrize(
    ("text", "key"),
    [
        ("San Francisco, California, United States", SAN_FRANCISCO),
        ("San Francisco, CA", SAN_FRANCISCO),
        ("san francisco, us-ca", SAN_FRANCISCO),
        ("Austin, TX", AUSTIN),
        ("AUSTIN,TX,USA", AUSTIN),
        ("Chicago, IL", CHICAGO),
        ("Toronto, CA", TORONTO),
        ("Toronto, Ontario", TORONTO),
        ("Wilmington, DE", WILMINGTON),
        ("New York, NY, US", NEW_YORK),
        ("New York, New York", NEW_YORK),
        ("NYC", NEW_YORK),
        ("New York City", NEW_YORK),
        *((name, MUNICH) for name in ("München", "Munich", "Muenchen, Deutschland", "Múnich, Bavaria", "Мюнхен")),
        *((name, COLOGNE) for name in ("Köln", "Cologne", "Koeln, DE", "koln, germany")),
        ("Atlanta, Georgia", "city:4180439"),
        ("London, Ontario", "city:6058560"),
        ("London, England", "city:2643743"),
        ("Indianapolis, IN", "city:4259418"),
        ("Los Angeles, CA", "city:5368361"),
        ("Berlin, Berlin, Germany", BERLIN),
        ("Campinas, SP", "city:3467865"),
        ("Singapore, Singapore, Singapore", "city:1880252"),
        ("Washington, D.C.", "city:4140963"),
    ],
)
def test_a_city_with_its_country_or_region(text: str, key: str) -> None:
    assert known(text) == {key}


@pytest.mark.parametrize(
    ("text", "key"),
    [
        ("Europe", "continent:EU"),
        ("Europa", "continent:EU"),
        ("North America", "continent:NA"),
        ("Asia", "continent:AS"),
        *((name, f"group:{name}") for name in ("EU", "EEA", "DACH", "Nordics", "Benelux", "EMEA", "APAC", "LATAM")),
        ("European Union", "group:EU"),
        ("Europe, Middle East and Africa", "group:EMEA"),
        ("Asia-Pacific", "group:APAC"),
        ("Latin America", "group:LATAM"),
    ],
)
def test_a_continent_or_group(text: str, key: str) -> None:
    assert known(text) == {key}


def test_a_text_that_fits_a_region_and_a_city_means_both() -> None:
    assert known("New York, US") == {"region:US.NY", NEW_YORK}
    assert known("New York") >= {"region:US.NY", NEW_YORK}
    assert known("Berlin, DE") == known("Berlin, Germany") == {"region:DE.16", BERLIN}
    assert known("Tel Aviv, IL") == {"region:IL.05", "city:293397"}


def test_a_bare_name_is_every_city_of_that_name() -> None:
    assert {"city:2988507", "city:4717560"} <= known("Paris")  # in France and in Texas
    assert len(known("Springfield")) > 4


def test_former_name_does_not_count_if_a_city_has_it_now() -> None:
    assert "city:5992996" not in known("Berlin")  # Kitchener, Ontario, was called Berlin


def test_a_wider_continent_or_group_keeps_what_lies_in_it() -> None:
    assert known("Berlin, Europe") == {"region:DE.16", BERLIN}
    assert known("Berlin, Germany, EU") == {"region:DE.16", BERLIN}
    assert known("Paris, APAC") == set()


def test_an_unknown_part_is_compared_with_own_city_and_region() -> None:
    assert read_location("Kleinstadt, Germany").keys == ("own:country:DE|kleinstadt",)
    assert read_location("Kleinstadt, Germany").read_as == (ReadAs("text", "Kleinstadt, Germany", "DE"),)
    assert read_location("Kléinstadt , Bayern, Germany").keys == ("own:region:DE.02|kleinstadt",)


def test_unknown_town_before_an_ambiguous_code_means_both() -> None:
    assert set(read_location("Smallville, DE").keys) == {
        "own:country:DE|smallville",
        "own:region:US.DE|smallville",
    }


def test_a_text_of_which_no_part_is_known_is_compared_whole() -> None:
    assert read_location(" Nowhere  Land ").keys == ("text:nowhere land",)
    assert read_location("Nowhere Land, Neverland").read_as == (ReadAs("text", "Nowhere Land, Neverland"),)


def test_a_reading_says_what_was_understood() -> None:
    assert read_location("NYC").read_as == (ReadAs("city", "New York City, New York, United States", "US"),)
    assert read_location("Europe").read_as == (ReadAs("continent", "Europe"),)
    assert read_location("CA, US").read_as == (ReadAs("region", "California, United States", "US"),)


@pytest.mark.parametrize(
    "text", ["", " ", ",", ",,,", "...", "\ud800", "\x00", "a" * 10_000, "," * 1000, "Berlin," * 200]
)
def test_no_text_is_refused(text: str) -> None:
    assert read_location(text).keys


@given(st.text(max_size=40), st.sampled_from(["", ", Germany", ", CA", ", Europe", ", Bavaria, DE", ", NY, US"]))
def test_any_text_has_keys_and_is_read_alike_in_any_case(text: str, wider: str) -> None:
    reading = read_location(text + wider)
    assert reading.keys
    assert reading.read_as
    if text.isascii():
        assert set(read_location((text + wider).upper()).keys) == set(reading.keys)


def test_every_label_is_read_as_the_place_it_names() -> None:
    places = gazetteer()
    for entity in range(0, places.size, 7):
        key = places.key(entity)
        if key != "continent:AN":  # bare, that name is the country
            assert key in read_location(full_name(entity)).keys, full_name(entity)

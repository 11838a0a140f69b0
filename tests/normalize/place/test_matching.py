"""Matching of place names: which entities a name means, worldwide or inside a scope."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from letrics.normalize.place.gazetteer import gazetteer
from letrics.normalize.place.matching import bare, country_named, inside, regions_named, the_one, wide_or_country

KNOWN = gazetteer()


def entity(key: str) -> int:
    found = KNOWN.by_key(key)
    assert found is not None, key
    return found


def keys(entities: list[int] | tuple[int, ...]) -> list[str]:
    return [KNOWN.key(one) for one in entities]


@pytest.mark.parametrize(
    ("name", "key"),
    [
        ("Germany", "country:DE"),
        ("deutschland", "country:DE"),
        ("Korea, Republic of", "country:KR"),
        ("Korea, Dem. People's Rep.", "country:KP"),
        ("Georgia", "country:GE"),
        ("NA", "country:NA"),
        ("Europe", "continent:EU"),
        ("EU", "group:EU"),
        ("Benelux", "group:Benelux"),
        ("Berlin", None),
        ("Bavaria", None),
        ("Atlantis", None),
        ("", None),
    ],
)
def test_wide_or_country_takes_the_first_kind(name: str, key: str | None) -> None:
    found = wide_or_country(name)
    assert (None if found is None else KNOWN.key(found)) == key


def test_country_named_is_no_continent_and_no_group() -> None:
    assert country_named("Germany") == entity("country:DE")
    assert country_named("Europe") is country_named("EU") is country_named("Berlin") is None


def test_bare_gives_regions_before_cities_by_population() -> None:
    found = bare("New York")
    assert keys(found)[:2] == ["region:US.NY", "city:5128581"]
    cities = [one for one in found if KNOWN.is_city(one)]
    populations = [KNOWN.populations[one] for one in cities]
    assert populations == sorted(populations, reverse=True)
    assert bare("Germany") == bare("Neverland") == bare("") == []


def test_bare_gives_an_alternate_name_of_no_small_city() -> None:
    assert "city:5992996" not in keys(bare("Berlin"))  # Kitchener, Ontario, was called Berlin


@pytest.mark.parametrize(
    ("name", "codes", "expected"),
    [
        ("Bavaria", False, ["region:DE.02"]),
        ("TX", False, ["region:US.TX"]),
        ("SP", True, ["region:BR.27"]),
        ("SP", False, []),
        ("Berlin", False, ["region:DE.16"]),
        ("Munich", True, []),
    ],
)
def test_regions_named_finds_names_and_codes(name: str, codes: bool, expected: list[str]) -> None:
    assert set(expected) <= set(keys(regions_named(name, codes))) if expected else regions_named(name, codes) == []


@pytest.mark.parametrize(
    ("name", "scope", "expected"),
    [
        ("Berlin", "country:DE", ["region:DE.16", "city:2950159"]),
        ("Berlin", "country:FR", []),
        ("Munich", "region:DE.02", ["city:2867714"]),
        ("Munich", "region:DE.16", []),
        ("Bavaria", "region:DE.02", ["region:DE.02"]),
        ("Germany", "country:DE", ["country:DE"]),
        ("Hong Kong", "country:CN", ["country:HK"]),
        ("Taipei City", "country:TW", ["region:TW.03", "city:1668341"]),
    ],
)
def test_inside_stays_in_the_scope(name: str, scope: str, expected: list[str]) -> None:
    found = keys(inside(name, entity(scope)))
    assert found[: len(expected)] == expected if expected else found == []


def test_the_one_needs_three_times_the_population() -> None:
    berlin, munich = entity("city:2950159"), entity("city:2867714")
    people = KNOWN.populations
    assert people[berlin] < 3 * people[munich]
    assert the_one([berlin, munich]) is None
    small = min((one for one in KNOWN.cities() if people[one]), key=lambda one: people[one])
    assert the_one([small, berlin]) == berlin
    assert the_one([berlin]) == berlin
    assert the_one([]) is None


def test_the_one_prefers_a_city_to_its_region_of_that_name() -> None:
    assert the_one([entity("region:US.NY"), entity("city:5128581")]) == entity("city:5128581")


@given(st.integers(0, KNOWN.size - 1).filter(lambda one: KNOWN.is_city(one) or KNOWN.is_region(one)))
def test_every_entity_is_found_inside_its_country(one: int) -> None:
    country = KNOWN.country_of(one)
    assert country is not None
    found = inside(KNOWN.label(one), country)
    assert found
    assert all(KNOWN.country_of(other) == country or KNOWN.is_country(other) for other in found)

"""Resolution of stored places: the country, region and city in which a place certainly lies."""

from __future__ import annotations

import pytest
from hypothesis import given

from letrics.normalize.place.gazetteer import gazetteer
from letrics.normalize.place.resolving import resolve
from tests.normalize.place.places import PARTS


def resolved(
    city: str | None = None, region: str | None = None, country: str | None = None, text: str | None = None,
    country_code: str | None = None,
) -> tuple[str | None, ...]:  # fmt: skip
    """The keys of country, region, city and continent or group."""
    found = resolve(city, region, country, text, country_code)
    return tuple(
        None if one is None else gazetteer().key(one) for one in (found.country, found.region, found.city, found.wide)
    )


BERLIN = ("country:DE", "region:DE.16", "city:2950159", None)


@pytest.mark.parametrize(
    ("parts", "expected"),
    [
        ({"city": "Berlin", "country": "Germany"}, BERLIN),
        ({"city": "Berlin", "country_code": "de"}, BERLIN),
        ({"city": "Berlin", "country": "France", "country_code": "DE"}, BERLIN),
        ({"text": "Berlin, Germany"}, BERLIN),
        ({"text": "Berlin", "country_code": "DE"}, BERLIN),
        ({"city": "Berlin"}, BERLIN),
        ({"city": "Munich", "region": "BY", "country": "DE"}, ("country:DE", "region:DE.02", "city:2867714", None)),
        ({"city": "Glasgow", "country": "Scotland"}, ("country:GB", "region:GB.SCT", "city:2648579", None)),
        ({"city": "Berlin", "country": "Europe"}, BERLIN),
        ({"country": "Europe"}, (None, None, None, "continent:EU")),
        ({"text": "DACH"}, (None, None, None, "group:DACH")),
        ({"region": "Bavaria", "country": "Germany"}, ("country:DE", "region:DE.02", None, None)),
        ({"country": "Germany"}, ("country:DE", None, None, None)),
        ({"country_code": "DE"}, ("country:DE", None, None, None)),
        ({"city": "Springfield", "country": "US"}, ("country:US", None, None, None)),
        ({"city": "Nowhere", "country": "US"}, ("country:US", None, None, None)),
        ({"city": "Berlin", "country": "Neverland"}, (None, None, None, None)),
        ({"text": "Smallville, DE"}, (None, None, None, None)),
        ({"city": "-", "country": "..."}, (None, None, None, None)),
        ({}, (None, None, None, None)),
    ],
)
def test_resolve_gives_the_certain_parts(parts: dict[str, str], expected: tuple[str | None, ...]) -> None:
    assert resolved(**parts) == expected


@pytest.mark.parametrize(
    ("text", "unknown"),
    [
        ("Kleinstadt, Germany", ("Kleinstadt",)),
        ("12 Main Street, Smallville, Texas, USA", ("12 Main Street", "Smallville")),
        ("12 Main Street, Dublin, Ireland", ()),
        ("Springfield", ("Springfield",)),
        ("Berlin, Germany", ()),
    ],
)
def test_resolve_of_a_text_keeps_the_unknown_words(text: str, unknown: tuple[str, ...]) -> None:
    assert resolve(None, None, None, text, None).unknown == unknown


@given(PARTS, PARTS, PARTS, PARTS)
def test_resolve_of_any_parts_is_consistent(
    city: str | None, region: str | None, country: str | None, text: str | None
) -> None:
    known = gazetteer()
    found = resolve(city, region, country, text, None)
    if found.city is not None:
        assert known.country_of(found.city) == found.country and known.region_of(found.city) == found.region
    if found.region is not None:
        assert known.country_of(found.region) == found.country
    assert found.wide is None or found.country is None
    assert found == resolve(city, region, country, text, " ")

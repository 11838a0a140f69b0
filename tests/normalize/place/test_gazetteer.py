"""The bundled gazetteer: names and entities."""

from __future__ import annotations

from letrics.normalize.place.gazetteer import gazetteer


def test_every_country_is_there_with_its_continent() -> None:
    places = gazetteer()
    for code in ("DE", "US", "NA", "XK", "HK", "AQ"):
        country = places.country_by_code(code)
        assert country is not None
        assert places.by_key(f"country:{code}") == country
        assert places.continent_of(country) is not None


def test_names_are_found_exactly() -> None:
    places = gazetteer()
    assert [places.key(entity) for entity, _ in places.find("deutschland")] == ["country:DE"]
    assert places.find("deutschlan") == ()
    assert places.find("") == ()
    assert places.find("\U0010ffff") == ()
    assert places.find("\ud800") == ()

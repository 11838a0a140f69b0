"""The bundled gazetteer: its file, and that it is whole."""

from __future__ import annotations

import gzip

import pytest

from letrics.normalize.place import gazetteer_fingerprint
from letrics.normalize.place.gazetteer import gazetteer
from letrics.normalize.place.gazetteer_file import VERSION, GazetteerFile, decode_gazetteer, encode_gazetteer
from letrics.normalize.place.names import name_key, split_parts


def file(version: int) -> GazetteerFile:
    return GazetteerFile(version, (0, 0, 0, 0, 0), b"", b"", b"", b"", b"", b"", b"", (), {})


def test_a_file_of_another_version_or_none_at_all_is_refused() -> None:
    assert decode_gazetteer(encode_gazetteer(file(VERSION))) == file(VERSION)
    assert encode_gazetteer(file(VERSION)) == encode_gazetteer(file(VERSION))
    with pytest.raises(ValueError, match="version"):
        decode_gazetteer(encode_gazetteer(file(VERSION + 1)))
    for data in (b"", b"not a gazetteer", gzip.compress(b"\x00"), encode_gazetteer(file(VERSION))[:-9]):
        with pytest.raises(ValueError, match="cannot be read"):
            decode_gazetteer(data)


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


@pytest.mark.parametrize(
    ("text", "key"),
    [
        ("St. Gallen", "st gallen"),
        ("Baden-Württemberg", "baden wurttemberg"),
        ("U.S.A.", "usa"),
        ("The Hague", "hague"),
        ("the", "the"),
        ("Côte d’Ivoire", "cote divoire"),
        ("Bosnia & Herzegovina", "bosnia and herzegovina"),
        (" Łódź ", "lodz"),
        ("...", ""),
    ],
)
def test_names_are_compared_without_case_accents_and_punctuation(text: str, key: str) -> None:
    assert name_key(text) == key


def test_parts_are_what_stands_between_commas() -> None:
    assert split_parts(" a ,, b，c、 ") == ["a", "b", "c"]


def test_the_fingerprint_stands_still() -> None:
    assert gazetteer_fingerprint() == gazetteer_fingerprint()

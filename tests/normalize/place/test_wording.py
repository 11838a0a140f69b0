"""Words around the names of places."""

from __future__ import annotations

import pytest

from letrics.normalize.place.wording import drop_work_words, is_street, strip_area_words


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Remote", ""),
        ("Fully remote", ""),
        ("Hybrid / Remote", ""),
        ("Remote in Germany", "Germany"),
        ("Remote - US", "US"),
        ("US remote", "US"),
        ("HQ: Berlin", "Berlin"),
        ("Berlin or remote", "Berlin"),
        ("Remotegrad", "Remotegrad"),
        ("Berlin", "Berlin"),
    ],
)
def test_drop_work_words_leaves_the_place(text: str, expected: str) -> None:
    assert drop_work_words(text) == expected


@pytest.mark.parametrize(
    ("part", "expected"),
    [
        ("Greater London", ("London", False)),
        ("Berlin Metropolitan Area", ("Berlin", False)),
        ("Greater Munich Metropolitan Area", ("Munich", False)),
        ("Greater Delhi Area", ("Delhi", False)),
        ("Paris et périphérie", ("Paris", False)),
        ("Samara Region", ("Samara", True)),
        ("Kanton Zürich", ("Zürich", True)),
        ("State of New York", ("New York", True)),
        ("Grandville", None),
        ("Area", None),
        ("Berlin", None),
    ],
)
def test_strip_area_words_gives_the_name(part: str, expected: tuple[str, bool] | None) -> None:
    assert strip_area_words(part) == expected


@pytest.mark.parametrize("part", ["Main Street", "Hauptstraße", "rue de Rivoli", "Suite 4", "12", "P.O. Box", "Am Weg"])
def test_is_street_of_an_address_is_true(part: str) -> None:
    assert is_street(part)


@pytest.mark.parametrize("part", ["Berlin", "Kleinstadt", "Norwegen", "Strasbourg", ""])
def test_is_street_of_a_town_is_false(part: str) -> None:
    assert not is_street(part)

"""Several locations in one text."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from letrics.normalize.place.several import split_places


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Berlin, Germany; Paris, France", ["Berlin, Germany", "Paris, France"]),
        ("Berlin, Germany | Paris, France", ["Berlin, Germany", "Paris, France"]),
        ("Berlin, Germany\nParis, France", ["Berlin, Germany", "Paris, France"]),
        ("Berlin, Germany ::: Paris, France", ["Berlin, Germany", "Paris, France"]),
        ("10115 Berlin; 75008 Paris;", ["10115 Berlin", "75008 Paris"]),
        ("Berlin;Zzyzx", ["Berlin", "Zzyzx"]),
        ("Berlin, Germany, Paris, France", ["Berlin, Germany", "Paris, France"]),
        ("San Francisco, CA, New York, NY", ["San Francisco, CA", "New York, NY"]),
        ("Berlin, Munich, Hamburg", ["Berlin", "Munich", "Hamburg"]),
        ("New York, London", ["New York", "London"]),
        ("Germany, France", ["Germany", "France"]),
        ("Berlin / Paris", ["Berlin", "Paris"]),
        ("Berlin and Paris", ["Berlin", "Paris"]),
        ("Berlin & Munich", ["Berlin", "Munich"]),
        ("New York, San Francisco, Lviv (Ukraine)", ["New York", "San Francisco", "Lviv (Ukraine)"]),
        ("Boston, Madrid and Prague.", ["Boston", "Madrid", "Prague"]),
        ("Singapore, Hong Kong & Germany", ["Singapore", "Hong Kong", "Germany"]),
        ("US, UK, Israel offices", ["US", "UK", "Israel"]),
        ("- London, UK - Paris, France", ["London, UK", "Paris, France"]),
        ("* New York City (USA) * San José (Costa Rica)", ["New York City (USA)", "San José (Costa Rica)"]),
        ("- London", ["London"]),
    ],
)
def test_split_places_separates_locations(text: str, expected: list[str]) -> None:
    assert list(split_places(text)) == expected


@pytest.mark.parametrize(
    "text",
    [
        "Berlin, Germany",
        "Berlin; Germany",
        "Berlin | Germany",
        "Berlin / Germany",
        "Germany, Berlin",
        "Germany / Berlin",
        "Paris, Texas",
        "Bosnia and Herzegovina",
        "Sarajevo, Bosnia and Herzegovina",
        "Korea, Republic of",
        "Chelsea, London, UK",
        "Caesarea, Israel",
        "Milton, QLD, Australia",
        "Turin, TO, Italy",
        "Biel/Bienne",
        "Unter den Linden 1, 10117 Berlin, Germany",
        "Kleinstadt, Germany",
        "Smallville, Berlin",
        "Cambridge, Oxford",
        "Remote, US",
        "Frankfurt/Main",
        "Stratford-upon-Avon",
        "Greater London",
        "Europe, Germany",
        "Köln/Bonn",
        "a, b, c",
        ";",
        "",
    ],
)
def test_split_places_of_one_location_is_itself(text: str) -> None:
    assert split_places(text) == (text,)


@given(st.text("ab,;|/& \n").map(lambda text: text.replace("a", "Berlin").replace("b", "Germany")))
def test_split_places_loses_no_words(text: str) -> None:
    assert "".join(split_places(text)).count("Berlin") == text.count("Berlin")

"""Postal codes of a part of an address."""

from __future__ import annotations

import pytest

from letrics.normalize.place.postal import strip_leading_code, strip_postal_codes


@pytest.mark.parametrize(
    ("part", "reading"),
    [
        ("10115 Berlin", ("Berlin", None)),
        ("D-10115 Berlin", ("Berlin", "DE")),
        ("Berlin 10115", ("Berlin", None)),
        ("London SW1A 1AA", ("London", "GB")),
        ("1012 AB Amsterdam", ("Amsterdam", "NL")),
        ("M5V 2T6", ("", "CA")),
        ("D02 X285 Dublin", ("Dublin", "IE")),
        ("CA 94105", ("CA", "US")),
        ("Austin 78701-1234", ("Austin", "US")),
        ("111 22 Stockholm", ("Stockholm", None)),
        ("00-950 Warszawa", ("Warszawa", None)),
        ("75016 Paris Cedex 16", ("Paris", None)),
        ("Dublin 2", ("Dublin", None)),
        ("94105", ("", None)),
    ],
)
def test_strip_postal_codes_gives_the_name_first(part: str, reading: tuple[str, str | None]) -> None:
    assert strip_postal_codes(part)[0] == reading


@pytest.mark.parametrize("part", ["Berlin", "5 Berlin", "", "Main St", "9" * 300])
def test_strip_postal_codes_without_a_code_is_empty(part: str) -> None:
    assert strip_postal_codes(part) == []


def test_strip_postal_codes_gives_other_readings_too() -> None:
    assert strip_postal_codes("9000 St. Gallen") == [(". Gallen", "NL"), ("St. Gallen", None)]


def test_strip_leading_code_ignores_house_numbers() -> None:
    assert strip_leading_code("10115 Kleinstadt") == "Kleinstadt"
    assert strip_leading_code("12 Main St") == "12 Main St"

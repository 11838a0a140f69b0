"""Parts of an address."""

from __future__ import annotations

import pytest

from letrics.normalize.place.address import around_unknown, known_parts, split_tail
from letrics.normalize.place.gazetteer import gazetteer
from letrics.normalize.place.resolved import Resolved


def test_known_parts_drops_postal_codes() -> None:
    known = gazetteer()
    assert known_parts(["10115 Berlin", "Germany"]) == (["Berlin", "Germany"], None, 5)
    assert known_parts(["San Francisco", "CA 94105"]) == (["San Francisco", "CA"], known.country_by_code("US"), 0)
    assert known_parts(["10 Downing Street London SW1A 2AA"])[0] == ["10 Downing Street", "London"]
    assert known_parts(["Unter den Linden 1 10117 Berlin"])[0] == ["Unter den Linden 1", "Berlin"]


@pytest.mark.parametrize(
    ("part", "expected"),
    [
        ("Berlin Germany", ["Berlin", "Germany"]),
        ("Port Moresby Papua New Guinea", ["Port Moresby", "Papua New Guinea"]),
        ("1 Infinite Loop Cupertino CA", ["1 Infinite Loop", "Cupertino", "CA"]),
        ("Berlin in", []),
        ("Zzyzx Germany", []),
        ("Germany", []),
    ],
)
def test_split_tail_needs_a_place_inside(part: str, expected: list[str]) -> None:
    assert split_tail(part) == expected


def test_around_unknown_needs_one_scope_or_a_town() -> None:
    known = gazetteer()
    assert around_unknown(["Smallville", "DE"]) == Resolved()
    found = around_unknown(["Some Street 1", "Berlin", "DE"])
    assert found.city is not None and known.key(found.city) == "city:2950159"
    assert around_unknown(["Smallville", "Texas"]).unknown == ("Smallville",)
    assert around_unknown(["Berlin"]) == Resolved()

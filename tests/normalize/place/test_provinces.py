"""Codes of Italian provinces."""

from __future__ import annotations

from letrics.normalize.place.gazetteer import gazetteer
from letrics.normalize.place.provinces import capital_of_province


def test_capital_of_province_needs_its_town() -> None:
    milan = capital_of_province("MI")
    assert milan is not None and gazetteer().label(milan) == "Milan"
    assert capital_of_province("mi", "MILANO") == milan
    assert capital_of_province("MI", "Detroit") is None
    assert capital_of_province("NJ", "Verona") is None


def test_capital_of_province_knows_nearly_all() -> None:
    codes = [a + b for a in "ABCDEFGHIJKLMNOPQRSTUVWXYZ" for b in "ABCDEFGHIJKLMNOPQRSTUVWXYZ"]
    assert sum(capital_of_province(code) is not None for code in codes) >= 105

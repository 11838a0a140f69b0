"""Names of sales territories."""

from __future__ import annotations

import pytest

from letrics.normalize.place.territory import names_territory
from tests.hostile import bounded


@pytest.mark.parametrize(
    "name",
    ["West", "us east", "Northeast", "North West", "Mid-Atlantic", "West Coast", "Midwest", "Süd", "Noord",
     "Centro", "Region 4", "Sales Territory B", "Gebiet 12", "Global", "Rest of World", "NORAM", "MEA", "US-West"],
)  # fmt: skip
def test_names_territory_of_a_territory_is_true(name: str) -> None:
    assert names_territory(name)


@pytest.mark.parametrize(
    "name",
    ["", "California", "North Carolina", "Western Australia", "West Virginia", "Noord-Holland", "Region Hannover",
     "Centre-Val de Loire", "North Rhine-Westphalia", "East Sussex", "Zonguldak", "Northern Ireland", "Areal"],
)  # fmt: skip
def test_names_territory_of_a_region_is_false(name: str) -> None:
    assert not names_territory(name)


def test_names_territory_of_long_texts_takes_linear_time() -> None:
    with bounded(0.5):
        names_territory("north " * 100_000)

"""Pairs of a store and an engine."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial
from itertools import product
from random import Random
from typing import Final

from letrics.engines.bitmap.costs import DEFAULT_COSTS
from tests.engines.bitmap.costs import SMALL, random_costs
from tests.matrix.engines import ENGINES, EngineMaker, bitmap
from tests.matrix.stores import STORES, StoreMaker


@dataclass(frozen=True)
class Pair:
    """A store, and the engine that searches it."""

    name: str
    store: StoreMaker
    engine: EngineMaker

    def __str__(self) -> str:
        return self.name


PAIRS: Final = tuple(
    Pair(f"{engine}-{store}", STORES[store], ENGINES[engine])
    for engine, store in product(ENGINES, STORES)
    if (engine, store) != ("opensearch", "naive")
)
"""All pairs but one: indexes of a server take seconds to make, and are made for the stores that users have."""
API_PAIRS: Final = tuple(pair for pair in PAIRS if pair.name != "opensearch-postgres")
"""The pairs that tests of the API run with: each engine and each store is among them."""
DEFAULT: Final = PAIRS[0]
"""The pair of the default settings."""
NAIVE: Final = PAIRS[-1]
"""The pair that has nothing in common with it."""


def bitmap_pair(rng: Random, number: int) -> Pair:
    """A bitmap engine over SQLite: of each four, one with its own costs, one with small and two with random ones."""
    costs = (DEFAULT_COSTS, SMALL, random_costs(rng), random_costs(rng))[number % 4]
    return Pair(f"bitmap-sqlite, {costs}", STORES["sqlite"], partial(bitmap, costs=costs))

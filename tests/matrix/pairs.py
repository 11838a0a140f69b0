"""Pairs of a store and an engine."""

from __future__ import annotations

import os
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


ALL_PAIRS: Final = "ALL_PAIRS" in os.environ
"""Whether the suites run with every pair, which takes twice as long."""
_USERS: Final = frozenset({"bitmap-sqlite", "bitmap-postgres", "opensearch-sqlite", "opensearch-postgres"})
"""The pairs that users can have."""
_EVERY: Final = tuple(
    Pair(f"{engine}-{store}", STORES[store], ENGINES[engine]) for engine, store in product(ENGINES, STORES)
)
PAIRS: Final = tuple(pair for pair in _EVERY if ALL_PAIRS or pair.name in _USERS or pair is _EVERY[-1])
"""The pairs of the suites: those of users, and the one that has nothing in common with the default."""
API_PAIRS: Final = tuple(pair for pair in PAIRS if pair.name != "opensearch-postgres")
"""The pairs that tests of the API run with: each engine and each store is among them."""
USUAL_PAIRS: Final = PAIRS if ALL_PAIRS else API_PAIRS
"""The pairs of suites that build many engines: every pair with ALL_PAIRS, else those of the API."""
DEFAULT: Final = PAIRS[0]
"""The pair of the default settings."""
NAIVE: Final = PAIRS[-1]
"""The pair that has nothing in common with it."""


def bitmap_pair(rng: Random, number: int, store: str = "sqlite") -> Pair:
    """A bitmap engine over a store: of each four, one with its own costs, one with small and two with random ones."""
    costs = (DEFAULT_COSTS, SMALL, random_costs(rng), random_costs(rng))[number % 4]
    return Pair(f"bitmap-{store}, {costs}", STORES[store], partial(bitmap, costs=costs))

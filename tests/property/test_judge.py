"""Thousands of random searches in changing random worlds: parser, store and engine against the plain model."""

from __future__ import annotations

import random

import pytest

from tests.matrix.pairs import ALL_PAIRS, DEFAULT, USUAL_PAIRS, Pair, bitmap_pair
from tests.property.judge import Failed, run
from tests.property.scenario import Author, Step, shown
from tests.property.shrinking import shrink

WORLDS = 20 if ALL_PAIRS else 10
"""The number of worlds of a store. Each run has new ones, and `make reliability` has twice as many."""
WORLD_STORES = ("sqlite", "postgres") if ALL_PAIRS else ("sqlite",)
"""The stores that they run with."""
ASKS = 100
ASKS_OF_OTHERS = 40


def judged(steps: list[Step], seed: int, world: str, pair: Pair = DEFAULT) -> None:
    """Run a scenario; on failure tell the smallest one that still fails, and the seed."""
    try:
        run(steps, pair)
    except Failed as failed:
        smallest, cause = shrink(steps, failed, pair)
        pytest.fail(
            f"seed {seed}, world {world}, {pair.name}\nfirst: {failed}\nsmallest:\n{shown(smallest)}\n{cause}",
            pytrace=False,
        )


@pytest.mark.parametrize("world", range(WORLDS))
@pytest.mark.parametrize("store", WORLD_STORES)
def test_random_worlds(store: str, world: int, seed: int) -> None:
    rng = random.Random(f"{seed}:{store}:{world}")
    size = rng.choice((0, 1, 5, 30, 100, 100, 200, 350))
    pair = bitmap_pair(rng, world, store)
    judged(Author(rng, size).write(ASKS), seed, str(world), pair)


@pytest.mark.parametrize("size", [5, 100])
@pytest.mark.parametrize("pair", USUAL_PAIRS[1:], ids=str)
def test_random_worlds_of_other_pairs(pair: Pair, size: int, seed: int) -> None:
    rng = random.Random(f"{seed}:{pair.name}:{size}")
    judged(Author(rng, size).write(ASKS_OF_OTHERS), seed, str(size), pair)


@pytest.mark.slow
def test_large_world(seed: int) -> None:
    """Enough records that values become common, times fill many buckets and titles leave the short paths."""
    rng = random.Random(f"{seed}:large")
    judged(Author(rng, 12_000).write(40 if ALL_PAIRS else 12), seed, "large")

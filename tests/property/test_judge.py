"""Thousands of random searches in changing random worlds: parser, store and engine against the plain model."""

from __future__ import annotations

import random

import pytest

from letrics.engines.bitmap.costs import DEFAULT_COSTS, Costs
from tests.engines.bitmap.costs import SMALL, random_costs
from tests.property.judge import Failed, run
from tests.property.scenario import Author, Step, shown
from tests.property.shrinking import shrink

WORLDS = 20
ASKS = 100


def judged(steps: list[Step], seed: int, world: str, costs: Costs = DEFAULT_COSTS) -> None:
    """Run a scenario; on failure tell the smallest one that still fails, and the seed."""
    try:
        run(steps, costs)
    except Failed as failed:
        smallest, cause = shrink(steps, failed, costs)
        pytest.fail(
            f"seed {seed}, world {world}, {costs}\nfirst: {failed}\nsmallest:\n{shown(smallest)}\n{cause}",
            pytrace=False,
        )


@pytest.mark.parametrize("world", range(WORLDS))
def test_random_worlds(world: int, seed: int) -> None:
    rng = random.Random(f"{seed}:{world}")
    size = rng.choice((0, 1, 5, 30, 100, 100, 200, 350))
    costs = (DEFAULT_COSTS, SMALL, random_costs(rng), random_costs(rng))[world % 4]
    judged(Author(rng, size).write(ASKS), seed, str(world), costs)


@pytest.mark.slow
def test_large_world(seed: int) -> None:
    """Enough records that values become common, times fill many buckets and titles leave the short paths."""
    rng = random.Random(f"{seed}:large")
    judged(Author(rng, 12_000).write(40), seed, "large")

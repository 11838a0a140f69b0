"""Thousands of random searches in changing random worlds: parser, store and engine against the plain model."""

from __future__ import annotations

import random

import pytest

from tests.property.judge import Failed, run
from tests.property.scenario import Author, Step, shown
from tests.property.shrinking import shrink

WORLDS = 20
ASKS = 100


def judged(steps: list[Step], seed: int, world: str, low: bool = False) -> None:
    """Run a scenario; on failure tell the smallest one that still fails, and the seed."""
    try:
        run(steps, low)
    except Failed as failed:
        smallest, cause = shrink(steps, failed, low)
        pytest.fail(
            f"seed {seed}, world {world}{' (low thresholds)' if low else ''}\nfirst: {failed}\n"
            f"smallest:\n{shown(smallest)}\n{cause}",
            pytrace=False,
        )


@pytest.mark.parametrize("world", range(WORLDS))
def test_random_worlds(world: int, seed: int) -> None:
    rng = random.Random(f"{seed}:{world}")
    size = rng.choice((0, 1, 5, 30, 100, 100, 200, 350))
    judged(Author(rng, size).write(ASKS), seed, str(world), low=world % 2 == 1)


@pytest.mark.slow
def test_large_world(seed: int) -> None:
    """Enough records that values become common, times fill many buckets and titles leave the short paths."""
    rng = random.Random(f"{seed}:large")
    judged(Author(rng, 12_000).write(40), seed, "large")

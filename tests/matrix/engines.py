"""The engines that the suites run with. A back end joins by one line."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Final

from letrics.backends.base import FollowedEngine
from letrics.backends.bitmap import FollowedBitmapEngine
from letrics.engines.bitmap import BitmapEngine
from letrics.engines.bitmap.costs import DEFAULT_COSTS, Costs
from letrics.store.base import Store
from tests.matrix.opensearch import opensearch
from tests.naive.engine import NaiveEngine
from tests.naive.following import FollowedNaiveEngine

EngineMaker = Callable[[Path, int], FollowedEngine]
"""Makes an engine that may save files in a directory, with the time budget of one query in milliseconds."""


def bitmap(directory: Path, budget_ms: int, costs: Costs = DEFAULT_COSTS) -> FollowedEngine:
    """A bitmap engine that never runs out of time for suggestions."""
    engine = BitmapEngine(budget_ms=budget_ms, suggestion_ms=60_000, costs=costs)
    return FollowedBitmapEngine(engine, directory / "snapshot", [])


ENGINES: Final[dict[str, EngineMaker]] = {
    "bitmap": bitmap,
    "opensearch": opensearch,
    "naive": lambda directory, budget_ms: FollowedNaiveEngine(NaiveEngine(budget_ms)),
}


def save(made: FollowedEngine, directory: Path) -> None:
    """Save what the engine has built, if it saves anything, so that the next one in this directory starts from it."""
    if isinstance(made, FollowedBitmapEngine):
        made.engine.save(directory / "snapshot")


def merge(made: FollowedEngine, store: Store) -> None:
    """Catch up with the log and merge all changes into one base, if the engine has such a thing."""
    if isinstance(made, FollowedBitmapEngine):
        made.engine.renew(store)

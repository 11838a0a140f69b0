"""The test matrix: each store and each engine that the suites run with. A back end joins by one line."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Final

from letrics.backends.base import FollowedEngine, StoreBackend
from letrics.backends.bitmap import FollowedBitmapEngine
from letrics.backends.sqlite import SqliteBackend
from letrics.engines.bitmap import BitmapEngine
from tests.naive.backend import NaiveStoreBackend
from tests.naive.engine import NaiveEngine
from tests.naive.following import FollowedNaiveEngine

EngineMaker = Callable[[Path, int], FollowedEngine]
"""Makes an engine that may save files in a directory, with the time budget of one query in milliseconds."""


def _bitmap(directory: Path, budget_ms: int) -> FollowedEngine:
    engine = BitmapEngine(budget_ms=budget_ms, suggestion_ms=60_000)
    return FollowedBitmapEngine(engine, directory / "snapshot", [])


ENGINES: Final[dict[str, EngineMaker]] = {
    "bitmap": _bitmap,
    "naive": lambda directory, budget_ms: FollowedNaiveEngine(NaiveEngine(budget_ms)),
}

StoreMaker = Callable[[Path], StoreBackend]
"""Makes the back end of the log that belongs to a directory."""

STORES: Final[dict[str, StoreMaker]] = {
    "sqlite": lambda directory: SqliteBackend(directory / "letrics.db"),
    "naive": NaiveStoreBackend,
}

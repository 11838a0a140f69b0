"""Makes the engines that the conformance suite runs with."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Final

from letrics.backends.base import FollowedEngine
from letrics.store.base import Store
from tests.conformance.asked import Asked
from tests.matrix.engines import bitmap
from tests.matrix.pairs import ALL_PAIRS, Pair
from tests.matrix.served import served
from tests.matrix.stores import STORES

Maker = Callable[[int], FollowedEngine]
"""Makes an engine with the time budget of one query in milliseconds."""

SERVED: Final = tuple(
    Pair(f"served-{name}", store, bitmap) for name, store in STORES.items() if ALL_PAIRS or name == "sqlite"
)
"""Each store with an engine that is asked through a socket."""


@contextmanager
def making(pair: Pair, directory: Path) -> Iterator[Maker]:
    """Make engines of the pair that may save files in `directory`."""
    with ExitStack() as stack:

        def make(budget_ms: int) -> FollowedEngine:
            made = pair.engine(directory, budget_ms)
            return stack.enter_context(served(made)) if pair in SERVED else made

        yield make


def loaded(make: Maker, store: Store) -> Asked:
    """An engine that has loaded the store."""
    made = make(60_000)
    made.load(store)
    return Asked(made, store)

"""The engine of commands: loaded, searched in parts, and what it saves refreshed after changes."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from typing import TYPE_CHECKING, Final

from letrics.cli.progress import Meter
from letrics.engines.base import SearchEngine, SearchRequest, Window
from letrics.query import Query

if TYPE_CHECKING:
    from rich.console import Console

    from letrics.backends import HomeBackends
    from letrics.backends.base import FollowedEngine
    from letrics.store.base import Store

_WINDOW: Final = 5000
"""The number of matches fetched from the engine at a time."""


def load_engine(store: Store, backends: HomeBackends, console: Console, silent: bool = False) -> FollowedEngine:
    """Load an engine that is up to date with the log.

    Builds the index if none is saved, which takes minutes for millions of records.
    """
    engine = backends.engine.make()
    with Meter(console, silent) as meter:
        engine.load(store, meter.of_load)
    return engine


def refresh_index(backends: HomeBackends, console: Console) -> None:
    """Save an index that is up to date with the log, if the saved one lacks many changes or there is none.

    Does nothing while another process, such as a server, saves the index.
    """
    with backends.store.open() as store, Meter(console) as meter:
        saved = backends.engine.refresh(store, meter.of_load)
    if not saved:
        console.print("Another process is saving the index.", highlight=False)


def windows(engine: SearchEngine, query: Query) -> Iterator[list[int]]:
    """Yield the nums of all matches in parts, oldest first."""
    after: int | None = None
    with asyncio.Runner() as runner:
        while True:
            hits = runner.run(engine.search(SearchRequest(query, Window(after=after, size=_WINDOW))))
            if hits.nums:
                yield hits.nums
                after = hits.nums[-1]
            if not hits.more or not hits.nums:
                return

"""The engine of commands: loaded, searched in parts, and what it saves refreshed after changes."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Iterator
from typing import TYPE_CHECKING, Final

from letrics.cli.progress import Meter
from letrics.engines.base import EngineAway, EngineLoading, SearchEngine, SearchRequest, Window
from letrics.engines.served.client import ServedEngine
from letrics.query import Query

if TYPE_CHECKING:
    from rich.console import Console

    from letrics.backends import HomeBackends
    from letrics.backends.base import FollowedEngine
    from letrics.cli.context import CliSession
    from letrics.store.base import Position, Store

_WINDOW: Final = 5000
"""The number of matches fetched from the engine at a time."""


_WAIT_SECONDS: Final = 2.0
"""How long a command waits for a server that has not applied all changes yet. It applies them every 0.2 s."""

_CHECK_SECONDS: Final = 0.02
"""Seconds between two questions for the position of a server."""


def load_engine(store: Store, backends: HomeBackends, console: Console, silent: bool = False) -> FollowedEngine:
    """Load an engine of this process that is up to date with the log.

    Builds the index if none is saved, which takes minutes for millions of records.
    """
    engine = backends.engine.make()
    with Meter(console, silent) as meter:
        engine.load(store, meter.of_load)
    return engine


class CurrentEngine:
    """The engine of a running server of the data directory, if it can be reached and has applied the whole log.

    Otherwise it is an engine of this process, which `load` brings up to date.
    """

    def __init__(self, session: CliSession, store: Store, wait_seconds: float = _WAIT_SECONDS) -> None:
        self._session = session
        self._wait_seconds = wait_seconds
        self._own: FollowedEngine | None = None
        self._served = ServedEngine(session.home.engine_socket)
        self.load(store)

    @property
    def engine(self) -> SearchEngine:
        """The engine, for searching."""
        return self._served if self._own is None else self._own.engine

    def load(self, store: Store) -> None:
        """Wait until the server has applied the log of this store, or apply it here."""
        if self._own is None and asyncio.run(self._is_served(store.position())):
            return
        if self._own is None:
            self._own = load_engine(store, self._session.backends(), self._session.console)
        else:
            self._own.load(store)

    async def _is_served(self, end: Position) -> bool:
        """Whether a server has applied this log up to its end. Waits a moment for a server that is behind."""
        deadline = time.monotonic() + self._wait_seconds
        while True:
            try:
                position = await self._served.position()
            except (EngineAway, EngineLoading):
                return False
            if position is None or position.log != end.log:
                return False
            if position.seq >= end.seq:
                return True
            if time.monotonic() >= deadline:
                return False
            await asyncio.sleep(_CHECK_SECONDS)


def refresh_index(backends: HomeBackends, console: Console) -> None:
    """Save an index that is up to date with the log, if the saved one lacks many changes or there is none.

    Does nothing while another process, such as a server, saves the index, or while the engine is away: the records are
    stored, and the index is brought up to date later.
    """
    try:
        with backends.store.open() as store, Meter(console) as meter:
            saved = backends.engine.refresh(store, meter.of_load)
    except EngineAway as error:
        console.print(f"The index will be brought up to date later: {error}", highlight=False, markup=False)
        return
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

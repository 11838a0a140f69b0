"""An engine that is asked through a Unix socket, as commands ask that of a server."""

from __future__ import annotations

import asyncio
import tempfile
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from letrics.backends.base import FollowedEngine
from letrics.engines.base import LoadProgress, SearchEngine
from letrics.engines.follower import FollowerTarget
from letrics.engines.served.client import ServedEngine
from letrics.engines.served.offering import offered
from letrics.store.base import Store


@contextmanager
def offering(engine: SearchEngine, path: Path) -> Iterator[None]:
    """Offer the engine at `path` from an event loop of another thread."""
    started, loop = threading.Event(), asyncio.new_event_loop()
    ended = asyncio.Event()

    async def offer() -> None:
        async with offered(engine, path):
            started.set()
            await ended.wait()

    thread = threading.Thread(target=loop.run_until_complete, args=[offer()])
    thread.start()
    try:
        assert started.wait(60)
        yield
    finally:
        loop.call_soon_threadsafe(ended.set)
        thread.join()
        loop.close()


@dataclass
class FollowedServedEngine:
    """The engine behind a socket; see FollowedEngine. The process that has it keeps it up to date."""

    engine: SearchEngine
    behind: FollowedEngine

    def load(self, store: Store, progress: LoadProgress | None = None) -> None:
        """See FollowedEngine."""
        self.behind.load(store, progress)

    def suspend(self) -> None:
        """See FollowedEngine."""
        self.behind.suspend()

    def target(self) -> FollowerTarget:
        """See FollowedEngine."""
        return self.behind.target()

    def verify(self, store: Store, sample: int | None = None) -> list[str]:
        """See FollowedEngine."""
        return self.behind.verify(store, sample)


@contextmanager
def served(behind: FollowedEngine) -> Iterator[FollowedEngine]:
    """The same engine, asked through a socket."""
    with tempfile.TemporaryDirectory() as directory:  # a short path: a socket's has at most about 100 characters
        path = Path(directory) / "engine.sock"
        with offering(behind.engine, path):
            yield FollowedServedEngine(ServedEngine(path), behind)

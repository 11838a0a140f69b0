"""The engine back end of a bitmap index in every process, with a saved index in the home directory."""

from __future__ import annotations

from pathlib import Path
from typing import Final

from letrics.backends.partition import partition_command
from letrics.child import python_command
from letrics.engines.base import LoadProgress, SavedIndex
from letrics.engines.bitmap import BitmapEngine
from letrics.engines.bitmap.following.index_target import IndexTarget
from letrics.engines.bitmap.following.saved_index import (
    describe_snapshot,
    erase_snapshot,
    rebuild_snapshot,
    refresh_snapshot,
)
from letrics.settings import Home
from letrics.store.base import Position, Store

_REBUILD: Final = "import os; os.nice(2); from letrics.backends.rebuild import main; main()"
"""The code of the process that rebuilds the saved index. Its priority is slightly lower than that of servers (nice 2).
With a much lower priority it takes very long while an import and a server that follows it are running, and the server
holds all changes in memory until it ends."""


def rebuild_command(home: Home) -> list[str]:
    """The command line of a process that rebuilds the saved index of a home."""
    return python_command(_REBUILD, str(home.path.absolute()))


class FollowedBitmapEngine:
    """A bitmap engine with its saved index; see FollowedEngine. `rebuild` is a command that rebuilds the index."""

    def __init__(self, engine: BitmapEngine, snapshot: Path, rebuild: list[str]) -> None:
        self.engine = engine
        self._snapshot = snapshot
        self._rebuild = rebuild

    def load(self, store: Store, progress: LoadProgress | None = None) -> None:
        """See FollowedEngine."""
        self.engine.load(store, self._snapshot, progress)

    def suspend(self) -> None:
        """See FollowedEngine."""
        self.engine.suspend()

    def target(self) -> IndexTarget:
        """See FollowedEngine."""
        return IndexTarget(self.engine, self._snapshot, self._rebuild)

    def verify(self, store: Store, sample: int | None = None) -> list[str]:
        """See FollowedEngine. It always compares everything."""
        del sample
        return self.engine.verify(store)


class BitmapBackend:
    """Makes bitmap engines for `home`; see EngineBackend, and BitmapEngine for the budget and the cache."""

    def __init__(self, home: Home, *, budget_ms: int, cache_mb: int) -> None:
        self._home = home
        self._budget_ms = budget_ms
        self._cache_mb = cache_mb

    def make(self) -> FollowedBitmapEngine:
        """See EngineBackend."""
        return FollowedBitmapEngine(self._engine(), self._home.snapshot, rebuild_command(self._home))

    def refresh(self, store: Store, progress: LoadProgress | None = None) -> bool:
        """See EngineBackend."""
        return refresh_snapshot(self._engine(), store, self._home.snapshot, progress)

    def rebuild(self, store: Store) -> None:
        """See EngineBackend."""
        rebuild_snapshot(self._engine(), store, self._home.snapshot)

    def erase(self, store: Store, progress: LoadProgress | None = None) -> bool:
        """See EngineBackend."""
        return erase_snapshot(self._engine(), store, self._home.snapshot, progress)

    def describe(self, end: Position) -> SavedIndex | None:
        """See EngineBackend."""
        return describe_snapshot(self._home.snapshot, end)

    def _engine(self) -> BitmapEngine:
        second = partition_command(self._home)
        return BitmapEngine(budget_ms=self._budget_ms, cache_mb=self._cache_mb, second_reader=second)

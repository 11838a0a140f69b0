"""The back ends of naive stores and engines."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Final

from letrics.engines.base import LoadProgress, SavedIndex
from letrics.store.base import Position, Reader, Store, StoreAway
from letrics.store.current import CurrentStore
from letrics.store.documents import LocalDocuments
from tests.naive.engine import NaiveEngine
from tests.naive.following import FollowedNaiveEngine
from tests.naive.log import Log
from tests.naive.store import NaiveStore

_LOGS: Final[dict[Path, Log]] = {}
"""The logs of this process, each by the directory that it stands for."""


class NaiveStoreBackend:
    """The log of a directory, which exists only in this process; see StoreBackend."""

    is_remote: Final = False

    def __init__(self, directory: Path) -> None:
        self._directory = directory

    def exists(self) -> bool:
        """See StoreBackend."""
        return self._directory in _LOGS

    def open(self, create: bool = False) -> Store:
        """See StoreBackend."""
        if create:
            _LOGS.setdefault(self._directory, Log())
        if not self.exists():
            raise StoreAway(f"there is no log of {self._directory}")
        return NaiveStore(_LOGS[self._directory])

    def open_lease(self) -> Store:
        """See StoreBackend."""
        return self.open()

    def open_reader(self) -> Reader:
        """See StoreBackend."""
        return self.open()

    def open_documents(self, position: Callable[[], Position | None]) -> LocalDocuments:
        """See StoreBackend."""
        return LocalDocuments(CurrentStore(self.open, position))


class NaiveEngineBackend:
    """Makes naive engines, which save nothing; see EngineBackend."""

    def __init__(self, budget_ms: int = 60_000) -> None:
        self._budget_ms = budget_ms

    def make(self) -> FollowedNaiveEngine:
        """See EngineBackend."""
        return FollowedNaiveEngine(NaiveEngine(self._budget_ms))

    def refresh(self, store: Store, progress: LoadProgress | None = None) -> bool:
        """See EngineBackend."""
        del store, progress
        return True

    def rebuild(self, store: Store) -> None:
        """See EngineBackend."""

    def erase(self, store: Store, progress: LoadProgress | None = None) -> bool:
        """See EngineBackend. Nothing is saved."""
        return True

    def describe(self, end: Position) -> SavedIndex | None:
        """See EngineBackend."""
        del end
        return None

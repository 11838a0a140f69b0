"""An engine on another machine: a connection that may be slow or broken, in front of a naive engine."""

from __future__ import annotations

import asyncio
from typing import Final

from letrics.engines.base import EngineAway, OutOfTime, SearchRequest, SearchResult, ValueCount
from letrics.fields import Fact
from letrics.records import Kind
from letrics.store.base import Position, Store
from tests.naive.engine import NaiveEngine
from tests.naive.following import FollowedNaiveEngine, NaiveTarget


class RemoteEngine(NaiveEngine):
    """Every call waits until the connection is `open`, for `budget_ms` at most, and raises `away` if it is set.

    `asked` is set while a call waits.
    """

    def __init__(self, budget_ms: int = 60_000) -> None:
        super().__init__(budget_ms)
        self.away: EngineAway | None = None
        self.open: Final = asyncio.Event()
        self.open.set()
        self.asked: Final = asyncio.Event()
        self._seconds = budget_ms / 1000

    async def search(self, request: SearchRequest) -> SearchResult:
        """See SearchEngine."""
        await self._reach()
        return await super().search(request)

    async def values(self, kind: Kind, fact: Fact, typed: str, limit: int) -> list[ValueCount]:
        """See SearchEngine."""
        await self._reach()
        return await super().values(kind, fact, typed, limit)

    async def position(self) -> Position | None:
        """See SearchEngine."""
        await self._reach()
        return await super().position()

    def check(self) -> None:
        """Raise `away` if it is set."""
        if self.away is not None:
            raise self.away

    async def _reach(self) -> None:
        self.check()
        self.asked.set()
        try:
            await asyncio.wait_for(self.open.wait(), self._seconds)
        except TimeoutError:
            raise OutOfTime("the engine did not respond in time") from None
        self.check()


class RemoteTarget(NaiveTarget):
    """What follows the log for a remote engine, over the same connection."""

    def __init__(self, engine: RemoteEngine) -> None:
        super().__init__(engine)
        self._remote = engine

    def load(self, store: Store) -> bool:
        """See FollowerTarget."""
        self._remote.check()
        return super().load(store)

    def apply(self, store: Store) -> bool:
        """See FollowerTarget."""
        self._remote.check()
        return super().apply(store)


class FollowedRemoteEngine(FollowedNaiveEngine):
    """A remote engine; see FollowedEngine."""

    def __init__(self, engine: RemoteEngine) -> None:
        super().__init__(engine)
        self._remote = engine

    def target(self) -> RemoteTarget:
        """See FollowedEngine."""
        return RemoteTarget(self._remote)

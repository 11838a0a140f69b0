"""An engine that says why its index is not loaded: what keeps it from being loaded, if anything does."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import TypeVar

from letrics.engines.base import Capabilities, EngineLoading, SearchEngine, SearchRequest, SearchResult, ValueCount
from letrics.fields import Fact
from letrics.records import Kind
from letrics.store.base import Position

_T = TypeVar("_T")
WhyLoading = Callable[[], Exception]
"""The exception for a request that needs the index while it is not loaded: EngineLoading, unless loading it failed."""


def is_loading() -> Exception:
    """The exception while nothing is known to keep the index from being loaded."""
    return EngineLoading("the index is loading")


class ExplainedEngine:
    """Another engine that raises what `why_loading` returns in place of EngineLoading; see SearchEngine."""

    def __init__(self, engine: SearchEngine, why_loading: WhyLoading) -> None:
        self._engine = engine
        self._why_loading = why_loading

    @property
    def capabilities(self) -> Capabilities:
        """See SearchEngine."""
        return self._engine.capabilities

    async def search(self, request: SearchRequest) -> SearchResult:
        """See SearchEngine."""
        return await self._explained(self._engine.search(request))

    async def values(self, kind: Kind, fact: Fact, typed: str, limit: int) -> list[ValueCount]:
        """See SearchEngine."""
        return await self._explained(self._engine.values(kind, fact, typed, limit))

    async def position(self) -> Position | None:
        """See SearchEngine."""
        return await self._engine.position()

    def close(self) -> None:
        """See SearchEngine."""
        self._engine.close()

    async def _explained(self, result: Awaitable[_T]) -> _T:
        try:
            return await result
        except EngineLoading:
            raise self._why_loading() from None

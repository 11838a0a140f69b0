"""An engine that another process of this machine has, asked through a Unix socket."""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import TypeVar

import msgspec

from letrics.engines.base import Capabilities, EngineAway, EngineLoading, SearchRequest, SearchResult, ValueCount
from letrics.engines.served.wire import (
    REPLIES,
    At,
    EngineCall,
    Failure,
    Found,
    PositionCall,
    Values,
    ValuesCall,
    call_of,
    receive,
    send,
)
from letrics.fields import Fact
from letrics.records import Kind
from letrics.store.base import Position

_Reply = TypeVar("_Reply", Found, Values, At)


class ServedEngine:
    """Asks the engine behind the socket at `path`; see SearchEngine.

    Every call raises EngineAway if it cannot be reached.
    """

    capabilities = Capabilities(any_offset=True, exact_facets=True, suggestions=True)

    def __init__(self, path: Path) -> None:
        self._path = path
        self._closed = False

    async def search(self, request: SearchRequest) -> SearchResult:
        """See SearchEngine."""
        return (await self._call(call_of(request), Found)).result

    async def values(self, kind: Kind, fact: Fact, typed: str, limit: int) -> list[ValueCount]:
        """See SearchEngine."""
        return (await self._call(ValuesCall(kind, fact.name, typed, limit), Values)).values

    async def position(self) -> Position | None:
        """See SearchEngine."""
        if self._closed:
            return None
        return (await self._call(PositionCall(), At)).position

    def close(self) -> None:
        """See SearchEngine. The engine belongs to the other process and stays open there."""
        self._closed = True

    async def _call(self, call: EngineCall, expected: type[_Reply]) -> _Reply:
        if self._closed:
            raise EngineLoading("this connection to the engine is closed")
        try:
            reader, writer = await asyncio.open_unix_connection(str(self._path))
            try:
                await send(writer, call)
                reply = REPLIES.decode(await receive(reader))
            finally:
                writer.close()
        except (OSError, EOFError, ValueError, msgspec.MsgspecError) as error:
            raise EngineAway(f"the server at {self._path} cannot be reached: {error}") from error
        if isinstance(reply, Failure):
            raise reply.exception()
        if not isinstance(reply, expected):
            raise EngineAway(f"the server at {self._path} sent a reply of another kind")
        return reply

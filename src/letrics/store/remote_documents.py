"""The documents of a store on another machine."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Final

from letrics.records import Kind
from letrics.store.base import FoundDocuments, Position, Reader, StoreDescription, StoredRecord
from letrics.store.connection_threads import WAIT_SECONDS, ConnectionThreads
from letrics.store.current import CurrentStore
from letrics.store.documents import OpenDocuments

_THREADS: Final = 8
"""The number of connections of a server process that read documents."""


class RemoteDocuments(OpenDocuments):
    """Reads in threads, each over a separate reader that `open_reader` opens.

    `position` is that of CurrentStore: while the index was built from another log, every method raises StoreReplaced.
    """

    def __init__(
        self,
        open_reader: Callable[[], Reader],
        position: Callable[[], Position | None],
        threads: int = _THREADS,
        seconds: float = WAIT_SECONDS,
        closing: Callable[[], None] | None = None,
    ) -> None:
        self._closing = closing
        self._threads = ConnectionThreads(lambda: CurrentStore(open_reader, position), threads, "documents", seconds)

    async def found_documents(self, kind: Kind, nums: Sequence[int], found_at: Position | None) -> FoundDocuments:
        return await self._threads.read(lambda reader: reader.found_documents(kind, nums, found_at))

    async def find(self, kind: Kind, id: str) -> StoredRecord | None:
        return await self._threads.read(lambda reader: reader.find(kind, id))

    async def has_batch(self, position: Position) -> bool:
        return await self._threads.read(lambda reader: reader.has_batch(position))

    async def describe(self) -> StoreDescription:
        return await self._threads.read(lambda reader: reader.describe())

    def connect(self) -> None:
        """Do nothing: a database on another machine may be available later."""

    def close(self) -> None:
        """Close the readers. Waits for those that are reading. Calls `closing` before."""
        if self._closing is not None:
            self._closing()
        self._threads.close()

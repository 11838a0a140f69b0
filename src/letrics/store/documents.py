"""The documents of a store that is read without a network."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

from letrics.records import Kind
from letrics.store.base import Documents, FoundDocuments, Position, Reader, StoreDescription, StoredRecord


class OpenDocuments(Documents, Protocol):
    """Documents that a server process reads until it ends."""

    def connect(self) -> None:
        """Open the store now, if it is on this machine. Raises StoreAway."""
        ...

    def close(self) -> None:
        """Close the connections to the store."""
        ...


class LocalDocuments(OpenDocuments):
    """Reads from a store whose calls take microseconds, so that the event loop may wait for them."""

    def __init__(self, reader: Reader) -> None:
        self._reader = reader

    async def found_documents(self, kind: Kind, nums: Sequence[int], found_at: Position | None) -> FoundDocuments:
        return self._reader.found_documents(kind, nums, found_at)

    async def find(self, kind: Kind, id: str) -> StoredRecord | None:
        return self._reader.find(kind, id)

    async def has_batch(self, position: Position) -> bool:
        return self._reader.has_batch(position)

    async def describe(self) -> StoreDescription:
        return self._reader.describe()

    def connect(self) -> None:
        self._reader.position()

    def close(self) -> None:
        self._reader.close()

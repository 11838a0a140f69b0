"""The store back end of a SQLite file."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Final

from letrics.backends.erase_files import erase_from_files
from letrics.store.base import Position, Reader, Store
from letrics.store.current import CurrentStore
from letrics.store.documents import LocalDocuments
from letrics.store.sqlite import SqliteStore

if TYPE_CHECKING:
    from letrics.api.stored_requests import StoredRequests

_READER_BUSY_MS: Final = 1_000
"""Milliseconds that a connection which only reads waits for a lock before it gives up."""


class SqliteBackend:
    """The log in the SQLite file at `path`. Deleted contacts are also erased from the files next to it."""

    is_remote: Final = False

    def __init__(self, path: Path) -> None:
        self._path = path

    def exists(self) -> bool:
        """See StoreBackend."""
        return self._path.exists()

    def open(self, create: bool = False) -> Store:
        """See StoreBackend."""
        erase_people = partial(erase_from_files, self._path.parent, self._open_requests)
        return SqliteStore.open(self._path, create=create, erase_people=erase_people)

    def open_lease(self) -> Store:
        """See StoreBackend."""
        return SqliteStore.open(self._path, create=False)

    def open_copy(self) -> SqliteStore:
        """See CopyTarget."""
        return SqliteStore.open(self._path, copying=True)

    def open_reader(self) -> Reader:
        """See StoreBackend."""
        return SqliteStore.open(self._path, read_only=True, busy_ms=_READER_BUSY_MS)

    def open_documents(self, position: Callable[[], Position | None]) -> LocalDocuments:
        """See StoreBackend."""
        return LocalDocuments(CurrentStore(self.open, position))

    def _open_requests(self) -> StoredRequests:
        from letrics.api.stored_requests import IdempotencyFile  # few commands delete records

        return IdempotencyFile(self._path.parent / "idempotency.db")

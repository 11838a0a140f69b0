"""The store back end of a SQLite file."""

from __future__ import annotations

from functools import partial
from pathlib import Path
from typing import Final

from letrics.backends.erasing import erase_from_files
from letrics.store.base import Reader, Store
from letrics.store.sqlite import SqliteStore

_READER_BUSY_MS: Final = 1_000
"""Milliseconds that a connection which only reads waits for a lock before it gives up."""


class SqliteBackend:
    """The log in the SQLite file at `path`. Deleted contacts are also erased from the files next to it."""

    def __init__(self, path: Path) -> None:
        self._path = path

    def exists(self) -> bool:
        """See StoreBackend."""
        return self._path.exists()

    def open(self, create: bool = False) -> Store:
        """See StoreBackend."""
        return SqliteStore.open(self._path, create=create, erase_people=partial(erase_from_files, self._path.parent))

    def open_reader(self) -> Reader:
        """See StoreBackend."""
        return SqliteStore.open(self._path, read_only=True, busy_ms=_READER_BUSY_MS)

"""The store back end of a PostgreSQL database."""

from __future__ import annotations

from functools import partial
from pathlib import Path
from typing import Final

from letrics.backends.erasing import erase_from_files
from letrics.store.base import Reader, Store
from letrics.store.postgres.postgres_store import PostgresStore, has_log

_READER_BUSY_MS: Final = 1_000
"""Milliseconds that a connection which only reads waits for a lock before it gives up."""
_READER_SILENCE_SECONDS: Final = 30.0
"""Seconds that a statement of a connection which only reads may take without a response."""


class PostgresBackend:
    """The log in the database at `url`. Deleted contacts are also erased from the files of the home in `directory`."""

    def __init__(self, url: str, directory: Path) -> None:
        self._url = url
        self._directory = directory

    def exists(self) -> bool:
        """See StoreBackend. Raises StoreAway if the database is unavailable."""
        return has_log(self._url)

    def open(self, create: bool = False) -> Store:
        """See StoreBackend."""
        return PostgresStore.open(self._url, create=create, erase_people=partial(erase_from_files, self._directory))

    def open_reader(self) -> Reader:
        """See StoreBackend."""
        return PostgresStore.open(
            self._url, read_only=True, busy_ms=_READER_BUSY_MS, silence_seconds=_READER_SILENCE_SECONDS
        )

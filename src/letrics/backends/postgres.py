"""The store back end of a PostgreSQL database."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Final

from letrics.backends.erase_files import erase_from_files
from letrics.backends.postgres_accounts import PostgresAccounts
from letrics.store.base import Position, Reader, Store
from letrics.store.connection_threads import WAIT_SECONDS
from letrics.store.postgres.postgres_connection import open_postgres
from letrics.store.postgres.postgres_store import WRITERS_LOCK, PostgresStore, has_log
from letrics.store.postgres.standby_fallback import StandbyFallback
from letrics.store.remote_documents import RemoteDocuments
from letrics.store.standby_reader import StandbyReader

_READER_BUSY_MS: Final = 1_000
"""Milliseconds that a connection which only reads waits for a lock before it gives up."""
_READER_SILENCE_SECONDS: Final = 30.0
"""Seconds that a statement of a connection which only reads may take without a response."""


_WRITER_SILENCE_SECONDS: Final = 600.0
"""Seconds that a statement of a writer or a follower may take without a response. The slowest ones read or change a
table of millions of rows; a server that has accepted a connection and never responds is given up after this."""
_LEASE_BUSY_MS: Final = 2_000
"""Milliseconds that an extension of a lease, which lasts for 5 s, waits for a lock."""
_LEASE_SILENCE_SECONDS: Final = 3.0
"""Seconds that such a statement may take without a response."""


class PostgresBackend:
    """The log in the database at `url`. Deleted contacts are also erased from the files of the home in `directory`."""

    is_remote: Final = True

    def __init__(self, url: str, directory: Path) -> None:
        self._url = url
        self._accounts = PostgresAccounts(url)
        self._directory = directory

    def exists(self) -> bool:
        """See StoreBackend. Raises StoreAway if the database is unavailable."""
        return has_log(self._url)

    def open(self, create: bool = False) -> Store:
        """See StoreBackend."""
        erase_people = partial(erase_from_files, self._directory, self._accounts.open_requests)
        return PostgresStore.open(
            self._url, create=create, erase_people=erase_people, silence_seconds=_WRITER_SILENCE_SECONDS
        )

    def open_lease(self) -> Store:
        """See StoreBackend."""
        return PostgresStore.open(
            self._url, create=False, busy_ms=_LEASE_BUSY_MS, silence_seconds=_LEASE_SILENCE_SECONDS
        )

    def open_copy(self) -> PostgresStore:
        """See CopyTarget."""
        return PostgresStore.open(self._url, copying=True)

    def open_reader(self) -> Reader:
        """See StoreBackend."""
        return PostgresStore.open(
            self._url, read_only=True, busy_ms=_READER_BUSY_MS, silence_seconds=_READER_SILENCE_SECONDS
        )

    def open_documents(self, position: Callable[[], Position | None]) -> RemoteDocuments:
        """See StoreBackend. Without a primary, documents are read from a standby.

        A connection that does not respond is given up as soon as the request that waits for it.
        """
        open_one = partial(
            PostgresStore.open, self._url, read_only=True, busy_ms=_READER_BUSY_MS, silence_seconds=WAIT_SECONDS
        )
        find_primary = partial(open_postgres, self._url, WRITERS_LOCK, read_only=True)
        fallback = StandbyFallback(self._url, "documents", find_primary)

        def open_standby() -> Reader:
            return StandbyReader(open_one(standby=True), position, fallback.require_outage)

        return RemoteDocuments(lambda: fallback.open(open_one, open_standby), position, closing=fallback.close)

"""Work on connections to a database on another machine, in threads, so that it never stops an event loop.

Each thread has a connection, which it opens when it needs one and closes after a failure. The number of threads limits
the connections of a process. Work that waits too long for the database ends with StoreAway, and its thread frees itself
by the time limits of its connection.
"""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Final, Generic, Protocol, TypeVar

from letrics.request_time import waiting_time
from letrics.store.base import StoreAway, StoreReplaced

WAIT_SECONDS: Final = 1.5
"""Seconds that a request waits for the database before it fails; see `letrics.request_time`."""
_RETRY_SECONDS: Final = 0.1
"""Seconds between two attempts to reach a database that is away."""


class Closable(Protocol):
    """A connection."""

    def close(self) -> None: ...


_Connection = TypeVar("_Connection", bound=Closable)
_Result = TypeVar("_Result")


class ConnectionThreads(Generic[_Connection]):
    """Runs work in `threads` threads, on connections that `open_one` opens.

    Work that reads is repeated for `seconds` while the database is away: a standby may be taking over.
    """

    def __init__(
        self, open_one: Callable[[], _Connection], threads: int, name: str, seconds: float = WAIT_SECONDS
    ) -> None:
        self._open_one = open_one
        self._seconds = seconds
        self._executor = ThreadPoolExecutor(threads, name)
        self._own = threading.local()
        self._lock = threading.Lock()
        self._opened: set[_Connection] = set()

    async def read(self, work: Callable[[_Connection], _Result]) -> _Result:
        """Run work that only reads. Raises StoreAway, and what `work` raises."""
        ends = asyncio.get_running_loop().time() + waiting_time(self._seconds)
        while True:
            try:
                return await self._run(work, ends)
            except StoreReplaced:
                raise
            except StoreAway:
                if asyncio.get_running_loop().time() + _RETRY_SECONDS >= ends:
                    raise
            await asyncio.sleep(_RETRY_SECONDS)

    async def _run(self, work: Callable[[_Connection], _Result], ends: float) -> _Result:
        loop = asyncio.get_running_loop()
        try:
            async with asyncio.timeout_at(ends):
                return await loop.run_in_executor(self._executor, self._work, work)
        except TimeoutError:
            raise StoreAway(
                f"the database did not respond within {self._seconds:g} seconds: look at its load"
            ) from None

    def close(self) -> None:
        """Close all connections. Waits for work that is running."""
        self._executor.shutdown(cancel_futures=True)
        with self._lock:
            opened, self._opened = self._opened, set()
        for connection in opened:
            connection.close()

    def _work(self, work: Callable[[_Connection], _Result]) -> _Result:
        connection: _Connection | None = getattr(self._own, "connection", None)
        if connection is None:
            connection = self._open_one()
            with self._lock:
                self._opened.add(connection)
            self._own.connection = connection
        try:
            return work(connection)
        except StoreAway:
            self._own.connection = None
            with self._lock:
                self._opened.discard(connection)
            connection.close()
            raise

"""A separate pool of threads that refuses work instead of queuing it."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from typing import Any, TypeVar

from letrics.api.pools import OverLimit
from letrics.errors import UNAVAILABLE

_Result = TypeVar("_Result")


class BoundedThreads:
    """At most `most` threads. `what` is what they do, in the plural, as the error says it."""

    def __init__(self, most: int, what: str) -> None:
        self._most = most
        self._what = what
        self._threads = ThreadPoolExecutor(most, what)
        self._free = threading.BoundedSemaphore(most)

    async def run(self, work: Callable[..., _Result], *values: Any) -> _Result:
        """Do work. Raises LetricsError (unavailable) while all threads are busy.

        Work goes on, and keeps its thread, if the request is cancelled.
        """
        if not self._free.acquire(blocking=False):
            details = f"The server runs {self._most} {self._what} already: retry in a moment"
            raise OverLimit(UNAVAILABLE, details, 5, "uploads", "server_full")
        running = self._threads.submit(work, *values)
        running.add_done_callback(self._release)
        return await asyncio.wrap_future(running)

    def _release(self, _: Future[Any]) -> None:
        self._free.release()

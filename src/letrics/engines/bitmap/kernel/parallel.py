"""Runs numpy work on two cores: numpy releases the interpreter lock in its own loops."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from threading import Lock
from typing import Final, TypeVar

_MAX_THREADS: Final = 2
"""Number of worker threads. Each one allocates temporary arrays, so more threads take more memory."""
_Item = TypeVar("_Item")
_Result = TypeVar("_Result")


def map_threads(work: Callable[[_Item], _Result], items: Iterable[_Item]) -> list[_Result]:
    """Call `work` for every item on worker threads, in the order of the items, and return the results in that order.

    If a call raises, its exception is raised here and the items that have not begun are skipped.
    """
    with ThreadPoolExecutor(_MAX_THREADS) as pool:
        futures = [pool.submit(work, item) for item in items]
        try:
            return [future.result() for future in futures]
        except BaseException:
            pool.shutdown(wait=False, cancel_futures=True)
            raise


def serialized(call: Callable[[], None]) -> Callable[[], None]:
    """A version of `call` that several threads may use: one call at a time."""
    lock = Lock()

    def locked() -> None:
        with lock:
            call()

    return locked

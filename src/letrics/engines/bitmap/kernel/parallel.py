"""Work of numpy on two cores: it lets other threads run while it sorts, takes and packs."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from threading import Lock
from typing import Final, TypeVar

_MAX_THREADS: Final = 2
"""Each has arrays of its own: more take more memory."""
_Item = TypeVar("_Item")
_Result = TypeVar("_Result")


def map_threads(work: Callable[[_Item], _Result], items: Iterable[_Item]) -> list[_Result]:
    """Do the work for each item, some at a time, the first ones first; returns what it gave for each. What one
    raises is raised, the rest left."""
    with ThreadPoolExecutor(_MAX_THREADS) as pool:
        begun = [pool.submit(work, item) for item in items]
        try:
            return [future.result() for future in begun]
        except BaseException:
            pool.shutdown(wait=False, cancel_futures=True)
            raise


def serialized(call: Callable[[], None]) -> Callable[[], None]:
    """The call, for several threads."""
    lock = Lock()

    def locked() -> None:
        with lock:
            call()

    return locked

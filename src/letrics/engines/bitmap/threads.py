"""Work of numpy on two cores: it lets other threads run while it sorts, takes and packs."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from threading import Lock
from typing import Any, Final, TypeVar

_THREADS: Final = 2
"""Each has arrays of its own: more take more memory."""
_Item = TypeVar("_Item")


def in_threads(work: Callable[[_Item], Any], items: Iterable[_Item]) -> None:
    """Do the work for each item, some at a time, the first ones first. What one raises is raised, the rest left."""
    with ThreadPoolExecutor(_THREADS) as pool:
        begun = [pool.submit(work, item) for item in items]
        try:
            for future in begun:
                future.result()
        except BaseException:
            pool.shutdown(wait=False, cancel_futures=True)
            raise


def one_at_a_time(call: Callable[[], None]) -> Callable[[], None]:
    """The call, for several threads."""
    lock = Lock()

    def locked() -> None:
        with lock:
            call()

    return locked

"""When an index has to be read again from the log, because it may have values of people who were forgotten.

Deletions alone do not remove a value from the dictionaries of an index, which several records share.
"""

from __future__ import annotations

import time
from typing import Final

from letrics.normalize.time import DAY_MS
from letrics.store.base import Reader
from letrics.store.forgotten_list import Erasures

ReadAt = tuple[int, int]
"""The seq of the log at which an index was read from it, and the time in milliseconds since 1970."""
NEVER: Final = (0, 0)
"""Stands for an index of which it is not known when it was read from the log."""
ERASE_SECONDS: Final = 5.0
"""Seconds after people were forgotten when the index is read again. Others may be forgotten meanwhile."""
_DELETED_MS: Final = DAY_MS
"""Milliseconds after which an index is read again because records were deleted of people who were not forgotten."""
_CHECK_SECONDS: Final = 600.0
"""Seconds after which it is checked again if the log does not change."""


def has_erased(built: int, built_ms: int, erasures: Erasures) -> bool:
    """Whether an index that was read from the log at seq `built` may have values that have to go by now.

    `built_ms` is when it was read, in milliseconds since 1970.
    """
    if erasures.forgotten_seq > built:
        return True
    return erasures.deleted_seq > built and time.time_ns() // 1_000_000 >= built_ms + _DELETED_MS


class ErasureSchedule:
    """Decides when a follower has its index read again, `seconds` after people were forgotten."""

    def __init__(self, seconds: float = ERASE_SECONDS) -> None:
        self._seconds = seconds
        self._due: float | None = None
        self._seq = -1
        self._next_check = 0.0

    def is_due(self, store: Reader, seq: int, built: int, built_ms: int) -> bool:
        """Whether an index at `seq` that was read from the log at `built` has to be read again now.

        The log is asked only if it has changed, from time to time, and while something is due.
        """
        now = time.monotonic()
        if self._due is None and seq == self._seq and now < self._next_check:
            return False
        self._seq, self._next_check = seq, now + _CHECK_SECONDS
        if not has_erased(built, built_ms, store.erasures()):
            self._due = None
            return False
        if self._due is None:
            self._due = now + self._seconds
        return now >= self._due

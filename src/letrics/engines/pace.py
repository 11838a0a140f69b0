"""Pace: keeps imports from writing faster than servers can show the changes.

A server process shows a batch when it has applied all of it, which takes 20 to 30 µs of processor time a changed row.
Without a pace, an import gets ahead of the servers, by seconds if all share a few processors: a record that another
process writes meanwhile is found only after all that was written before it.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from typing import Final

from letrics.store.base import Store
from letrics.store.import_record import Undone

MAX_ROWS: Final = 5_000
"""The maximum number of rows of a batch while servers follow the log."""
MIN_ROWS: Final = 100
"""The number of rows below which batches do not become smaller."""
FIRST_ROWS: Final = 250
"""The maximum number of rows of the first batch: how long servers take for a row is not known yet."""
TARGET_SECONDS: Final = 0.15
"""The time in which servers should show a batch. Batches get smaller or larger accordingly."""
LONGEST_SECONDS: Final = 2.0
"""The longest wait for a server before a batch. One that has applied nothing meanwhile is not waited for until it
does."""
_POLL_SECONDS: Final = 0.01
"""The seconds between two looks at the positions of the servers."""
_UNDONE_ROWS: Final = 10_000
"""The number of records that are undone at a time if no server follows the log."""


class Pace:
    """The size of batches, and the waits between them.

    `end` returns the last seq of the log, and `slowest` the seq up to which all servers of this machine have applied
    it, None if there are none. `is_shared` says that those of other machines may follow the log: they are not waited
    for. `adapts`: whether smaller batches are shown sooner. A cluster shows any batch after a while.
    """

    def __init__(
        self, end: Callable[[], int], slowest: Callable[[], int | None], is_shared: bool = False, adapts: bool = True,
        *, clock: Callable[[], float] = time.monotonic, sleep: Callable[[float], None] = time.sleep,
    ) -> None:  # fmt: skip
        self._end = end
        self._slowest = slowest
        self._is_shared = is_shared
        self._clock = clock
        self._sleep = sleep
        self._adapts = adapts
        self._rows = FIRST_ROWS if adapts else MAX_ROWS
        self._stuck: int | None = None

    def max_rows(self) -> int | None:
        """The maximum number of rows of the next batch; None if no server follows the log."""
        if self._slowest() is not None:
            return self._rows
        return MAX_ROWS if self._is_shared else None

    def wait(self) -> None:
        """Wait until servers have applied everything, and choose the size of the next batch. Call it between two
        batches."""
        seq = first = self._slowest()
        if seq is None or seq == self._stuck:
            return
        end, started = self._end(), self._clock()
        while seq is not None and seq < end:
            if self._clock() - started > LONGEST_SECONDS:
                self._stuck = seq if seq == first else None
                break
            self._sleep(_POLL_SECONDS)
            seq = self._slowest()
        share = TARGET_SECONDS / max(self._clock() - started, _POLL_SECONDS)
        if self._adapts:
            self._rows = min(MAX_ROWS, max(MIN_ROWS, int(self._rows * min(2.0, max(0.5, share)))))


def undo_in_steps(store: Store, id: int, pace: Pace) -> Iterator[Undone]:
    """Undo an import, a batch at a time. Yields what was done with each batch. Raises UnknownImport and NotUndoable."""
    done = Undone(finished=False)
    while not done.finished:
        done = store.undo_import(id, pace.max_rows() or _UNDONE_ROWS)
        yield done
        pace.wait()

"""The index of a bitmap engine as the target of a follower: loaded, changed, saved and rebuilt from time to time."""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Final

from letrics.engines.bitmap.engine import BitmapEngine
from letrics.engines.bitmap.following.rebuilder import RETRY_SECONDS, Rebuilder, alone
from letrics.engines.bitmap.following.saved_index import (
    LAG,
    REFRESH_AFTER,
    SAVE_AFTER,
    replace_erased,
    save_if_behind,
)
from letrics.engines.common.erasure_schedule import ERASE_SECONDS, ErasureSchedule
from letrics.store.base import Position, Store

_log = logging.getLogger("letrics.follower")

_BREATH: Final = 0.0005
"""Seconds of sleep between slices of work, so that requests are served meanwhile."""
_SLICE: Final = 0.001
"""Processor time of a slice in seconds. Writing a segment has 60 steps, which take much less each for a few records."""
_MERGE: Final = "merge"
"""The name of the lock of the processes that merge their indexes, or large segments, or switch to a rebuilt one."""
QUIET_SECONDS: Final = 2.0
"""Seconds without a change after which imports are taken to have ended."""
LARGE: Final = 50_000
"""Minimum records of an index that a separate process rebuilds. All servers map its file then. If each merged its own,
four of them with 100,000 contacts would hold a third more memory, which grew with every import."""


class SlicePause:
    """Sleeps when the calling thread has worked for a slice since the last sleep.

    A sleep costs a busy machine more than its length: another process may run first. Without one in between, a thread
    that serves requests gets its turn after the switch interval of the interpreter.
    """

    def __init__(
        self, clock: Callable[[], float] = time.thread_time, sleep: Callable[[float], None] = time.sleep
    ) -> None:
        self._clock = clock
        self._sleep = sleep
        self._slept = 0.0

    def __call__(self) -> None:
        if not 0 <= self._clock() - self._slept < _SLICE:
            self._sleep(_BREATH)
            self._slept = self._clock()


class IndexTarget:
    """Keeps `engine` up to date; see FollowerTarget.

    The index is loaded from the file `snapshot` and saved there, by one process at a time. With `rebuild`, a command
    that rebuilds the saved index, an index of `large` records or more is never rebuilt in this process, and the command
    runs again at the earliest `retry_seconds` after it ended. `save_after` is the number of changes after which a new
    snapshot is due. `erase_seconds` after people were forgotten, the index is read again from the log. An index is
    merged `quiet_seconds` after the last change, or when as many records have changed as it has.
    """

    def __init__(
        self, engine: BitmapEngine, snapshot: Path, rebuild: list[str] | None = None, *, large: int = LARGE,
        save_after: int = SAVE_AFTER, retry_seconds: float = RETRY_SECONDS, erase_seconds: float = ERASE_SECONDS,
        quiet_seconds: float = QUIET_SECONDS,
    ) -> None:  # fmt: skip
        self._engine = engine
        self._snapshot = snapshot
        self._large = large
        self._save_after = save_after
        self._quiet_seconds = quiet_seconds
        self._rebuilder = None if rebuild is None else Rebuilder(rebuild, snapshot, retry_seconds)
        self._erasing = ErasureSchedule(erase_seconds)
        self._is_erasing = False
        self._saved = 0
        self._changed = 0.0
        self._arrived = False
        self._closing = threading.Event()
        self._pause = SlicePause()

    def position(self) -> Position | None:
        """See FollowerTarget."""
        return self._engine.applied()

    def load(self, store: Store) -> bool:
        """See FollowerTarget."""
        if self._engine.ready():
            if self._engine.belongs_to(store):
                return False
            _log.warning("the index is of another log than the current one and is rebuilt")
            self._engine.suspend()
        started = time.monotonic()
        self._load(store)
        self._saved = self._engine.seq()
        _log.info("index loaded at seq %d after %.1f s", self._saved, time.monotonic() - started)
        return True

    def apply(self, store: Store) -> bool:
        """See FollowerTarget. Also saves the index, merges it or has it rebuilt if much has changed."""
        rebuilder = self._rebuilder_for(store)
        changed = self._engine.catch_up(store, pause=self._pause, rebase=False, take_lock=self._take_lock)
        if changed:
            self._changed = time.monotonic()
        elif rebuilder is None and self._engine.outgrown() and self._may_merge(store):
            changed = self._merge()
        self._refresh_snapshot(store, rebuilder)
        self._erase(store)
        return changed

    def _may_merge(self, store: Store) -> bool:
        """Whether nothing is being imported, or too much to wait for the end of it."""
        counts = store.counts()
        much = self._engine.seq() - self._engine.base_seq() >= counts.companies + counts.contacts
        return much or time.monotonic() - self._changed >= self._quiet_seconds

    def _merge(self) -> bool:
        """Merge the index into one base, unless another process is merging its own. Returns whether it did.

        A merge takes 4 µs a record, in which this process falls behind the log. All server processes outgrow their
        bases at the same time: if they also merged at the same time, each would wait for the processors. So one after
        another does, when it has applied everything.
        """
        with self._take_lock() as only:
            if only:
                self._engine.merge()
        return only

    def suspend(self) -> None:
        """See FollowerTarget."""
        self._engine.suspend()

    def close(self) -> None:
        """See FollowerTarget. A rebuild that was started here is stopped; the old index stays."""
        self._closing.set()
        if self._rebuilder is not None:
            self._rebuilder.stop()

    def _load(self, store: Store) -> None:
        """Load the index from a usable snapshot, or wait until one is built."""
        rebuilder, snapshot = self._rebuilder_for(store), self._snapshot
        if rebuilder is None:
            self._engine.load(store, snapshot)
            self._save(store, min(self._save_after, REFRESH_AFTER))
            return
        if not self._engine.belongs_to(store) and not self._engine.can_load(store, snapshot):
            rebuilder.start()
            rebuilder.wait(self._closing.is_set)
        rebuilder.arrived()
        self._engine.load(store, snapshot, rebase=False)

    def _rebuilder_for(self, store: Store) -> Rebuilder | None:
        """What rebuilds an index of this size, or None if this process does, which takes less than a second."""
        counts = store.counts()
        return self._rebuilder if counts.companies + counts.contacts >= self._large else None

    def _refresh_snapshot(self, store: Store, rebuilder: Rebuilder | None) -> None:
        """Save or rebuild the index if much has changed, and switch to one that another process saved."""
        if rebuilder is None:
            if self._engine.seq() - self._saved >= self._save_after:
                self._save(store, self._save_after)
            return
        self._arrived = rebuilder.arrived() or self._arrived
        if self._arrived:
            self._adopt(store)
        if self._engine.outgrown() or self._lags(store):
            rebuilder.start()

    def _erase(self, store: Store) -> None:
        """Have the index read again from the log if it may have values of people who were forgotten."""
        if self._is_erasing and self._rebuilder is not None:
            self._arrived = self._rebuilder.arrived() or self._arrived
            if self._arrived:
                self._adopt(store)
        due = self._erasing.is_due(store, self._engine.seq(), *self._engine.built())
        if due and self._rebuilder is not None:
            self._rebuilder.start()
        elif due:
            self._engine.reread(store)
            self._saved = self._engine.seq()
            self._replace_file(store)
        elif self._is_erasing:
            if not self._replace_file(store):
                return  # again later
            store.settle_erasure()  # again: a reader may have prevented it when the records were deleted
            _log.info("the index has no values of deleted records any more")
        self._is_erasing = due

    def _replace_file(self, store: Store) -> bool:
        """Save the index, which was read again, over one with values that have to go. Returns False if another process
        is saving the index. A separate process that rebuilds it does so itself."""
        if self._rebuilder is not None:
            return True
        try:
            return replace_erased(self._engine, store, self._snapshot)
        except OSError:  # the home cannot be written
            return True

    def _adopt(self, store: Store) -> None:
        """Switch to the index that another process saved, unless another process is merging or switching."""
        with self._take_lock() as only:
            if only:
                self._arrived = False
                if self._engine.adopt(store, self._snapshot, self._pause):
                    self._saved = self._engine.seq()
                    _log.info("switched to a rebuilt index at seq %d", self._saved)

    @contextmanager
    def _take_lock(self) -> Iterator[bool]:
        """Yields whether no other process is merging or switching. A home that cannot be written has no lock: then no
        process waits for another."""
        with ExitStack() as stack:
            try:
                only = stack.enter_context(alone(self._snapshot.with_name(_MERGE)))
            except OSError:
                only = True
            yield only

    def _lags(self, store: Store) -> bool:
        """Whether a process that starts from the saved index now would have many changes to apply."""
        counts = store.counts()
        min_changes = max(self._save_after, LAG * (counts.companies + counts.contacts))
        return self._engine.seq() - self._engine.base_seq() >= min_changes

    def _save(self, store: Store, after: int) -> None:
        """Save a snapshot if the last one lacks that many changes, unless another process is saving one."""
        self._saved = self._engine.seq()
        save_if_behind(self._engine, store, self._snapshot, after)

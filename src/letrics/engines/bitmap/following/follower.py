"""Follower: a thread that applies changes of the log to an engine and has its snapshot rebuilt from time to time."""

from __future__ import annotations

import logging
import os
import socket
import sys
import threading
import time
from collections.abc import Callable
from pathlib import Path
from typing import Final, Protocol

from letrics.engines.bitmap.following.rebuilder import RETRY_SECONDS, Rebuilder, alone
from letrics.store.base import Store, StoreAway, StoreRemoved, StoreReplaced

_log = logging.getLogger("letrics.follower")

_LONGEST_WAIT: Final = 5.0
"""Longest wait in seconds before a log that could not be read is tried again."""
_BREATH: Final = 0.0005
"""Seconds of sleep between slices of work, so that requests are served meanwhile."""
SAVE_AFTER: Final = 100_000
"""Changes since the last snapshot after which a new one is saved."""
LARGE: Final = 400_000
"""Minimum records of an index that a separate process rebuilds."""
LAG: Final = 0.02
"""Share of all records that must have changed since a large index was saved for it to be rebuilt."""
_REGISTER: Final = 3600.0
"""Seconds between two reports of the follower's position to the log, which keeps the tombstones it still needs."""


class Saved(Protocol):
    """An engine that can save a snapshot."""

    def seq(self) -> int: ...
    def save(self, snapshot: Path) -> None: ...


class Followed(Saved, Protocol):
    """An engine that a follower can keep up to date. See `BitmapEngine` for the methods."""

    def ready(self) -> bool: ...
    def belongs_to(self, store: Store) -> bool: ...
    def suspend(self) -> None: ...
    def load(
        self,
        store: Store,
        snapshot: Path | None = None,
        progress: Callable[[str, int, int], None] | None = None,
        *,
        rebase: bool = ...,
    ) -> None: ...
    def can_load(self, store: Store, snapshot: Path) -> bool: ...
    def catch_up(self, store: Store, *, pause: Callable[[], None] = ..., rebase: bool = ...) -> bool: ...
    def adopt(self, store: Store, snapshot: Path, pause: Callable[[], None] = ...) -> bool: ...
    def outgrown(self) -> bool: ...
    def base_seq(self) -> int: ...
    def lacks(self, snapshot: Path) -> int: ...


class Follower:
    """Loads `engine` unless it is loaded, then applies changes of the log every `interval` seconds until it is stopped.

    `open_store` is called in the follower's thread, and again after the database was unavailable. If the database was
    removed or replaced, searches are refused until the index is loaded from the current one. With `snapshot`, the index
    is loaded from that file and saved there, by one process at a time. With `rebuild`, a command that rebuilds the
    saved index, an index of `large` records or more is never rebuilt in this process, and the command runs again at the
    earliest `retry_seconds` after it ended. `save_after` is the number of changes after which a new snapshot is due.
    """

    def __init__(
        self, engine: Followed, open_store: Callable[[], Store], snapshot: Path | None, interval: float = 0.2,
        rebuild: list[str] | None = None, large: int = LARGE, save_after: int = SAVE_AFTER,
        retry_seconds: float = RETRY_SECONDS,
    ) -> None:  # fmt: skip
        self._engine = engine
        self._open_store = open_store
        self._snapshot = snapshot
        self._interval = interval
        self._stopping = threading.Event()
        self._thread = threading.Thread(target=self._run, name="follower", daemon=True)
        self._saved = 0
        self._large = large
        self._save_after = save_after
        self._rebuilder = (
            Rebuilder(rebuild, snapshot, retry_seconds) if rebuild is not None and snapshot is not None else None
        )
        self._registered = 0.0
        self._wait = interval
        self.failure: str | None = None
        """Why the log cannot be followed at present, or None."""

    def start(self) -> None:
        """Start the thread."""
        # The thread that serves requests must not wait long for this one (the default is 5 ms).
        sys.setswitchinterval(0.0005)
        self._thread.start()

    def stop(self) -> None:
        """Stop the thread. Waits for the current slice of work."""
        self._stopping.set()
        if self._rebuilder is not None:
            self._rebuilder.stop()
        if self._thread.is_alive():
            self._thread.join()

    def _run(self) -> None:
        store: Store | None = None
        while not self._stopping.is_set():
            try:
                store = store or self._open_store()
                self._follow(store)
                break
            except Exception as error:  # a bug must not end the thread
                self._failed(error)
                if store is not None and not isinstance(error, StoreRemoved):
                    store.close()
                    store = None
            self._wait = min(self._wait * 2, _LONGEST_WAIT)
            self._stopping.wait(self._wait)
        if store is not None:
            store.close()

    def _failed(self, error: Exception) -> None:
        if isinstance(error, StoreReplaced):
            self._engine.suspend()  # it was made from a file that is gone
        if isinstance(error, StoreAway):
            self.failure = str(error)
            _log.warning("the log is not available, trying again: %s", error)
        else:
            self.failure = f"{type(error).__name__}: {error}"
            _log.error("applying changes of the log failed, trying again", exc_info=error)

    def _follow(self, store: Store) -> None:
        while not self._stopping.is_set():
            self._make_ready(store)
            self.failure, self._wait = None, self._interval
            rebuilder = self._rebuilder_for(store)
            changed = self._engine.catch_up(store, pause=self._pause, rebase=rebuilder is None)
            self._refresh_snapshot(store, rebuilder)
            if not changed:
                self._register(store)
                self._stopping.wait(self._interval)

    def _make_ready(self, store: Store) -> None:
        """Load the index, unless it is ready and was made from this log."""
        if self._engine.ready():
            if self._engine.belongs_to(store):
                return
            _log.warning("the index is of another log than the current one and is rebuilt")
            self._engine.suspend()
        started = time.monotonic()
        self._load(store)
        self._saved, self._registered = self._engine.seq(), 0.0
        _log.info("index loaded at seq %d after %.1f s", self._saved, time.monotonic() - started)

    def _load(self, store: Store) -> None:
        """Load the index from a usable snapshot, or wait until one is built."""
        rebuilder, snapshot = self._rebuilder_for(store), self._snapshot
        if rebuilder is None or snapshot is None:
            self._engine.load(store, snapshot)
            self._save(store)
            return
        if not self._engine.belongs_to(store) and not self._engine.can_load(store, snapshot):
            rebuilder.start()
            rebuilder.wait(self._stopping.is_set)
        rebuilder.arrived()
        self._engine.load(store, snapshot, rebase=False)

    def _rebuilder_for(self, store: Store) -> Rebuilder | None:
        """What rebuilds an index of this size, or None if this process does, which takes 1 to 2 s."""
        counts = store.counts()
        return self._rebuilder if counts.companies + counts.contacts >= self._large else None

    def _refresh_snapshot(self, store: Store, rebuilder: Rebuilder | None) -> None:
        """Save or rebuild the index if much has changed, and switch to one that another process saved."""
        snapshot = self._snapshot
        if rebuilder is None or snapshot is None:
            if self._engine.seq() - self._saved >= self._save_after:
                self._save(store)
            return
        if rebuilder.arrived() and self._engine.adopt(store, snapshot, self._pause):
            self._saved = self._engine.seq()
            _log.info("switched to a rebuilt index at seq %d", self._saved)
        if self._engine.outgrown() or self._lags(store):
            rebuilder.start()

    def _lags(self, store: Store) -> bool:
        """Whether a process that starts from the saved index now would have many changes to apply."""
        counts = store.counts()
        min_changes = max(self._save_after, LAG * (counts.companies + counts.contacts))
        return self._engine.seq() - self._engine.base_seq() >= min_changes

    def _pause(self) -> None:
        time.sleep(_BREATH)

    def _register(self, store: Store) -> None:
        """Report the follower's position to the log once in a while."""
        if time.monotonic() - self._registered > _REGISTER:
            store.follow(f"{socket.gethostname()}:{os.getpid()}", self._engine.seq())
            self._registered = time.monotonic()

    def _save(self, store: Store) -> None:
        """Save a snapshot if the last one lacks many changes, unless another process is saving one."""
        self._saved = self._engine.seq()
        if self._snapshot is not None:
            save_if_behind(self._engine, store, self._snapshot, self._save_after)


def save_if_behind(engine: Followed, store: Store, snapshot: Path, save_after: int = SAVE_AFTER) -> None:
    """Save the index if the snapshot lacks `save_after` changes or cannot be used, unless another process saves one."""
    unusable = snapshot.exists() and not engine.can_load(store, snapshot)
    if unusable or engine.lacks(snapshot) >= save_after:
        save_snapshot(engine, store, snapshot)


def save_snapshot(engine: Saved, store: Store, snapshot: Path) -> None:
    """Save the index, and have the log keep the deletions that it does not reflect yet.

    Does nothing while another process is saving.
    """
    with alone(snapshot) as acquired:
        if acquired:
            write_snapshot(engine, store, snapshot)


def write_snapshot(engine: Saved, store: Store, snapshot: Path) -> None:
    """Like `save_snapshot`, for callers that hold the lock of the snapshot."""
    seq = engine.seq()
    engine.save(snapshot)
    store.follow("snapshot", seq)

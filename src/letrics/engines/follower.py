"""The follower: a thread that keeps an engine in step with the log and has its snapshot made anew now and then."""

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

from letrics.engines.renewal import Renewal, alone
from letrics.store.base import Store, StoreAway, StoreRemoved, StoreReplaced

_log = logging.getLogger("letrics.follower")

_LONGEST_WAIT: Final = 5.0
"""Seconds after which a log that could not be followed is tried again, at most."""
_BREATH: Final = 0.0005
"""Seconds the follower rests between slices of work, so that requests are served meanwhile."""
_SAVE_AFTER: Final = 100_000
"""So many changes since the snapshot are worth a new one."""
LARGE: Final = 400_000
"""An index of so many records is made by a process of its own."""
LAG: Final = 0.02
"""So large a share of all records, changed since a large index was saved, is worth a new one."""
_REGISTER: Final = 3600.0
"""Seconds between two times the follower tells the log how far it is, so that tombstones it needs are kept."""


class Saved(Protocol):
    """An engine that can be saved."""

    def seq(self) -> int: ...
    def save(self, snapshot: Path) -> None: ...


class Followed(Saved, Protocol):
    """An engine that a follower can keep up to date."""

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
    def catch_up(
        self, store: Store, *, limit: int = ..., pause: Callable[[], None] = ..., rebase: bool = ...
    ) -> bool: ...
    def adopt(self, store: Store, snapshot: Path, pause: Callable[[], None] = ...) -> bool: ...
    def outgrown(self) -> bool: ...
    def base_seq(self) -> int: ...
    def lacks(self, snapshot: Path) -> int: ...


class Follower:
    """Loads `engine` unless it is ready, then applies changes of the log every `interval` seconds until stopped.

    `open_store` is called in the follower's own thread, again after the database was away. Where it was removed or
    replaced, the engine answers no searches until it is loaded from what is there then. With `snapshot`, the index
    is read from there and saved there; one process at a time saves. With `renew`, a command that makes the saved index
    anew, a large one (of `large` records or more) is never built in this process.
    """

    def __init__(
        self, engine: Followed, open_store: Callable[[], Store], snapshot: Path | None, interval: float = 0.2,
        renew: list[str] | None = None, large: int = LARGE,
    ) -> None:  # fmt: skip
        self._engine = engine
        self._open_store = open_store
        self._snapshot = snapshot
        self._interval = interval
        self._stopping = threading.Event()
        self._thread = threading.Thread(target=self._run, name="follower", daemon=True)
        self._saved = 0
        self._large = large
        self._renewal = Renewal(renew, snapshot) if renew is not None and snapshot is not None else None
        self._registered = 0.0
        self._wait = interval
        self.failure: str | None = None
        """Why the log cannot be followed just now; None when all is well."""

    def start(self) -> None:
        # The thread that serves requests must not wait long for one that applies changes (the default is 5 ms).
        sys.setswitchinterval(0.0005)
        self._thread.start()

    def stop(self) -> None:
        """End the thread; waits for the slice of work under way."""
        self._stopping.set()
        if self._renewal is not None:
            self._renewal.stop()
        if self._thread.is_alive():
            self._thread.join()

    def _run(self) -> None:
        store: Store | None = None
        while not self._stopping.is_set():
            try:
                store = store or self._open_store()
                self._follow(store)
                break
            except Exception as error:  # a bug must not end the following for good
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
            self._engine.suspend()  # what it knows is of a file that is not there any more
        if isinstance(error, StoreAway):
            self.failure = str(error)
            _log.warning("the log cannot be followed, trying again: %s", error)
        else:
            self.failure = f"{type(error).__name__}: {error}"
            _log.error("following the log failed, trying again", exc_info=error)

    def _follow(self, store: Store) -> None:
        while not self._stopping.is_set():
            self._make_ready(store)
            self.failure, self._wait = None, self._interval
            renewal = self._renewal_for(store)
            moved = self._engine.catch_up(store, pause=self._pause, rebase=renewal is None)
            self._renew(store, renewal)
            if not moved:
                self._register(store)
                self._stopping.wait(self._interval)

    def _make_ready(self, store: Store) -> None:
        """Load the index, unless it is ready and made from this very log."""
        if self._engine.ready():
            if self._engine.belongs_to(store):
                return
            _log.warning("the index is of another log than the one that is there now: it is made again")
            self._engine.suspend()
        started = time.monotonic()
        self._load(store)
        self._saved, self._registered = self._engine.seq(), 0.0
        _log.info("the index is ready at seq %d after %.1f s", self._saved, time.monotonic() - started)

    def _load(self, store: Store) -> None:
        """Be ready to answer: at once where there is a good snapshot, else when one has been made."""
        renewal, snapshot = self._renewal_for(store), self._snapshot
        if renewal is None or snapshot is None:
            self._engine.load(store, snapshot)
            self._save(store)
            return
        if not self._engine.belongs_to(store) and not self._engine.can_load(store, snapshot):
            renewal.start()
            renewal.wait(self._stopping.is_set)
        renewal.arrived()
        self._engine.load(store, snapshot, rebase=False)

    def _renewal_for(self, store: Store) -> Renewal | None:
        """By whom an index of this size is made anew; None: by this process, in a second or two."""
        counts = store.counts()
        return self._renewal if counts.companies + counts.contacts >= self._large else None

    def _renew(self, store: Store, renewal: Renewal | None) -> None:
        """Save the index where much has changed, or have it made anew; take over one that another process made."""
        snapshot = self._snapshot
        if renewal is None or snapshot is None:
            if self._engine.seq() - self._saved >= _SAVE_AFTER:
                self._save(store)
            return
        if renewal.arrived() and self._engine.adopt(store, snapshot, self._pause):
            self._saved = self._engine.seq()
            _log.info("a new index is in use, at seq %d", self._saved)
        if self._engine.outgrown() or self._lags(store):
            renewal.start()

    def _lags(self, store: Store) -> bool:
        """Whether who starts from the saved index now would have much to catch up with."""
        counts = store.counts()
        least = max(_SAVE_AFTER, LAG * (counts.companies + counts.contacts))
        return self._engine.seq() - self._engine.base_seq() >= least

    def _pause(self) -> None:
        time.sleep(_BREATH)

    def _register(self, store: Store) -> None:
        if time.monotonic() - self._registered > _REGISTER:
            store.follow(f"{socket.gethostname()}:{os.getpid()}", self._engine.seq())
            self._registered = time.monotonic()

    def _save(self, store: Store) -> None:
        self._saved = self._engine.seq()
        if self._snapshot is not None:
            save_if_behind(self._engine, store, self._snapshot)


def save_if_behind(engine: Followed, store: Store, snapshot: Path) -> None:
    """Save the index where the snapshot lacks many changes or cannot be used, unless another process is saving."""
    if engine.lacks(snapshot) >= _SAVE_AFTER:
        save_snapshot(engine, store, snapshot)


def save_snapshot(engine: Saved, store: Store, snapshot: Path) -> None:
    """Save the index, and have the log keep the deletions that it does not know of yet. Does nothing while another
    process saves."""
    with alone(snapshot) as only:
        if only:
            write_snapshot(engine, store, snapshot)


def write_snapshot(engine: Saved, store: Store, snapshot: Path) -> None:
    """The same by one who knows that no other process saves."""
    seq = engine.seq()
    engine.save(snapshot)
    store.follow("snapshot", seq)

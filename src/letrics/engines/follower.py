"""The follower: a thread that keeps an engine in step with the log and saves its snapshot now and then."""

from __future__ import annotations

import fcntl
import logging
import os
import socket
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final, Protocol

from letrics.store.base import Store, StoreAway

_log = logging.getLogger("letrics.follower")

_BREATH: Final = 0.0005
"""Seconds the follower rests between slices of work, so that requests are served meanwhile."""
_SAVE_AFTER: Final = 100_000
"""So many changes since the snapshot are worth a new one."""
_REGISTER: Final = 3600.0
"""Seconds between two times the follower tells the log how far it is, so that tombstones it needs are kept."""


class Saved(Protocol):
    """An engine that can be saved."""

    def seq(self) -> int: ...
    def save(self, snapshot: Path) -> None: ...


class Followed(Saved, Protocol):
    """An engine that a follower can keep up to date."""

    def ready(self) -> bool: ...
    def load(
        self, store: Store, snapshot: Path | None = None, progress: Callable[[str, int, int], None] | None = None
    ) -> None: ...
    def catch_up(self, store: Store, *, limit: int = ..., pause: Callable[[], None] = ...) -> bool: ...
    def lacks(self, snapshot: Path) -> int: ...


class Follower:
    """Loads `engine` unless it is ready, then applies changes of the log every `interval` seconds until stopped.

    `open_store` is called in the follower's own thread, again after the database was away. With `snapshot`, the index
    is read from there and saved there; one process at a time saves.
    """

    def __init__(
        self, engine: Followed, open_store: Callable[[], Store], snapshot: Path | None, interval: float = 0.2
    ) -> None:
        self._engine = engine
        self._open_store = open_store
        self._snapshot = snapshot
        self._interval = interval
        self._stopping = threading.Event()
        self._thread = threading.Thread(target=self._run, name="follower", daemon=True)
        self._saved = 0
        self._registered = 0.0
        self.failure: str | None = None
        """Why the log cannot be followed just now; None when all is well."""

    def start(self) -> None:
        # The thread that serves requests must not wait long for one that applies changes (the default is 5 ms).
        sys.setswitchinterval(0.0005)
        self._thread.start()

    def stop(self) -> None:
        """End the thread; waits for the slice of work under way."""
        self._stopping.set()
        if self._thread.is_alive():
            self._thread.join()

    def _run(self) -> None:
        wait = self._interval
        while not self._stopping.is_set():
            store: Store | None = None
            try:
                store = self._open_store()
                self._follow(store)
            except StoreAway as error:
                self.failure = str(error)
                _log.warning("the log cannot be followed, trying again: %s", error)
            except Exception as error:  # a bug must not end the following for good
                self.failure = f"{type(error).__name__}: {error}"
                _log.exception("following the log failed, trying again")
            finally:
                if store is not None:
                    store.close()
            wait = min(wait * 2, 5.0)
            self._stopping.wait(wait)

    def _follow(self, store: Store) -> None:
        if not self._engine.ready():
            started = time.monotonic()
            self._engine.load(store, self._snapshot)
            self._save(store)
            _log.info("the index is ready at seq %d after %.1f s", self._engine.seq(), time.monotonic() - started)
        self._saved = self._engine.seq()
        while not self._stopping.is_set():
            self.failure = None
            if self._engine.catch_up(store, pause=self._pause):
                if self._engine.seq() - self._saved >= _SAVE_AFTER:
                    self._save(store)
                continue
            self._register(store)
            self._stopping.wait(self._interval)

    def _pause(self) -> None:
        time.sleep(_BREATH)

    def _register(self, store: Store) -> None:
        if time.monotonic() - self._registered > _REGISTER:
            store.follow(f"{socket.gethostname()}:{os.getpid()}", self._engine.seq())
            self._registered = time.monotonic()

    def _save(self, store: Store) -> None:
        """Save the snapshot where it lacks many changes, unless another process is at it."""
        self._saved = self._engine.seq()
        if self._snapshot is not None and self._engine.lacks(self._snapshot) >= _SAVE_AFTER:
            save_snapshot(self._engine, store, self._snapshot)


def save_snapshot(engine: Saved, store: Store, snapshot: Path) -> None:
    """Save the index, and have the log keep the deletions that it does not know of yet. Does nothing while another
    process saves."""
    with _alone(snapshot) as alone:
        if alone:
            seq = engine.seq()
            engine.save(snapshot)
            store.follow("snapshot", seq)


@contextmanager
def _alone(snapshot: Path) -> Iterator[bool]:
    """Whether no other process saves the snapshot until the end of the block."""
    snapshot.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    with snapshot.with_suffix(".lock").open("w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            yield False
            return
        yield True

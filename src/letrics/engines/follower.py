"""Follower: a thread that applies the changes of the log to a target, such as the index of an engine."""

from __future__ import annotations

import logging
import math
import os
import socket
import sys
import threading
import time
import traceback
from collections.abc import Callable
from typing import Final, Protocol

from letrics.engines.base import EngineAway, EngineBroken
from letrics.engines.explained_engine import is_loading
from letrics.engines.follower_positions import PositionFile
from letrics.store.base import Position, Store, StoreAway, StoreRemoved, StoreReplaced

_log = logging.getLogger("letrics.follower")

_LONGEST_WAIT: Final = 2.0
"""Longest wait in seconds before a log that could not be read is tried again."""
_REPEATED_SECONDS: Final = 60.0
"""Seconds after which a failure that goes on is logged again."""
_SOON_SECONDS: Final = 0.02
"""Seconds between two looks at a log that has just changed: an import that waits for the servers writes the next batch
when they have applied the last."""
_BUSY_SECONDS: Final = 1.0
"""Seconds after a change in which the log counts as one that has just changed."""
_REGISTER: Final = 3600.0
"""Seconds between two reports of the follower's position to the log, which keeps the tombstones it still needs."""


class FollowerTarget(Protocol):
    """What a follower keeps up to date. Only its thread calls the methods, except `close`.

    `load` and `apply` may raise EngineAway, and are called again later.
    """

    def position(self) -> Position | None:
        """The position of the log up to which changes were applied; None until something was loaded."""
        ...

    def load(self, store: Store) -> bool:
        """Load what is saved or the whole log, unless the target is ready and follows this log. Returns whether it
        did. Later changes are left to `apply`."""
        ...

    def apply(self, store: Store) -> bool:
        """Apply the next changes of the log. Returns whether there were any."""
        ...

    def suspend(self) -> None:
        """Refuse searches until the next `load`: the log was replaced."""
        ...

    def close(self) -> None:
        """Have a call that runs in the follower's thread end soon. No call follows."""
        ...


class Follower:
    """Loads `target`, then applies changes of the log every `interval` seconds until it is stopped.

    `open_store` is called in the follower's thread, and again after the database was unavailable. If the database was
    removed or replaced, searches are refused until the target is loaded from the current one. `position_file` has the
    position of the target, for those that write the log.
    """

    def __init__(
        self, target: FollowerTarget, open_store: Callable[[], Store], interval: float = 0.2,
        position_file: PositionFile | None = None,
    ) -> None:  # fmt: skip
        self._target = target
        self._open_store = open_store
        self._interval = interval
        self._position_file = position_file
        self._stopping = threading.Event()
        self._thread = threading.Thread(target=self._run, name="follower", daemon=True)
        self._registered = -math.inf
        self._logged: tuple[str, float] = "", 0.0
        self._wait = interval
        self.failure: str | None = None
        """Why the log cannot be followed at present, or None."""
        self._error: Exception | None = None

    def start(self) -> None:
        """Start the thread."""
        # The thread that serves requests must not wait long for this one (the default is 5 ms).
        sys.setswitchinterval(0.0005)
        self._thread.start()

    def stop(self) -> None:
        """Stop the thread and close the target. Waits for the current slice of work."""
        self._stopping.set()
        self._target.close()
        if self._thread.is_alive():
            self._thread.join()
        if self._position_file is not None:
            self._position_file.remove()

    def why_loading(self) -> Exception:
        """Why the index is not loaded: what keeps it from being loaded, if anything does."""
        error = self._error
        if error is None or isinstance(error, StoreReplaced):
            return is_loading()
        if isinstance(error, StoreAway | EngineAway):
            return error.with_traceback(None)  # each request raises it again
        return EngineBroken(type(error).__name__)

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
        if self._stopping.is_set():
            return  # stopping interrupts what the target waits for
        self._error = error
        if isinstance(error, StoreReplaced):
            self._target.suspend()  # it was made from a file that is gone
            self._publish()
        if isinstance(error, StoreAway):
            self.failure = str(error)
            self._warn("the log is not available, trying again: %s", error)
        elif isinstance(error, EngineAway):
            self.failure = str(error)
            self._warn("the search engine is not available, trying again: %s", error)
        else:
            self.failure = f"{type(error).__name__}: {error}"
            _log.error("applying changes of the log failed, trying again", exc_info=error)
        _drop_frames(error)

    def _warn(self, message: str, error: Exception) -> None:
        """Log a failure, unless it was logged just before: it may occur at every attempt."""
        text, logged = self._logged
        if text != str(error) or time.monotonic() - logged >= _REPEATED_SECONDS:
            _log.warning(message, error)
            self._logged = str(error), time.monotonic()

    def _follow(self, store: Store) -> None:
        changed_at = -math.inf
        while not self._stopping.is_set():
            if self._target.load(store):
                self._registered = -math.inf
            self._error, self.failure, self._wait = None, None, self._interval
            changed = self._target.apply(store)
            self._publish()
            if changed:
                changed_at = time.monotonic()
                continue
            self._register(store)
            is_busy = time.monotonic() - changed_at < _BUSY_SECONDS
            self._stopping.wait(min(self._interval, _SOON_SECONDS) if is_busy else self._interval)

    def _publish(self) -> None:
        """Let those that write the log know how far it was applied."""
        position = self._target.position()
        if self._position_file is not None and position is not None:
            self._position_file.put(position.seq)
        elif self._position_file is not None:
            self._position_file.remove()

    def _register(self, store: Store) -> None:
        """Report the follower's position to the log once in a while."""
        position = self._target.position()
        if position is not None and time.monotonic() - self._registered > _REGISTER:
            store.follow(f"{socket.gethostname()}:{os.getpid()}", position.seq)
            self._registered = time.monotonic()


def _drop_frames(error: Exception) -> None:
    """Free the local variables of what failed, such as the index that was being loaded. The error is shown later."""
    each: BaseException | None = error
    while each is not None:
        traceback.clear_frames(each.__traceback__)
        each.__traceback__ = None
        each = each.__cause__ or each.__context__

"""Lease: which process feeds the indexes that all hosts search. Another one takes over when its holder has ended."""

from __future__ import annotations

import atexit
import logging
import os
import secrets
import socket
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final, Protocol

from letrics.engines.opensearch.names import IndexNames
from letrics.store.base import Store, StoreAway

_log = logging.getLogger("letrics.follower")


def lease_name(names: IndexNames) -> str:
    """The name of the lease of the indexes `names`."""
    return names.alias("dictionary")


class Lease(Protocol):
    """Permission to feed the indexes."""

    def start(self) -> None:
        """Begin to apply for the lease, unless that has begun, and wait for the first result."""
        ...

    def is_held(self) -> bool:
        """Whether this process has the lease now."""
        ...

    def close(self) -> None:
        """Give the lease up, so that another process can take it at once."""
        ...


@dataclass(frozen=True, slots=True)
class LeaseTimes:
    """Times of a lease, in seconds. Another host takes over at the latest after their sum."""

    lasts: float = 5.0
    """For which the lease is given. The holder may be stopped for less than that and stays the holder."""
    interval: float = 1.5
    """Between two calls of the database: the holder extends the lease, others apply for it."""


DEFAULT_TIMES: Final = LeaseTimes()


class LeaseKeeper:
    """Applies for the lease `name` and extends it, in a separate thread: a long batch must not lose it.

    If the database is away, the holder has the lease until it expires. Two holders at the same time, such as one that
    was stopped, do no harm: what they write has the seq of the log as its version.
    """

    def __init__(self, open_store: Callable[[], Store], name: str, times: LeaseTimes = DEFAULT_TIMES) -> None:
        self._open_store = open_store
        self._name = name
        self._times = times
        self._holder = f"{socket.gethostname()}:{os.getpid()}:{secrets.token_hex(4)}"
        self._expires = 0.0
        self._asked = threading.Event()
        self._stopping = threading.Event()
        self._lock = threading.Lock()
        self._thread: threading.Thread | None = None

    def start(self) -> None:
        """See Lease."""
        with self._lock:
            if self._thread is None and not self._stopping.is_set():
                self._thread = threading.Thread(target=self._run, name="lease", daemon=True)
                self._thread.start()
                atexit.register(self.close)  # commands end without closing their engine
        self._asked.wait(self._times.lasts)

    def is_held(self) -> bool:
        """See Lease."""
        return time.monotonic() < self._expires

    def close(self) -> None:
        """See Lease."""
        with self._lock:
            self._stopping.set()
            thread = self._thread
        if thread is not None:
            atexit.unregister(self.close)
            thread.join(self._times.lasts)  # the database may be locked for longer than the lease lasts

    def _run(self) -> None:
        store: Store | None = None
        while not self._stopping.is_set():
            try:
                store = store or self._open_store()
                self._apply(store)
            except Exception as error:  # a bug must not end the thread
                _log.log(
                    logging.WARNING if isinstance(error, StoreAway) else logging.ERROR,
                    "the lease of the search index cannot be extended, trying again: %s", error,
                )  # fmt: skip
                if store is not None:
                    store.close()
                    store = None
            self._asked.set()
            self._stopping.wait(self._times.interval)
        if store is not None:
            self._release(store)

    def _apply(self, store: Store) -> None:
        began = time.monotonic()
        held = store.acquire_lease(self._name, self._holder, self._times.lasts)
        self._expires = began + self._times.lasts if held else 0.0

    def _release(self, store: Store) -> None:
        self._expires = 0.0
        try:
            store.release_lease(self._name, self._holder)
        except StoreAway as error:
            _log.warning("the lease of the search index is not given up before it expires: %s", error)
        finally:
            store.close()

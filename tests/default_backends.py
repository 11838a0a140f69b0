"""The store and the engine of tests that need real ones and do not care which: those of the default settings."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager
from pathlib import Path

from letrics.backends import open_backends
from letrics.backends.base import FollowedEngine, StoreBackend
from letrics.backends.bitmap import rebuild_command
from letrics.backends.sqlite import SqliteBackend
from letrics.engines.bitmap.following.rebuilder import alone
from letrics.settings import Home, Settings
from letrics.store.base import Store
from letrics.store.sqlite import SqliteStore


def store_backend(path: Path) -> StoreBackend:
    """The back end of the store in the file at `path`."""
    return SqliteBackend(path)


def open_store(path: Path, create: bool = True) -> Store:
    """Open the store in the file at `path`, and create it if it is missing and `create` is true."""
    return store_backend(path).open(create)


def fast_store(path: Path, clock: Callable[[], str]) -> Store:
    """Open a store that does not wait for the disk. `clock` dates its changes."""
    store = SqliteStore.open(path, clock=clock)
    store._connection.pragma("synchronous", "OFF")
    return store


def loaded_engine(home: Path, store: Store) -> FollowedEngine:
    """An engine with the records of the store. It finds what is saved in `home`, and saves nothing."""
    made = open_backends(Home(home), Settings()).engine.make()
    made.load(store)
    return made


def rebuilding_command(home: Home) -> list[str]:
    """The command line of a process that rebuilds the saved index of `home`."""
    return rebuild_command(home)


def saving_index(home: Home) -> AbstractContextManager[bool]:
    """Hold what another process holds while it saves the index of `home`."""
    return alone(home.snapshot)

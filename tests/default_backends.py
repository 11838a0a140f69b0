"""The store and the engine of tests that need real ones and do not care which: those of the default settings."""

from __future__ import annotations

from pathlib import Path

from letrics.backends import open_backends
from letrics.backends.base import FollowedEngine
from letrics.backends.sqlite import SqliteBackend
from letrics.settings import Home, Settings
from letrics.store.base import Store


def open_store(path: Path, create: bool = True) -> Store:
    """Open the store in the file at `path`, and create it if it is missing and `create` is true."""
    return SqliteBackend(path).open(create)


def loaded_engine(home: Path, store: Store) -> FollowedEngine:
    """An engine with the records of the store. It finds what is saved in `home`, and saves nothing."""
    made = open_backends(Home(home), Settings()).engine.make()
    made.load(store)
    return made

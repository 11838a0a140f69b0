"""The log stores that the conformance suite runs against: one line each."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from letrics.store.base import Store
from letrics.store.sqlite import SqliteStore

Opener = Callable[[Path], Store]
"""Opens the log that belongs to a directory, creating it at first; a second call opens it once more."""

STORES: dict[str, Opener] = {
    "sqlite": lambda directory: SqliteStore.open(directory / "log.db"),
}

"""The stores that the suites run with. A back end joins by one line."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Final

from letrics.backends.base import StoreBackend
from letrics.backends.sqlite import SqliteBackend
from tests.naive.backend import NaiveStoreBackend

StoreMaker = Callable[[Path], StoreBackend]
"""Makes the back end of the log that belongs to a directory."""

STORES: Final[dict[str, StoreMaker]] = {
    "sqlite": lambda directory: SqliteBackend(directory / "letrics.db"),
    "naive": NaiveStoreBackend,
}

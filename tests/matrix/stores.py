"""The stores that the suites run with. A back end joins by one line."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Final

from letrics.backends.base import StoreBackend
from letrics.backends.postgres import PostgresBackend
from letrics.backends.sqlite import SqliteBackend
from tests.naive.backend import NaiveStoreBackend
from tests.servers.postgres import database_of

StoreMaker = Callable[[Path], StoreBackend]
"""Makes the back end of the log that belongs to a directory."""

STORES: Final[dict[str, StoreMaker]] = {
    "sqlite": lambda directory: SqliteBackend(directory / "letrics.db"),
    "postgres": lambda directory: PostgresBackend(database_of(directory), directory),
    "naive": NaiveStoreBackend,
}

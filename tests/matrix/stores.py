"""The stores that the suites run with. A back end joins by one line."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from itertools import count
from pathlib import Path
from typing import Final

from letrics.backends.base import StoreBackend
from letrics.backends.postgres import PostgresBackend
from letrics.backends.sqlite import SqliteBackend
from tests.matrix.databases import open_postgres
from tests.naive.backend import NaiveStoreBackend
from tests.servers.postgres import new_database

StoreMaker = Callable[[Path], StoreBackend]
"""Makes the back end of the log that belongs to a directory."""

_database: Final = cache(new_database)
"""The URL of the database in which each directory has a schema. Hundreds of databases would be 100,000 files."""
_numbers: Final = count(1)


@cache
def _schema_of(directory: Path) -> str:
    """The URL of the schema that belongs to a directory: a new one for the first call."""
    schema = f"log{next(_numbers)}"
    connection = open_postgres(_database(), 0)
    connection.run_script(f"CREATE SCHEMA {schema}")
    connection.close()
    return f"{_database()}?options=-csearch_path%3D{schema}"


STORES: Final[dict[str, StoreMaker]] = {
    "sqlite": lambda directory: SqliteBackend(directory / "letrics.db"),
    "postgres": lambda directory: PostgresBackend(_schema_of(directory), directory),
    "naive": NaiveStoreBackend,
}

"""A store in a new file, and its connection."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from letrics.store.connection import SqliteConnection
from letrics.store.sqlite import SqliteStore


@pytest.fixture
def store(tmp_path: Path) -> Iterator[SqliteStore]:
    with SqliteStore.open(tmp_path / "log.db") as store:
        yield store


@pytest.fixture
def connection(store: SqliteStore) -> SqliteConnection:
    return store._connection

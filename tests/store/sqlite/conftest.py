"""A store in a new file."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from letrics.store.sqlite import SqliteStore


@pytest.fixture
def store(tmp_path: Path) -> Any:
    with SqliteStore.open(tmp_path / "log.db") as store:
        yield store

"""The SQLite file of a home, as a back end."""

from __future__ import annotations

from pathlib import Path

import pytest

from letrics.backends.sqlite import SqliteBackend
from letrics.store.base import StoreAway


def test_store_exists_once_it_was_created(tmp_path: Path) -> None:
    backend = SqliteBackend(tmp_path / "letrics.db")
    with pytest.raises(StoreAway):
        backend.open()
    assert not backend.exists()
    backend.open(create=True).close()
    assert backend.exists()
    backend.open().close()

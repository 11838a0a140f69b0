"""The SQLite file of a home, as a back end."""

from __future__ import annotations

from pathlib import Path

import pytest

from letrics.backends.sqlite import SqliteBackend
from letrics.identity.patches import CompanyPatch
from letrics.store.base import StoreAway


def test_store_exists_once_it_was_created(tmp_path: Path) -> None:
    backend = SqliteBackend(tmp_path / "letrics.db")
    with pytest.raises(StoreAway):
        backend.open()
    assert not backend.exists()
    backend.open(create=True).close()
    assert backend.exists()
    backend.open().close()


def test_description_includes_the_write_ahead_log(tmp_path: Path) -> None:
    path = tmp_path / "letrics.db"
    backend = SqliteBackend(path)
    with backend.open(create=True) as store:
        store.put_companies([CompanyPatch(domain="a.example")])
        log = path.with_name("letrics.db-wal").stat()
        facts = backend.describe()
    assert facts.bytes > path.stat().st_size and facts.changed_ms >= int(log.st_mtime * 1000)

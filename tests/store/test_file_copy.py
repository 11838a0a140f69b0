"""Copies of SQLite files."""

from __future__ import annotations

import stat
from pathlib import Path

import pytest

from letrics.identity.patches import CompanyPatch
from letrics.store.base import StoreAway
from letrics.store.file_copy import DamagedCopy, copy_file
from tests.default_backends import open_store


def silent(_name: str, _done: int, _total: int) -> None:
    """Report nothing."""


def test_copy_of_an_open_store_has_its_records(tmp_path: Path) -> None:
    told: list[tuple[str, int, int]] = []
    with open_store(tmp_path / "letrics.db") as store:
        store.put_companies([CompanyPatch(domain="a.example")])
        copy_file(tmp_path / "letrics.db", tmp_path / "copy.db", lambda *progress: told.append(progress))
        store.put_companies([CompanyPatch(domain="b.example")])
    assert stat.S_IMODE((tmp_path / "copy.db").stat().st_mode) == 0o600
    assert told[-1][0] == "letrics.db" and told[-1][1] == told[-1][2] > 0
    with open_store(tmp_path / "copy.db") as copy:
        assert copy.counts().companies == 1 and copy.integrity() == []


def test_damaged_file_or_no_database_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "letrics.db"
    with open_store(path) as store:
        store.put_companies([CompanyPatch(domain=f"c{number}.example") for number in range(500)])
    damaged = bytearray(path.read_bytes())
    damaged[8192:16384] = b"\xff" * 8192
    path.write_bytes(damaged)
    with pytest.raises((DamagedCopy, StoreAway)):
        copy_file(path, tmp_path / "copy.db", silent)
    (tmp_path / "text.db").write_text("no database " * 99)
    with pytest.raises(StoreAway):
        copy_file(tmp_path / "text.db", tmp_path / "other.db", silent)

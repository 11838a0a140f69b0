"""Directories of dated backups."""

from __future__ import annotations

from pathlib import Path

import pytest

from letrics.backends.backup.manifest import NAME, UnusableBackup
from letrics.backends.backup.shelf import Shelf, find_backup
from letrics.store.base import StoreAway

TIMES = ("2026-01-02T030405Z", "2026-01-03T030405Z", "2026-01-03T030405Z-2")


@pytest.fixture
def shelf(tmp_path: Path) -> Shelf:
    """A shelf with three backups, and with others that are none."""
    for name in (*TIMES, "mine"):
        (tmp_path / name).mkdir()
        (tmp_path / name / NAME).touch()
    (tmp_path / "2026-01-04T030405Z").mkdir()
    (tmp_path / "unfinished").mkdir()
    return Shelf(tmp_path)


def test_newest_complete_backup_is_found(shelf: Shelf) -> None:
    assert [path.name for path in shelf.backups()] == list(TIMES)
    assert find_backup(shelf.path).name == TIMES[-1]
    assert find_backup(shelf.path / TIMES[0]).name == TIMES[0]


def test_directory_without_a_backup_is_refused(tmp_path: Path) -> None:
    with pytest.raises(UnusableBackup, match="letrics backup"):
        find_backup(tmp_path)


def test_delete_oldest_deletes_backups_alone(shelf: Shelf) -> None:
    assert [path.name for path in shelf.delete_oldest(1)] == list(TIMES[:2])
    left = {path.name for path in shelf.path.iterdir()}
    assert left == {TIMES[2], "mine", "2026-01-04T030405Z", "unfinished"}
    assert shelf.delete_oldest(1) == []


def test_name_that_is_taken_gets_a_number(shelf: Shelf) -> None:
    assert shelf.name_for("2026-01-03T03:04:05.678Z").name == "2026-01-03T030405Z-3"
    assert shelf.name_for("2026-01-05T03:04:05.678Z").name == "2026-01-05T030405Z"


def test_locked_shelf_refuses_another_process(tmp_path: Path) -> None:
    shelf = Shelf(tmp_path / "new")
    with shelf.locked(), pytest.raises(StoreAway, match="another process"), Shelf(shelf.path).locked():
        pass
    assert shelf.path.stat().st_mode & 0o777 == 0o700

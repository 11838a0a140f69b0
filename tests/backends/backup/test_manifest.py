"""The manifest of a backup, and what a damaged backup is reported as."""

from __future__ import annotations

from pathlib import Path

import msgspec
import pytest

from letrics.backends.backup.manifest import (
    NAME,
    Manifest,
    UnusableBackup,
    describe_file,
    read_manifest,
    verify_backup,
    write_manifest,
)


def silent(_name: str, _done: int, _total: int) -> None:
    """Report nothing."""


def written(directory: Path) -> Manifest:
    """A backup with one file."""
    (directory / "letrics.db").write_bytes(b"records")
    manifest = Manifest(
        letrics="1.0", made_at="2026-01-01T00:00:00.000Z", database="SQLite", log="a", change=3, companies=1,
        contacts=2, users=0, files={"letrics.db": describe_file(directory / "letrics.db", silent)},
    )  # fmt: skip
    write_manifest(directory, manifest)
    return manifest


def test_verified_manifest_is_the_written_one(tmp_path: Path) -> None:
    assert written(tmp_path) == verify_backup(tmp_path, silent)
    assert (tmp_path / NAME).stat().st_mode & 0o777 == 0o600


def test_copied_file_is_private_and_equal(tmp_path: Path) -> None:
    (tmp_path / "a").write_bytes(b"x" * 3_000_000)
    copied = describe_file(tmp_path / "a", silent, copy_to=tmp_path / "b")
    assert copied == describe_file(tmp_path / "b", silent)
    assert (tmp_path / "b").stat().st_mode & 0o777 == 0o600


def test_every_changed_byte_of_a_file_is_reported(tmp_path: Path) -> None:
    written(tmp_path)
    for place in range(7):
        data = bytearray(b"records")
        data[place] ^= 1
        (tmp_path / "letrics.db").write_bytes(data)
        with pytest.raises(UnusableBackup, match=r"letrics\.db is damaged"):
            verify_backup(tmp_path, silent)


@pytest.mark.parametrize(
    ("break_it", "words"),
    [
        (lambda path: (path / "letrics.db").unlink(), "is missing"),
        (lambda path: (path / "letrics.db").write_bytes(b"record"), "is damaged"),
        (lambda path: (path / "letrics.db-wal").write_bytes(b""), "not part of the backup"),
        (lambda path: (path / NAME).unlink(), "not a complete backup"),
        (lambda path: (path / NAME).write_bytes(b"{"), "is damaged"),
        (lambda path: (path / NAME).write_bytes(b"\xff"), "is damaged"),
    ],
)
def test_broken_backup_is_refused(tmp_path: Path, break_it: object, words: str) -> None:
    written(tmp_path)
    assert callable(break_it)
    break_it(tmp_path)
    with pytest.raises(UnusableBackup, match=words):
        verify_backup(tmp_path, silent)


@pytest.mark.parametrize(("changes", "words"), [({"format": 2}, "newer version"), ({"files": None}, "outside")])
def test_manifest_of_others_is_refused(tmp_path: Path, changes: dict[str, object], words: str) -> None:
    manifest = written(tmp_path)
    if changes.get("files", 0) is None:
        changes = {"files": {"../letrics.db": manifest.files["letrics.db"]}}
    write_manifest(tmp_path, msgspec.structs.replace(manifest, **changes))
    with pytest.raises(UnusableBackup, match=words):
        read_manifest(tmp_path)

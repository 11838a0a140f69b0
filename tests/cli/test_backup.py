"""`letrics backup`."""

from __future__ import annotations

import json
from pathlib import Path

from tests.cli.conftest import Run


def test_backup_prints_where_it_is_and_keeps_some(loaded: Run, tmp_path: Path) -> None:
    shelf = tmp_path / "backups"
    first = loaded("backup", shelf, store=None).stdout
    assert first.splitlines()[0].startswith(str(shelf)) and "4 companies, 4 contacts and 0 users" in first
    facts = json.loads(loaded("backup", shelf, "--keep", "1", "--json", store=None).stdout)
    assert facts["deleted"] == [first.splitlines()[0]] and facts["contacts"] == 4
    assert "verified: 4 companies" in loaded("backup", shelf, "--verify").stdout
    assert json.loads(loaded("backup", facts["backup"], "--verify", "--json").stdout)["ok"] is True


def test_damaged_backup_is_reported(loaded: Run, tmp_path: Path) -> None:
    shelf = tmp_path / "backups"
    older, made = (Path(json.loads(loaded("backup", shelf, "--json", store=None).stdout)["backup"]) for _ in range(2))
    data = bytearray((made / "letrics.db").read_bytes())
    data[5000] ^= 4
    (made / "letrics.db").write_bytes(data)
    for words in (("backup", shelf, "--verify"), ("restore", shelf), ("restore", shelf, "--dry-run")):
        error = loaded(*words, code=1).stderr
        assert "letrics.db is damaged" in error and f"use another backup. The one before is {older}\n" in error


def test_directory_without_a_backup_is_reported(loaded: Run, tmp_path: Path) -> None:
    assert "no complete backup" in loaded("backup", tmp_path, "--verify", code=1).stderr
    assert "use either of them" in loaded("backup", tmp_path, "--verify", "--keep", "1", code=2).stderr


def test_backup_in_the_data_directory_comes_with_a_warning(loaded: Run, home: Path, tmp_path: Path) -> None:
    (tmp_path / "link").symlink_to(home)
    for shelf, warns in ((home / "backups", True), (tmp_path / "link" / "more", True), (tmp_path / "backups", False)):
        assert ("would be lost together with it" in loaded("backup", shelf, store=None).stderr) == warns

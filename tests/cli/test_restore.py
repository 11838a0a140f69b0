"""`letrics restore`."""

from __future__ import annotations

import json
import shutil
import socket
from pathlib import Path

import pytest

from tests.cli.conftest import Run


@pytest.fixture
def shelf(loaded: Run, tmp_path: Path) -> Path:
    loaded("backup", tmp_path / "backups", store=None)
    return tmp_path / "backups"


def test_restored_home_goes_on(loaded: Run, shelf: Path, home: Path) -> None:
    shutil.rmtree(home)
    assert "nothing was restored" in loaded("restore", shelf, "--dry-run").stdout and not home.exists()
    assert "restored 4 companies and 4 contacts" in loaded("restore", shelf).stdout
    assert "agree on 4 companies and 4 contacts" in loaded("check").stdout
    assert len(json.loads(loaded("imports", "--json").stdout)) == 2


def test_data_needs_consent(loaded: Run, shelf: Path, home: Path) -> None:
    assert "add --replace" in loaded("restore", shelf, code=2).stderr
    assert "pass --yes" in loaded("restore", shelf, "--replace", code=2).stderr
    facts = json.loads(loaded("restore", shelf, "--replace", "--yes", "--json").stdout)
    assert (Path(facts["aside"]) / "letrics.db").exists() and facts["contacts"] == 4


def test_running_server_is_not_replaced(loaded: Run, shelf: Path, home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(home)  # the path of a socket is short
    with socket.socket(socket.AF_UNIX) as server:
        server.bind("engine.sock")
        server.listen()
        assert "stop all servers first" in loaded("restore", shelf, "--replace", "--yes", code=2).stderr


def test_server_does_not_start_before_a_restore_is_complete(loaded: Run, home: Path) -> None:
    (home / ".restoring").write_text("the log and change of a backup")
    assert "a restore was interrupted: run `letrics restore`" in loaded("serve", code=3).stderr


def test_directory_without_a_backup_is_refused(run: Run, tmp_path: Path, home: Path) -> None:
    assert "no complete backup" in run("restore", tmp_path, code=1).stderr
    assert not home.exists()

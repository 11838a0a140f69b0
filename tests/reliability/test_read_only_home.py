"""A home that this user cannot write is read by commands, and refuses changes with a reason."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from letrics.identity.patches import CompanyPatch
from tests.default_backends import open_store
from tests.reliability.running import environment


@pytest.fixture
def home(tmp_path: Path) -> Iterator[Path]:
    """A home with a company, of which nothing can be written."""
    made = tmp_path / "home"
    made.mkdir()
    with open_store(made / "letrics.db") as store:
        store.put_companies([CompanyPatch(domain="acme.example")])
    (made / "letrics.db").chmod(0o400)
    made.chmod(0o500)
    yield made
    made.chmod(0o700)


def run(home: Path, *words: str) -> subprocess.CompletedProcess[str]:
    """Run a command without the right of root to write everything."""
    command = [sys.executable, "-m", "letrics.cli", "--home", str(home), *words]
    if os.geteuid() == 0:
        setpriv = shutil.which("setpriv")
        if setpriv is None:
            pytest.skip("root writes everywhere, and there is no setpriv (util-linux) to take that right away")
        command = [setpriv, "--bounding-set=-dac_override,-dac_read_search", "--inh-caps=-all", *command]
    return subprocess.run(command, env=environment(), capture_output=True, text=True, check=False)


def test_read_only_home_is_read_and_not_changed(home: Path) -> None:
    status = run(home, "status", "--json")
    assert status.returncode == 0, status.stderr
    assert json.loads(status.stdout)["companies"] == 1
    deleted = run(home, "delete", "companies", "acme.example", "--yes")
    assert (deleted.returncode, "read-only" in deleted.stderr) == (3, True), deleted.stderr


def test_read_only_home_with_a_log_is_refused(home: Path) -> None:
    home.chmod(0o700)
    (home / "letrics.db-wal").write_bytes(b"changes")
    home.chmod(0o500)
    status = run(home, "status")
    assert (status.returncode, "letrics.db-wal" in status.stderr) == (3, True), status.stderr

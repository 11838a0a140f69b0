"""The script of docs/backup.md, run as it is written but for its paths, while another process writes."""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
import textwrap
import threading
from pathlib import Path

import pytest
from click.testing import CliRunner

from letrics.accounts.database import AccountsDatabase
from letrics.accounts.users import Users
from letrics.cli import cli
from letrics.identity.patches import CompanyPatch
from letrics.settings import Home
from tests.default_backends import open_store

PAGE = Path(__file__).parents[2] / "docs" / "backup.md"


def documented_script(home: Path, backups: Path) -> str:
    (script,) = re.findall(
        r"sudo tee /usr/local/sbin/letrics-backup .*?\n(.*?)\n    END\n", PAGE.read_text("utf-8"), re.DOTALL
    )
    text = textwrap.dedent(script)
    for documented, here in (
        ("/var/lib/letrics", str(home)),
        ("/var/backups/letrics", str(backups)),
        ("/opt/letrics/bin/letrics", f"{sys.executable} -m letrics.cli"),
    ):
        assert documented in text
        text = text.replace(documented, here)
    return text


@pytest.fixture
def home(tmp_path: Path) -> Home:
    made = Home(tmp_path / "home").make()
    with open_store(made.database) as store:
        store.put_companies([CompanyPatch(domain=f"c{n}.example", description="x" * 2000) for n in range(5000)])
    with AccountsDatabase(made.accounts) as accounts:
        Users(accounts).add("ann@people.example")
    return made


def test_backup_script_copies_while_another_writes(home: Home, tmp_path: Path) -> None:
    if shutil.which("sqlite3") is None:
        pytest.skip("there is no sqlite3 here, which the documented backup needs")
    backups = tmp_path / "backups"
    backups.mkdir()
    script = documented_script(home.path, backups)
    stop = threading.Event()

    def write() -> None:
        with open_store(home.database) as store:
            number = 0
            while not stop.is_set():
                number += 1
                store.put_companies([CompanyPatch(domain="c1.example", name=f"Name {number}")])

    writer = threading.Thread(target=write)
    writer.start()
    try:
        done = subprocess.run(["sh", "-c", script], capture_output=True, text=True, timeout=120, check=False)
    finally:
        stop.set()
        writer.join()
    assert done.returncode == 0, done.stderr
    said, copy = done.stdout.splitlines()
    assert said == "store and index agree on 5,000 companies and 0 contacts"
    users = CliRunner().invoke(cli, ["--home", copy, "user", "list"])
    assert "ann@people.example" in users.output

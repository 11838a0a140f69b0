"""The commands of docs/backup.md, run as they are written but for their paths, while another process writes."""

from __future__ import annotations

import re
import shlex
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
SHELF = "/var/backups/letrics"


def documented(command: str) -> list[str]:
    """The words of the first documented command that begins like this."""
    found = re.search(rf"^    letrics ({command}.*)$", PAGE.read_text("utf-8"), re.MULTILINE)
    assert found is not None
    return shlex.split(found[1])


@pytest.fixture
def home(tmp_path: Path) -> Home:
    made = Home(tmp_path / "home").make()
    with open_store(made.database) as store:
        store.put_companies([CompanyPatch(domain=f"c{n}.example", description="x" * 2000) for n in range(5000)])
    with AccountsDatabase(made.accounts) as accounts:
        Users(accounts).add("ann@people.example")
    return made


def run(home: Path, shelf: Path, words: list[str]) -> str:
    words = [str(shelf) if word == SHELF else word for word in words]
    done = CliRunner().invoke(cli, ["--home", str(home), *words])
    assert done.exit_code == 0, done.output
    return done.stdout


def test_backup_commands_copy_while_another_writes(home: Home, tmp_path: Path) -> None:
    stop, shelf = threading.Event(), tmp_path / "backups"

    def write() -> None:
        with open_store(home.database) as store:
            number = 0
            while not stop.is_set():
                number += 1
                store.put_companies([CompanyPatch(domain="c1.example", name=f"Name {number}")])

    writer = threading.Thread(target=write)
    writer.start()
    try:
        made = run(home.path, shelf, documented("backup"))
    finally:
        stop.set()
        writer.join()
    assert "5,000 companies, 0 contacts and 1 user" in made and "the backup is equal to the database" in made
    assert "verified: 5,000" in run(home.path, shelf, documented("backup .* --verify"))
    assert "restored 5,000 companies" in run(tmp_path / "new", shelf, ["restore", SHELF])
    assert "ann@people.example" in run(tmp_path / "new", shelf, ["user", "list"])

"""Backups are made while others write, continued after an interruption, and have nothing of erased records."""

from __future__ import annotations

import threading
from pathlib import Path

import pytest

from letrics.accounts.database import AccountsDatabase
from letrics.accounts.users import Users
from letrics.backends import open_backends
from letrics.backends.backup.making import make_backup
from letrics.backends.backup.manifest import verify_backup
from letrics.backends.backup.shelf import Shelf
from letrics.identity.patches import CompanyPatch
from letrics.settings import Home, Settings
from tests.default_backends import open_store

COMPANIES = 20_001
"""More than are copied in one part."""


class Killed(BaseException):
    """The process ends here."""


def silent(_name: str, _done: int, _total: int) -> None:
    """Report nothing."""


def killed_after_a_part(table: str, done: int, total: int) -> None:
    if table == "company" and 0 < done < total:
        raise Killed


@pytest.fixture
def home(tmp_path: Path) -> Home:
    made = Home(tmp_path / "home").make()
    with open_store(made.database) as store:
        store.put_companies([CompanyPatch(domain=f"c{n}.example") for n in range(COMPANIES)])
    with AccountsDatabase(made.accounts) as accounts:
        Users(accounts).add("ann@people.example")
    return made


def test_backup_is_of_one_moment_while_others_write(home: Home, tmp_path: Path) -> None:
    stop = threading.Event()

    def write() -> None:
        with open_store(home.database) as store:
            number = 0
            while not stop.is_set():
                number += 1
                names = [CompanyPatch(domain=f"c{n}.example", name=f"Name {number}") for n in (1, COMPANIES - 1)]
                store.put_companies(names)

    writer = threading.Thread(target=write)
    writer.start()
    try:
        made = make_backup(home, open_backends(home, Settings()), tmp_path / "b", silent)
    finally:
        stop.set()
        writer.join()
    assert verify_backup(made.path, silent) == made.manifest
    assert (made.manifest.companies, made.manifest.users) == (COMPANIES, 1)
    with open_store(made.path / "letrics.db") as copy:
        assert copy.integrity() == []
        first, last = (copy.find("companies", f"c{n}.example") for n in (1, COMPANIES - 1))
        assert first is not None and last is not None
        assert first.document.partition(b'"name":')[2][:12] == last.document.partition(b'"name":')[2][:12]


def test_interrupted_backup_is_continued_without_erased(home: Home, tmp_path: Path) -> None:
    backends = open_backends(home, Settings())
    with pytest.raises(Killed):
        make_backup(home, backends, tmp_path / "b", killed_after_a_part)
    assert Shelf(tmp_path / "b").backups() == []
    with open_store(home.database) as store:
        store.delete("companies", [3])
        store.put_companies([CompanyPatch(domain="new.example", name="New")])
    made = make_backup(home, backends, tmp_path / "b", silent)
    assert made.continued and made.manifest.companies == COMPANIES
    assert b"c3.example" not in (made.path / "letrics.db").read_bytes()
    with open_store(made.path / "letrics.db") as copy:
        assert copy.integrity() == []
        assert copy.find("companies", "c3.example") is None
        assert copy.find("companies", "new.example") is not None


def test_unfinished_backup_of_another_home_is_replaced(home: Home, tmp_path: Path) -> None:
    with pytest.raises(Killed):
        make_backup(home, open_backends(home, Settings()), tmp_path / "b", killed_after_a_part)
    other = Home(tmp_path / "other").make()
    with open_store(other.database) as store:
        store.put_companies([CompanyPatch(domain="other.example")])
    made = make_backup(other, open_backends(other, Settings()), tmp_path / "b", silent, keep=1)
    assert (made.manifest.companies, made.manifest.users, made.continued) == (1, 0, False)
    assert [path.name for path in made.path.iterdir() if path.name == "accounts.db"] == []


def test_files_of_a_backup_are_private_and_complete(home: Home, tmp_path: Path) -> None:
    made = make_backup(home, open_backends(home, Settings()), tmp_path / "b", silent)
    assert {path.name: path.stat().st_mode & 0o777 for path in made.path.iterdir()} == dict.fromkeys(
        ("accounts.db", "letrics.db", "manifest.json"), 0o600
    )
    assert made.path.stat().st_mode & 0o777 == 0o700

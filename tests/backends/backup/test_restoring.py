"""Restoring into files and into PostgreSQL, also after an interruption, and never over data without consent."""

from __future__ import annotations

from pathlib import Path
from typing import Final

import pytest

from letrics.accounts.database import AccountsDatabase
from letrics.accounts.users import Users
from letrics.backends import HomeBackends, open_backends
from letrics.backends.backup import restoring
from letrics.backends.backup.making import MadeBackup, make_backup
from letrics.backends.backup.restoring import Occupied, _forget_again, find_occupied, restore_backup
from letrics.identity.patches import CompanyPatch, ContactPatch
from letrics.records import Email
from letrics.settings import Home, Settings
from letrics.store.base import Store
from letrics.store.copying.copier import CannotCopy
from tests.default_backends import open_store
from tests.servers.postgres import missing, new_database

COMPANIES: Final = 20_001
"""More than are copied in one part."""


class Killed(BaseException):
    """The process ends here."""


def silent(_name: str, _done: int, _total: int) -> None:
    """Report nothing."""


def killed_after_a_part(table: str, done: int, total: int) -> None:
    if table == "company" and 0 < done < total:
        raise Killed


@pytest.fixture
def made(tmp_path: Path) -> MadeBackup:
    home = Home(tmp_path / "home").make()
    with open_store(home.database) as store:
        store.put_companies([CompanyPatch(domain=f"c{n}.example") for n in range(COMPANIES)])
    with AccountsDatabase(home.accounts) as accounts:
        Users(accounts).add("ann@people.example")
    (home.path / "letrics.toml").write_text("port = 8123\n")
    return make_backup(home, open_backends(home, Settings()), tmp_path / "b", silent)


@pytest.fixture(params=["sqlite", "postgres"])
def place(request: pytest.FixtureRequest, tmp_path: Path) -> tuple[Home, HomeBackends]:
    """An empty home with either database."""
    home = Home(tmp_path / "restored")
    if request.param == "sqlite":
        return home, open_backends(home, Settings())
    if missing() is not None:
        pytest.skip(str(missing()))
    return home, open_backends(home, Settings(database=new_database()))


def check(store: Store, users: HomeBackends, made: MadeBackup) -> None:
    with store:
        assert store.integrity() == []
        assert store.position().seq == made.manifest.change
        assert store.counts().companies == COMPANIES
    with users.accounts.open() as accounts:
        assert [user.email for user in Users(accounts).all()] == ["ann@people.example"]


def test_backup_is_restored_with_users_and_settings(place: tuple[Home, HomeBackends], made: MadeBackup) -> None:
    home, backends = place
    done = restore_backup(home, backends, made.path, made.manifest, silent, replace=False)
    assert (done.aside, done.settings) == (None, True)
    check(backends.store.open(), backends, made)
    left = {path.name for path in home.path.iterdir()} - {"letrics.db", "accounts.db"}
    assert left == {"letrics.toml"}


def test_data_is_replaced_only_on_request(place: tuple[Home, HomeBackends], made: MadeBackup) -> None:
    home, backends = place
    home.make()
    with backends.store.open(create=True) as store:
        store.put_companies([CompanyPatch(domain="old.example")])
    with backends.accounts.open(create=True) as accounts:
        Users(accounts).add("bob@people.example")
    assert find_occupied(home, backends, made.manifest) in (Occupied(1, 0, 1), Occupied(None, None, None))
    with pytest.raises(CannotCopy, match="has data already"):
        restore_backup(home, backends, made.path, made.manifest, silent, replace=False)
    done = restore_backup(home, backends, made.path, made.manifest, silent, replace=True)
    check(backends.store.open(), backends, made)
    assert done.aside is not None
    with open_store(done.aside / "letrics.db") as former:
        assert former.find("companies", "old.example") is not None


PEOPLE: Final = [
    ContactPatch(company="a.example", emails=(Email(f"{name}@a.example", "personal"),), full_name=f"{name} Roe")
    for name in ("ann", "bob", "cy")
]


@pytest.fixture
def older(place: tuple[Home, HomeBackends], tmp_path: Path) -> MadeBackup:
    """A backup of the place with three people, of whom the first was forgotten since."""
    home, backends = place
    home.make()
    with backends.store.open(create=True) as store:
        store.put_contacts(PEOPLE)
    made = make_backup(home, backends, tmp_path / "b", silent)
    with backends.store.open() as store:
        store.forget(store.find_people("ann@a.example"))
    return made


def check_forgotten(backends: HomeBackends, people: int) -> None:
    with backends.store.open() as store:
        assert store.counts().contacts == len(PEOPLE) - people
        assert store.put_contacts(PEOPLE).forgotten == people
        assert store.integrity() == []


def test_people_forgotten_since_the_backup_stay_forgotten(
    place: tuple[Home, HomeBackends], older: MadeBackup
) -> None:  # fmt: skip
    home, backends = place
    done = restore_backup(home, backends, older.path, older.manifest, silent, replace=True)
    assert done.forgotten == 1
    check_forgotten(backends, 1)


def test_people_forgotten_since_a_failed_restore_stay_forgotten(
    place: tuple[Home, HomeBackends], older: MadeBackup
) -> None:  # fmt: skip
    home, backends = place
    with pytest.raises(CannotCopy):
        restore_backup(home, backends, older.path, older.manifest, silent, replace=False)
    with backends.store.open() as store:
        store.forget(store.find_people("bob@a.example"))
    restore_backup(home, backends, older.path, older.manifest, silent, replace=True)
    check_forgotten(backends, 2)


def test_restore_killed_at_its_end_is_continued_without_the_forgotten(
    place: tuple[Home, HomeBackends], older: MadeBackup, monkeypatch: pytest.MonkeyPatch
) -> None:  # fmt: skip
    home, backends = place

    def forget_and_end(*given: object) -> int:
        _forget_again(*given)  # type: ignore[arg-type]
        raise Killed

    with monkeypatch.context() as patched:
        patched.setattr(restoring, "_forget_again", forget_and_end)
        with pytest.raises(Killed):
            restore_backup(home, backends, older.path, older.manifest, silent, replace=True)
    restore_backup(home, backends, older.path, older.manifest, silent, replace=True)
    check_forgotten(backends, 1)


def test_damaged_data_is_replaced(tmp_path: Path, made: MadeBackup) -> None:
    home = Home(tmp_path / "restored").make()
    home.database.write_bytes(b"SQLite format 3\0 and nothing else")
    backends = open_backends(home, Settings())
    done = restore_backup(home, backends, made.path, made.manifest, silent, replace=True)
    assert done.forgotten is None
    check(backends.store.open(), backends, made)


def test_interrupted_restore_is_continued(tmp_path: Path, made: MadeBackup) -> None:
    if missing() is not None:
        pytest.skip(str(missing()))
    home = Home(tmp_path / "restored")
    backends = open_backends(home, Settings(database=new_database()))
    with pytest.raises(Killed):
        restore_backup(home, backends, made.path, made.manifest, killed_after_a_part, replace=False)
    assert find_occupied(home, backends, made.manifest) is None
    restore_backup(home, backends, made.path, made.manifest, silent, replace=False)
    check(backends.store.open(), backends, made)


def test_write_ahead_log_of_another_database_is_not_used(tmp_path: Path, made: MadeBackup) -> None:
    home = Home(tmp_path / "restored").make()
    (home.path / "letrics.db-wal").write_bytes(b"of another database")
    backends = open_backends(home, Settings())
    done = restore_backup(home, backends, made.path, made.manifest, silent, replace=False)
    assert done.aside is not None and (done.aside / "letrics.db-wal").exists()
    check(backends.store.open(), backends, made)


def test_restore_does_not_change_the_backup(place: tuple[Home, HomeBackends], made: MadeBackup) -> None:
    before = {path.name: path.read_bytes() for path in made.path.iterdir()}
    restore_backup(*place, made.path, made.manifest, silent, replace=False)
    assert {path.name: path.read_bytes() for path in made.path.iterdir()} == before

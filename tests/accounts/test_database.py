"""An accounts database whose file is removed or replaced while a server is running."""

from __future__ import annotations

import stat
from collections.abc import Iterator
from functools import partial
from pathlib import Path

import pytest

from letrics.accounts.database import AccountsDatabase
from letrics.accounts.last_used import LastUsed
from letrics.accounts.tokens import Tokens
from letrics.accounts.users import Users
from letrics.accounts.verifier import CHECK_SECONDS, Verifier
from letrics.errors import LetricsError
from letrics.store.base import StoreAway


class Clock:
    def __init__(self) -> None:
        self.seconds = 0.0

    def __call__(self) -> float:
        self.seconds += CHECK_SECONDS
        return self.seconds


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "accounts.db"


@pytest.fixture
def verifier(path: Path) -> Iterator[Verifier]:
    with AccountsDatabase(path) as database:
        yield Verifier(database, steady=Clock())


def token(path: Path) -> str:
    with AccountsDatabase(path) as database:
        Users(database).add("ann@people.example")
        return Tokens(database).create("ann@people.example", "reading")[0]


def test_tokens_of_a_removed_file_are_not_honoured(verifier: Verifier, path: Path, tmp_path: Path) -> None:
    secret = token(path)
    verifier.verify(secret)
    path.rename(tmp_path / "away.db")
    for _ in range(2):
        with pytest.raises(StoreAway):
            verifier.verify(secret)
    with pytest.raises(StoreAway):
        verifier.check()
    noted = LastUsed(partial(AccountsDatabase, path, create=False))
    noted.note(1, 10**12)
    assert noted.flush() == 0
    assert not path.exists()
    (tmp_path / "away.db").rename(path)
    verifier.verify(secret)


def test_tokens_are_those_of_a_file_put_in_its_place(verifier: Verifier, path: Path, tmp_path: Path) -> None:
    old, new = token(path), token(tmp_path / "other.db")
    verifier.verify(old)
    (tmp_path / "other.db").replace(path)
    verifier.verify(new)
    with pytest.raises(LetricsError, match="unknown"):
        verifier.verify(old)
    with AccountsDatabase(path, create=False) as database:
        assert database.connection.pragma("integrity_check") == "ok"


def test_the_file_is_its_owners_alone(path: Path, tmp_path: Path) -> None:
    with AccountsDatabase(path) as accounts:
        Users(accounts).add("ann@people.example")
    for file in tmp_path.iterdir():
        assert stat.S_IMODE(file.stat().st_mode) == 0o600, file

"""Accounts in the files of a home, as a back end."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest

from letrics.accounts.last_used import LastUsed
from letrics.accounts.tokens import Tokens
from letrics.accounts.users import Users
from letrics.backends.file_accounts import FileAccounts
from letrics.settings import Home
from letrics.store.base import StoreAway

ANN = "ann@people.example"


def test_accounts_exist_once_they_were_created(tmp_path: Path) -> None:
    backend = FileAccounts(Home(tmp_path))
    with pytest.raises(StoreAway):
        backend.open()
    assert not backend.exists()
    backend.open(create=True).close()
    assert backend.exists()


def test_authenticator_finds_the_holder_of_a_token(tmp_path: Path) -> None:
    backend = FileAccounts(Home(tmp_path))
    with backend.open(create=True) as accounts:
        Users(accounts).add(ANN)
        secret, token = Tokens(accounts).create(ANN, "x")
    authenticator = backend.open_authenticator(LastUsed(backend.open))
    assert asyncio.run(authenticator.verify(secret)).token_id == token.id
    authenticator.close()


def test_requests_are_stored_in_the_home(tmp_path: Path) -> None:
    requests = FileAccounts(Home(tmp_path)).open_requests()
    requests.begin(b"k", b"h")
    requests.close()
    assert Home(tmp_path).idempotency.exists()

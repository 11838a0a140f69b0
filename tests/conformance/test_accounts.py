"""What every back end of accounts does."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest

from letrics.accounts.last_used import LastUsed
from letrics.accounts.tokens import Tokens
from letrics.accounts.users import Users
from letrics.backends.base import AccountsBackend
from letrics.store.base import StoreAway
from tests.matrix.accounts import ACCOUNTS

ANN = "ann@people.example"


@pytest.fixture(params=ACCOUNTS)
def backend(request: pytest.FixtureRequest, tmp_path: Path) -> AccountsBackend:
    return ACCOUNTS[request.param](tmp_path)


def test_accounts_exist_once_they_were_created(backend: AccountsBackend) -> None:
    assert not backend.exists()
    with pytest.raises(StoreAway):
        backend.open()
    assert not backend.exists()
    backend.open(create=True).close()
    assert backend.exists()
    with backend.open() as accounts:
        assert not Users(accounts).exist()


def test_authenticator_finds_the_holder_of_a_token(backend: AccountsBackend) -> None:
    with backend.open(create=True) as accounts:
        Users(accounts).add(ANN)
        secret, token = Tokens(accounts).create(ANN, "x")
    authenticator = backend.open_authenticator(LastUsed(backend.open))
    assert asyncio.run(authenticator.verify(secret)).token_id == token.id
    authenticator.close()

"""The account of the caller: email and token."""

from __future__ import annotations

import pytest

from letrics.accounts.account import Account, OwnToken, read_account
from letrics.accounts.base import Accounts
from letrics.accounts.database import now_ms
from letrics.accounts.principal import Principal, Scope
from letrics.accounts.tokens import Tokens, UnknownToken
from letrics.accounts.users import UnknownUser, Users

ANN = "ann@people.example"
READ: frozenset[Scope] = frozenset({"read"})


def test_read_account_of_a_token_has_its_metadata(users: Users, accounts: Accounts) -> None:
    users.add(ANN)
    secret, token = Tokens(accounts).create(ANN, "laptop", ["read", "write"], now_ms() + 60_000)
    account = read_account(accounts, Principal(1, token.id, READ))
    own = OwnToken(token.id, "laptop", ("read", "write"), secret[-4:], token.created_at, token.expires_at)
    assert account == Account(ANN, own)


def test_read_account_of_a_session_has_no_token(users: Users, accounts: Accounts) -> None:
    users.add(ANN)
    assert read_account(accounts, Principal(1, 0, READ)) == Account(ANN, None)


def test_read_account_of_a_deleted_user_or_token_raises(users: Users, accounts: Accounts) -> None:
    with pytest.raises(UnknownUser):
        read_account(accounts, Principal(1, 0, READ))
    users.add(ANN)
    with pytest.raises(UnknownToken):
        read_account(accounts, Principal(1, 9, READ))

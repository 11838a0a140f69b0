"""API tokens: creating, listing and revoking them."""

from __future__ import annotations

from pathlib import Path

import pytest

from letrics.accounts.base import Accounts
from letrics.accounts.database import now_ms
from letrics.accounts.tokens import Tokens, UnknownToken
from letrics.accounts.users import UnknownUser, Users


class TestTokens:
    def test_the_secret_is_not_kept(self, users: Users, accounts: Accounts, tmp_path: Path) -> None:
        users.add("ann@people.example")
        secret, token = Tokens(accounts).create("ann@people.example", " laptop ", ["write", "write"])
        assert (token.name, token.scopes, token.last_four) == ("laptop", ("write",), secret[-4:])
        assert (token.expires_at, token.last_used_at, token.revoked_at) == (None, None, None)
        for file in tmp_path.iterdir():
            assert secret.encode() not in file.read_bytes()

    @pytest.mark.parametrize("name", ["", "  ", "x" * 101, "a\nb"])
    def test_names_that_cannot_be(self, users: Users, accounts: Accounts, name: str) -> None:
        users.add("ann@people.example")
        with pytest.raises(ValueError, match="name"):
            Tokens(accounts).create("ann@people.example", name)

    def test_other_things_that_cannot_be(self, users: Users, accounts: Accounts) -> None:
        tokens = Tokens(accounts)
        with pytest.raises(UnknownUser):
            tokens.create("ann@people.example", "x")
        users.add("ann@people.example")
        with pytest.raises(ValueError, match="scope"):
            tokens.create("ann@people.example", "x", [])
        with pytest.raises(ValueError, match="future"):
            tokens.create("ann@people.example", "x", expires_ms=now_ms() - 1)
        with pytest.raises(UnknownToken):
            tokens.revoke(1)
        assert tokens.all() == []

    def test_revoking_twice_keeps_the_first_time(self, users: Users, accounts: Accounts) -> None:
        users.add("ann@people.example")
        tokens = Tokens(accounts)
        _, token = tokens.create("ann@people.example", "x")
        first = tokens.revoke(token.id)
        assert first.revoked_at is not None
        assert tokens.revoke(token.id) == first
        assert tokens.all() == [first]

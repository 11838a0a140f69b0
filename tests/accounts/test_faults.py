"""Malformed accounts are reported with their id."""

from __future__ import annotations

from pathlib import Path

from letrics.accounts.database import AccountsDatabase
from letrics.accounts.tokens import Tokens
from letrics.accounts.users import Users


def test_malformed_users_and_tokens_are_named(tmp_path: Path) -> None:
    with AccountsDatabase(tmp_path / "accounts.db") as accounts:
        Users(accounts).add("ann@people.example")
        Tokens(accounts).create("ann@people.example", "crm", ["read"])
        assert accounts.faults() == []
        accounts.connection.execute("PRAGMA ignore_check_constraints = ON")
        accounts.connection.execute("UPDATE \"user\" SET email = 'ann'")
        accounts.connection.execute("UPDATE token SET digest = x'00'")
        found = accounts.faults()
    assert any(words.startswith("user 1 has a malformed") for words in found)
    assert any(words.startswith("token 1 has a malformed") for words in found)

"""When tokens were last used: written at most once a minute."""

from __future__ import annotations

from pathlib import Path

from letrics.accounts.base import Accounts
from letrics.accounts.database import AccountsDatabase, now_ms
from letrics.accounts.last_used import INTERVAL_MS, LastUsed
from letrics.accounts.tokens import Tokens
from letrics.accounts.users import Users
from tests.accounts.conftest import OpenDatabase


class TestLastUsed:
    def test_written_at_most_once_a_minute(self, accounts: Accounts, open_accounts: OpenDatabase) -> None:
        Users(accounts).add("ann@people.example")
        token = Tokens(accounts).create("ann@people.example", "x")[1].id
        used, other = LastUsed(open_accounts), LastUsed(open_accounts)
        start = now_ms()
        assert used.flush() == 0
        used.note(token, start)
        used.note(token, start + 5)
        assert used.flush() == 1
        first = Tokens(accounts).get(token).last_used_at
        assert first is not None
        used.note(token, start + INTERVAL_MS)
        assert used.flush() == 0
        other.note(token, start + 10)
        assert other.flush() == 0, "another process wrote within the minute"
        assert Tokens(accounts).get(token).last_used_at == first
        used.note(token, start + 5 + INTERVAL_MS)
        assert used.flush() == 1

    def test_a_database_that_is_away_costs_nothing(self, tmp_path: Path) -> None:
        path = tmp_path / "missing" / "accounts.db"
        used = LastUsed(lambda: AccountsDatabase(path, create=False))
        used.note(1, now_ms())
        assert used.flush() == 0
        (tmp_path / "missing").mkdir()
        assert used.flush() == 0, "there is no such token to write"

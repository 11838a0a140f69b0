"""The users of an accounts database."""

from __future__ import annotations

import pytest

from letrics.accounts.database import AccountsDatabase
from letrics.accounts.users import Users


@pytest.fixture
def users(accounts: AccountsDatabase) -> Users:
    return Users(accounts)

"""Databases of accounts: a SQLite file, and PostgreSQL."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import cache
from pathlib import Path

import pytest

from letrics.accounts.account_tables import ACCOUNTS
from letrics.accounts.base import Accounts
from letrics.accounts.database import AccountsDatabase
from letrics.accounts.shared_database import SharedAccounts
from letrics.accounts.users import Users
from tests.matrix.databases import open_postgres
from tests.office import ADA, BOB, CHEAP_HASHER, EDI, PASSWORD
from tests.servers.postgres import new_database

OpenDatabase = Callable[[], Accounts]
TABLES = ('"user"', *(table.name for table in ACCOUNTS if table.name != "user"))
_shared = cache(new_database)


def empty_database() -> str:
    """The URL of a database that the tests share, without accounts: emptying one is cheaper than creating one."""
    with SharedAccounts(open_postgres(_shared(), 2)) as database:
        database.connection.run_script(f"TRUNCATE {', '.join(TABLES)} RESTART IDENTITY")
    return _shared()


@pytest.fixture(params=["sqlite", "postgres"])
def open_accounts(request: pytest.FixtureRequest, tmp_path: Path) -> OpenDatabase:
    """Opens another connection to the database of the test, as another process does."""
    if request.param == "sqlite":
        return lambda: AccountsDatabase(tmp_path / "accounts.db", hasher=CHEAP_HASHER)
    url = empty_database()
    return lambda: SharedAccounts(open_postgres(url, 2), CHEAP_HASHER)


@pytest.fixture
def accounts(open_accounts: OpenDatabase) -> Iterator[Accounts]:
    """A new database of accounts."""
    with open_accounts() as database:
        yield database


@pytest.fixture
def elsewhere(accounts: Accounts, open_accounts: OpenDatabase) -> Iterator[Accounts]:
    """Another connection to the database of accounts, as in another process."""
    with open_accounts() as database:
        yield database


@pytest.fixture
def users(accounts: Accounts) -> Users:
    """The users of the database."""
    return Users(accounts)


@pytest.fixture
def team(accounts: Accounts) -> Accounts:
    """The database with an admin, ada, a viewer, bob, and an editor, edi."""
    users = Users(accounts)
    users.add(ADA, role="admin", password=PASSWORD)
    users.add(BOB, role="viewer", password=PASSWORD)
    users.add(EDI, role="editor", password=PASSWORD)
    return accounts

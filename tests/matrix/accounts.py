"""The back ends of accounts that the suites run with. One joins by one line."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Final

from letrics.backends.base import AccountsBackend
from letrics.backends.file_accounts import FileAccounts
from letrics.backends.postgres_accounts import PostgresAccounts
from letrics.settings import Home
from tests.servers.postgres import database_of

AccountsMaker = Callable[[Path], AccountsBackend]
"""Makes the back end of the accounts that belong to a directory."""

ACCOUNTS: Final[dict[str, AccountsMaker]] = {
    "sqlite": lambda directory: FileAccounts(Home(directory)),
    "postgres": lambda directory: PostgresAccounts(database_of(directory)),
}

"""Accounts in a database on a server, which several hosts share. The records are in the same database."""

from __future__ import annotations

from contextlib import AbstractContextManager
from dataclasses import dataclass
from functools import cache
from types import TracebackType
from typing import Final, Protocol, Self

import argon2

from letrics.accounts.account_tables import MIGRATIONS
from letrics.accounts.base import Accounts
from letrics.accounts.faults import account_faults
from letrics.accounts.passwords import HASHER
from letrics.store.migrate import Migration, load_migrations, migrate
from letrics.store.sql import SqlConnection, read_value

CHANNEL: Final = "letrics_accounts"
"""The channel on which the database notifies servers of changes that they must notice."""


@cache
def _migrations() -> tuple[Migration, ...]:
    return load_migrations("letrics.accounts.postgres_migrations")


class NotifiedConnection(SqlConnection, Protocol):
    """A connection that the database can notify."""

    def listen(self, channel: str) -> None:
        """Listen to notifications on a channel. Raises an error of the driver."""
        ...

    def is_notified(self) -> bool:
        """Whether a notification has arrived since the last call, or may have been missed. Does not wait."""
        ...


@dataclass(slots=True)
class SeenVersion:
    """The version of the accounts that a process has last seen on the primary; None before the first look."""

    version: object = None


class SharedAccounts(Accounts):
    """Accounts over a connection to PostgreSQL, which connects again by itself; see Accounts.

    Creates its tables if they are missing. `close` closes the connection. `version` notes the version in
    `seen`. Raises StoreAway and StoreTooNew.
    """

    def __init__(
        self, connection: NotifiedConnection, hasher: argon2.PasswordHasher = HASHER, seen: SeenVersion | None = None
    ) -> None:
        self._connection = connection
        self._hasher = hasher
        self._seen = SeenVersion() if seen is None else seen
        self._away = connection.away()
        try:
            with self._away:
                migrate(connection, _migrations(), MIGRATIONS)
                self._listen()
        except BaseException:
            connection.close()
            raise

    @property
    def hasher(self) -> argon2.PasswordHasher:
        return self._hasher

    @property
    def connection(self) -> SqlConnection:
        return self._connection

    @property
    def away(self) -> AbstractContextManager[None]:
        return self._away

    def renew(self) -> None:
        """Do nothing: a database on a server is not replaced under its connections."""

    def version(self) -> object:
        version = self._seen.version = self._read_version()
        return version

    @property
    def is_standby(self) -> bool:
        """Whether they are read from a standby, which may lack the last changes."""
        return False

    def is_notified(self) -> bool:
        """Whether another connection may have committed a change since the last call. Does not wait."""
        return self._connection.is_notified()

    def faults(self) -> list[str]:
        return list(account_faults(self._connection))

    def close(self) -> None:
        self._connection.close()

    def _listen(self) -> None:
        self._connection.listen(CHANNEL)

    def _read_version(self) -> object:
        with self._away:
            return read_value(self._connection, "SELECT id FROM accounts_version")

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

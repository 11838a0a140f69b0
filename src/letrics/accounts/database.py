"""The accounts database: a separate SQLite file, so that signing in never waits for an import's write lock."""

from __future__ import annotations

import time
from functools import cache
from pathlib import Path
from types import TracebackType
from typing import Final, Self

import argon2

from letrics.accounts.faults import account_faults
from letrics.accounts.passwords import HASHER
from letrics.accounts.upgrade import report_roles
from letrics.store.base import StoreAway, StoreReplaced
from letrics.store.connection import Away, SqliteConnection, is_filled, open_sqlite
from letrics.store.file_damage import file_damage, is_of_index
from letrics.store.migrate import Migration, load_migrations, migrate
from letrics.store.opened import OpenedFile, remove_stale_log
from letrics.store.text_damage import text_faults

_BUSY_MS = 5_000
"""Milliseconds that a write waits for another connection's transaction before it fails."""
_RESTORE: Final = "restore accounts.db from a backup"
"""What is suggested for damage of the file."""


def now_ms() -> int:
    """The current time in milliseconds since 1970-01-01T00:00Z."""
    return time.time_ns() // 1_000_000


@cache
def _migrations() -> tuple[Migration, ...]:
    return load_migrations("letrics.accounts.migrations")


class AccountsDatabase:
    """Accounts in a SQLite file; see Accounts."""

    def __init__(self, path: Path, *, create: bool = True, hasher: argon2.PasswordHasher = HASHER) -> None:
        """Open the database. With `create`, create it if it does not exist. Upgrade an older one to this version's
        schema. `hasher` hashes the passwords that are stored.

        The process that upgrades it logs which permissions users lost. Raises StoreAway, and StoreReplaced if the file
        is replaced while it is being opened.
        """
        self.hasher = hasher
        self._path = path
        self._renewals = 0
        self.away = Away(path)
        self.connection: SqliteConnection
        self._opened: OpenedFile
        self.connection, self._opened = self._open(create)

    def _open(self, create: bool) -> tuple[SqliteConnection, OpenedFile]:
        if not create and not is_filled(self._path):
            raise StoreAway(f"there is no accounts database at {self._path}: restore it, or start the server again")
        remove_stale_log(self._path)
        connection = open_sqlite(self._path, create=create, foreign_keys=True, busy_ms=_BUSY_MS)
        try:
            with self.away:
                applied = migrate(connection, _migrations())
                if any(migration.name == "roles" for migration in applied):
                    report_roles(connection)
                return connection, OpenedFile(self._path, connection)
        except BaseException:
            connection.close()
            raise

    def renew(self) -> None:
        """Reopen the database if its file was replaced by another one.

        Raises StoreAway if the file was removed: this method does not create a new one.
        """
        try:
            self._opened.check()
        except StoreReplaced:
            before = self._opened
            self.connection, self._opened = self._open(create=False)
            self._renewals += 1
            before.close()

    def version(self) -> tuple[int, int]:
        """A value that differs from the last one if another connection, of any process, has committed a change.

        It also differs if the file was replaced; the new file is then opened. Raises StoreAway as `renew` does.
        """
        self.renew()
        with self.away:
            return self._renewals, int(self.connection.pragma("data_version"))

    def faults(self) -> list[str]:
        self.renew()
        damage = list(file_damage(self.connection, _RESTORE))
        if any(not is_of_index(words) for words in damage):
            return damage
        return [*damage, *text_faults(self.connection, fix=_RESTORE), *account_faults(self.connection)]

    def close(self) -> None:
        self._opened.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

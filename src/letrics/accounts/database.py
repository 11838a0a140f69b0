"""The accounts database: a SQLite file of its own, so that signing in never waits for an import's write lock."""

from __future__ import annotations

import time
from functools import cache
from pathlib import Path
from types import TracebackType
from typing import Self

import apsw

from letrics.store.connection import Away, open_sqlite
from letrics.store.migrate import Migration, load_migrations, migrate

_BUSY_MS = 5_000


def now_ms() -> int:
    """The present moment in milliseconds since 1970."""
    return time.time_ns() // 1_000_000


@cache
def _migrations() -> tuple[Migration, ...]:
    return load_migrations("letrics.accounts.migrations")


class AccountsDatabase:
    """One connection to the accounts database, used by one thread at a time and never across a fork."""

    def __init__(self, path: Path) -> None:
        """Open it, and create it or bring it to this version's shape where that is due. Raises StoreAway."""
        self.connection: apsw.Connection = open_sqlite(path, foreign_keys=True, busy_ms=_BUSY_MS)
        self.away = Away(path)
        try:
            with self.away:
                migrate(self.connection, _migrations())
        except BaseException:
            self.connection.close()
            raise

    def version(self) -> int:
        """A number that changes whenever another connection, of any process, has committed a change."""
        with self.away:
            return int(self.connection.pragma("data_version"))

    def close(self) -> None:
        self.connection.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

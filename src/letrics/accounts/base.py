"""The interface of a database of accounts: users, tokens, sessions, links and attempts to sign in."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager
from types import TracebackType
from typing import Protocol, Self

import argon2

from letrics.store.sql import SqlConnection


class Accounts(Protocol):
    """One connection to a database of accounts, used by one thread at a time and never across a fork."""

    @property
    def hasher(self) -> argon2.PasswordHasher:
        """What hashes the passwords that are stored."""
        ...

    @property
    def connection(self) -> SqlConnection:
        """The connection, which `renew` may replace."""
        ...

    @property
    def away(self) -> AbstractContextManager[None]:
        """Turns errors of the connection about the environment into StoreAway."""
        ...

    def renew(self) -> None:
        """Reopen the database if it was replaced by another one. Raises StoreAway."""
        ...

    def version(self) -> object:
        """A value that differs from the last one if another connection, of any process, has committed a change.

        Raises StoreAway as `renew` does.
        """
        ...

    def faults(self) -> list[str]:
        """Descriptions of all faults of the database; empty if there are none. Reads the whole database."""
        ...

    def close(self) -> None:
        """Close the connection. Repeated calls do nothing."""
        ...

    def __enter__(self) -> Self: ...

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None: ...


OpenAccounts = Callable[[], Accounts]
"""Opens a database of accounts that exists. Raises StoreAway."""

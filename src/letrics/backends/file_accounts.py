"""The back end of accounts in SQLite files of a home directory.

Commands that do not need accounts do not import them: hashing passwords takes time to import.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from letrics.settings import Home

if TYPE_CHECKING:
    from letrics.accounts.authenticator import OpenAuthenticator
    from letrics.accounts.base import Accounts
    from letrics.accounts.last_used import LastUsed
    from letrics.api.stored_requests import StoredRequests


class FileAccounts:
    """Accounts in the files of `home`; see AccountsBackend."""

    wait_seconds: Final = None

    def __init__(self, home: Home) -> None:
        self._home = home

    def exists(self) -> bool:
        """See AccountsBackend."""
        return self._home.accounts.exists()

    def open(self, create: bool = False) -> Accounts:
        """See AccountsBackend."""
        from letrics.accounts.database import AccountsDatabase

        return AccountsDatabase(self._home.accounts, create=create)

    def open_copy(self) -> Accounts:
        """See AccountsBackend. Records are in another file."""
        return self.open(create=True)

    def open_authenticator(self, last_used: LastUsed) -> OpenAuthenticator:
        """See AccountsBackend."""
        from letrics.accounts.authenticator import LocalAuthenticator

        return LocalAuthenticator.over(self.open(), last_used)

    def open_requests(self) -> StoredRequests:
        """See AccountsBackend."""
        from letrics.api.stored_requests import IdempotencyFile

        return IdempotencyFile(self._home.idempotency)

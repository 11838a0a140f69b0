"""The back end of accounts in a PostgreSQL database, which several hosts share."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Final

from letrics.accounts.account_tables import MIGRATIONS
from letrics.store.base import StoreAway
from letrics.store.connection_threads import WAIT_SECONDS
from letrics.store.copying.copy_progress import refuse_unfinished
from letrics.store.postgres.postgres_connection import PostgresConnection, open_postgres
from letrics.store.postgres.standby_fallback import StandbyFallback

if TYPE_CHECKING:
    from letrics.accounts.base import Accounts
    from letrics.accounts.last_used import LastUsed
    from letrics.accounts.remote_authenticator import RemoteAuthenticator
    from letrics.accounts.shared_database import SeenVersion, SharedAccounts
    from letrics.api.stored_requests import StoredRequests

_ACCOUNTS_LOCK: Final = 0x4C65_7472_6964
"""The key of the advisory lock that writers of accounts hold. Writers of the log have another one."""
_REQUESTS_LOCK: Final = 0x4C65_7472_6965
"""The key of the advisory lock that writers of requests hold."""
_BUSY_MS: Final = 3_000
"""Milliseconds that a write waits for another connection's transaction before it fails."""
_SILENCE_SECONDS: Final = 3.0
"""Seconds that a statement may take without a response. All statements are short."""


class PostgresAccounts:
    """Accounts in the database at `url`; see AccountsBackend."""

    wait_seconds: Final = WAIT_SECONDS

    def __init__(self, url: str) -> None:
        self._url = url

    def exists(self) -> bool:
        """See AccountsBackend."""
        with self._connect(_ACCOUNTS_LOCK) as connection, connection.away():
            return connection.has_table(MIGRATIONS)

    def open(self, create: bool = False) -> Accounts:
        """See AccountsBackend."""
        return self._open(create)

    def open_copy(self) -> Accounts:
        """See AccountsBackend."""
        return self._open(create=True, copying=True)

    def open_authenticator(self, last_used: LastUsed) -> RemoteAuthenticator:
        """See AccountsBackend."""
        from letrics.accounts.remote_authenticator import RemoteAuthenticator
        from letrics.accounts.shared_database import SeenVersion
        from letrics.accounts.standby_accounts import StandbyAccounts

        seen = SeenVersion()
        fallback = StandbyFallback(self._url, "tokens and sessions", partial(self._connect, _ACCOUNTS_LOCK))

        def open_primary() -> SharedAccounts:
            return self._open(seen=seen)

        def open_standby() -> SharedAccounts:
            connection = self._connect(_ACCOUNTS_LOCK, standby=True)
            _require_usable(connection)
            return StandbyAccounts(connection, seen, fallback.require_outage)

        return RemoteAuthenticator(lambda: fallback.open(open_primary, open_standby), last_used, closing=fallback.close)

    def open_requests(self) -> StoredRequests:
        """See AccountsBackend."""
        from letrics.api.stored_requests import SharedRequests

        return SharedRequests(lambda: self._connect(_REQUESTS_LOCK))

    def _open(self, create: bool = False, copying: bool = False, seen: SeenVersion | None = None) -> SharedAccounts:
        from letrics.accounts.shared_database import SharedAccounts

        connection = self._connect(_ACCOUNTS_LOCK)
        _require_usable(connection, create, copying)
        return SharedAccounts(connection, seen=seen)

    def _connect(self, lock: int, standby: bool = False) -> PostgresConnection:
        return open_postgres(
            self._url, lock, read_only=standby, busy_ms=_BUSY_MS, silence_seconds=_SILENCE_SECONDS, standby=standby
        )


def _require_usable(connection: PostgresConnection, create: bool = False, copying: bool = False) -> None:
    """Close the connection and raise StoreAway if its database has no accounts, or a part of a copy."""
    try:
        with connection.away():
            if not copying:
                refuse_unfinished(connection)
            if not create and not connection.has_table(MIGRATIONS):
                raise StoreAway(
                    f"there are no accounts in {connection.database}: start a server, or add a user with "
                    "`letrics user add`"
                )
    except BaseException:
        connection.close()
        raise

"""Authenticates requests by accounts on another machine."""

from __future__ import annotations

import time
from collections.abc import Callable

from letrics.accounts.account import Account
from letrics.accounts.authenticator import OpenAuthenticator
from letrics.accounts.database import now_ms
from letrics.accounts.last_used import LastUsed
from letrics.accounts.principal import Principal
from letrics.accounts.sessions import Session, SessionVerifier
from letrics.accounts.shared_database import SharedAccounts
from letrics.accounts.verifier import Verifier
from letrics.store.connection_threads import WAIT_SECONDS, ConnectionThreads


class _Watched:
    """Accounts with what was read of them, in one thread. A notification makes it look for changes at once."""

    def __init__(self, accounts: SharedAccounts, clock: Callable[[], int], steady: Callable[[], float]) -> None:
        self._accounts = accounts
        self._verifier = Verifier(accounts, None, clock, steady)
        self._sessions = SessionVerifier(accounts, clock, steady)

    @property
    def verifier(self) -> Verifier:
        self._look()
        return self._verifier

    @property
    def sessions(self) -> SessionVerifier:
        self._look()
        return self._sessions

    def forget(self) -> None:
        """Look for changes at the next use."""
        self._verifier.forget()
        self._sessions.forget()

    def close(self) -> None:
        self._accounts.close()

    def _look(self) -> None:
        if self._accounts.is_notified():
            self.forget()


class RemoteAuthenticator(OpenAuthenticator):
    """Looks up tokens and sessions in a thread, over accounts that `open_accounts` opens.

    A change by another host is noticed when the database notifies this one, and at the latest by the regular checks of
    the verifiers.
    """

    def __init__(
        self,
        open_accounts: Callable[[], SharedAccounts],
        last_used: LastUsed | None = None,
        clock: Callable[[], int] = now_ms,
        steady: Callable[[], float] = time.monotonic,
        seconds: float = WAIT_SECONDS,
    ) -> None:
        self._last_used = last_used
        self._clock = clock
        self._changed = False
        self._threads = ConnectionThreads(lambda: _Watched(open_accounts(), clock, steady), 1, "authenticator", seconds)

    async def verify(self, token: str) -> Principal:
        principal = await self._threads.read(lambda watched: self._current(watched).verifier.verify(token))
        if self._last_used is not None:
            self._last_used.note(principal.token_id, self._clock())
        return principal

    async def find_session(self, secret: str) -> Session | None:
        return await self._threads.read(lambda watched: self._current(watched).sessions.verify(secret))

    async def account(self, principal: Principal) -> Account:
        return await self._threads.read(lambda watched: watched.verifier.account(principal))

    async def check(self) -> None:
        await self._threads.read(lambda watched: watched.verifier.check())

    def forget(self) -> None:
        self._changed = True

    def close(self) -> None:
        """Close the connection. Waits for the request that uses it."""
        self._threads.close()

    def _current(self, watched: _Watched) -> _Watched:
        if self._changed:
            self._changed = False
            watched.forget()
        return watched

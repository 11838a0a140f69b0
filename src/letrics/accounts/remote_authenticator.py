"""Authenticates requests by accounts on another machine."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable
from contextlib import suppress
from typing import Final

from letrics.accounts import secret
from letrics.accounts.account import Account
from letrics.accounts.authenticator import OpenAuthenticator
from letrics.accounts.database import now_ms
from letrics.accounts.last_used import LastUsed
from letrics.accounts.principal import Principal
from letrics.accounts.sessions import Session, SessionVerifier
from letrics.accounts.shared_database import SharedAccounts
from letrics.accounts.verifier import Verifier
from letrics.errors import LetricsError
from letrics.store.base import StoreAway, StoreTooNew
from letrics.store.connection_threads import WAIT_SECONDS, ConnectionThreads

_WATCH_SECONDS: Final = 0.5
"""Seconds between two looks at the accounts of a server without requests."""
_UNKNOWN_ON_STANDBY: Final = "no server accepts writes, and the standby does not have this token or session"


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

    def verify(self, token: str) -> Principal | None:
        """The holder of the token; None if a standby does not have it. Raises LetricsError."""
        try:
            return self.verifier.verify(token)
        except LetricsError:
            if self._accounts.is_standby and secret.well_formed(token):
                return None
            raise

    def find_session(self, text: str) -> tuple[Session | None, bool]:
        """The session of a secret, and whether it may exist although there is none: a standby may lack it."""
        found = self.sessions.verify(text)
        return found, found is None and self._accounts.is_standby

    def account(self, principal: Principal) -> Account:
        """The account of a verified principal."""
        if self._accounts.is_standby:
            self._accounts.version()
        return self._verifier.account(principal)

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
    the verifiers. What a standby does not have is not refused, since the primary may have it: StoreAway is raised.
    `close` calls `closing` first.
    """

    def __init__(
        self,
        open_accounts: Callable[[], SharedAccounts],
        last_used: LastUsed | None = None,
        clock: Callable[[], int] = now_ms,
        steady: Callable[[], float] = time.monotonic,
        seconds: float = WAIT_SECONDS,
        closing: Callable[[], None] | None = None,
    ) -> None:
        self._closing = closing
        self._last_used = last_used
        self._clock = clock
        self._changed = False
        self._threads = ConnectionThreads(lambda: _Watched(open_accounts(), clock, steady), 1, "authenticator", seconds)

    async def verify(self, token: str) -> Principal:
        principal = await self._threads.read(lambda watched: self._current(watched).verify(token))
        if principal is None:
            raise StoreAway(_UNKNOWN_ON_STANDBY)
        if self._last_used is not None:
            self._last_used.note(principal.token_id, self._clock())
        return principal

    async def find_session(self, secret: str) -> Session | None:
        found, may_exist = await self._threads.read(lambda watched: self._current(watched).find_session(secret))
        if may_exist:
            raise StoreAway(_UNKNOWN_ON_STANDBY)
        return found

    async def account(self, principal: Principal) -> Account:
        return await self._threads.read(lambda watched: watched.account(principal))

    async def check(self) -> None:
        await self._threads.read(lambda watched: watched.verifier.check())

    def forget(self) -> None:
        self._changed = True

    async def watch(self) -> None:
        """Look at the accounts regularly, also without requests, so that a standby is compared with what they are."""
        while True:
            with suppress(StoreAway, StoreTooNew):  # a newer version may upgrade the database meanwhile
                await self.check()
            await asyncio.sleep(_WATCH_SECONDS)

    def close(self) -> None:
        """Close the connection. Waits for the request that uses it."""
        if self._closing is not None:
            self._closing()
        self._threads.close()

    def _current(self, watched: _Watched) -> _Watched:
        if self._changed:
            self._changed = False
            watched.forget()
        return watched

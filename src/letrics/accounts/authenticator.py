"""How a server finds out who sends a request: by an API token, or by the session of a browser."""

from __future__ import annotations

from typing import Protocol

from letrics.accounts.account import Account
from letrics.accounts.base import Accounts
from letrics.accounts.last_used import LastUsed
from letrics.accounts.principal import Principal
from letrics.accounts.sessions import Session, SessionVerifier
from letrics.accounts.verifier import Verifier


class Authenticator(Protocol):
    """Finds the principals of requests, as coroutines: a database on another machine must not stop the event loop.

    Every method may raise StoreAway.
    """

    async def verify(self, token: str) -> Principal:
        """The holder of the token. Raises LetricsError (unauthorized) with the reason for a refusal."""
        ...

    async def find_session(self, secret: str) -> Session | None:
        """The session of the secret, or None if it does not exist, has ended, or its user is disabled."""
        ...

    async def account(self, principal: Principal) -> Account:
        """The account of a verified principal.

        Raises LetricsError (unauthorized) if the token or its user was deleted since.
        """
        ...

    async def check(self) -> None:
        """Raise StoreAway if tokens cannot be looked up."""
        ...

    def forget(self) -> None:
        """Look for changes of sessions at the next call. Call this after this process changed accounts."""
        ...


class OpenAuthenticator(Authenticator, Protocol):
    """An authenticator with a connection."""

    async def watch(self) -> None:
        """Look for changes also without requests, until it is cancelled. Returns if that is not needed."""
        ...

    def close(self) -> None:
        """Close the connection."""
        ...


class LocalAuthenticator(OpenAuthenticator):
    """Authenticates by accounts that are read in microseconds, so that the event loop may wait for them.

    `close` closes `accounts`, if they are given.
    """

    def __init__(self, verifier: Verifier, sessions: SessionVerifier, accounts: Accounts | None = None) -> None:
        self._verifier = verifier
        self._sessions = sessions
        self._accounts = accounts

    @classmethod
    def over(cls, accounts: Accounts, last_used: LastUsed | None = None) -> LocalAuthenticator:
        """An authenticator that reads from this connection."""
        return cls(Verifier(accounts, last_used), SessionVerifier(accounts), accounts)

    async def verify(self, token: str) -> Principal:
        return self._verifier.verify(token)

    async def find_session(self, secret: str) -> Session | None:
        return self._sessions.verify(secret)

    async def account(self, principal: Principal) -> Account:
        return self._verifier.account(principal)

    async def check(self) -> None:
        self._verifier.check()

    def forget(self) -> None:
        self._sessions.forget()

    async def watch(self) -> None:
        """Return: each look-up notices changes."""

    def close(self) -> None:
        if self._accounts is not None:
            self._accounts.close()

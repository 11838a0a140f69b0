"""The verifier: checks the token of every request, without waiting for a disk.

Tokens read from the database are cached in memory. At most every 250 ms the verifier asks SQLite whether another
connection has committed (`PRAGMA data_version`, a few microseconds), and if so clears the cache. So a change by another
process takes effect within one second: a revoked token or one of a disabled user is refused, and after a lower role the
user's tokens lose the scopes that the role does not have. Expiry is checked against the clock on every request.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from letrics.accounts import secret
from letrics.accounts.account import Account, read_account
from letrics.accounts.base import Accounts
from letrics.accounts.database import now_ms
from letrics.accounts.last_used import LastUsed
from letrics.accounts.principal import Principal
from letrics.accounts.roles import scopes_within
from letrics.errors import UNAUTHORIZED, LetricsError, problem
from letrics.normalize.time import format_time

CHECK_SECONDS: Final = 0.25
"""Maximum age of cached tokens without a check for changes, in seconds."""

_MANAGE: Final = "create one under API tokens in the user settings, or with `letrics token create`"
_UNKNOWN: Final = f"The token is unknown: {_MANAGE}"
_SELECT: Final = (
    "SELECT u.id, token.id, token.scopes, token.expires_at, token.revoked_at, u.disabled_at, u.role "
    'FROM token JOIN "user" AS u ON u.id = token.user_id WHERE token.digest = ?'
)


@dataclass(frozen=True, slots=True)
class _Known:
    principal: Principal
    expires_at: int | None
    revoked_at: int | None
    disabled_at: int | None


class Verifier:
    """Finds the holder of a token, with a cache. Used by one thread."""

    def __init__(
        self, database: Accounts, last_used: LastUsed | None = None, clock: Callable[[], int] = now_ms,
        steady: Callable[[], float] = time.monotonic,
    ) -> None:  # fmt: skip
        self._database = database
        self._last_used = last_used
        self._clock = clock
        self._steady = steady
        self._known: dict[bytes, _Known] = {}
        self._version: object = None
        self._checked = float("-inf")

    def verify(self, text: str) -> Principal:
        """The holder of the token. Raises LetricsError (unauthorized) with the reason for a refusal, and StoreAway."""
        if not secret.well_formed(text):
            raise refusal(
                "The token is malformed: a character is missing, added or changed. Copy it exactly as it was shown, "
                "starting with ltr_"
            )
        self._refresh()
        digest = secret.digest(text)
        known = self._known.get(digest) or self._look_up(digest)
        now = self._clock()
        if known.revoked_at is not None:
            raise refusal(f"The token was revoked at {format_time(known.revoked_at)}: {_MANAGE}")
        if known.expires_at is not None and known.expires_at <= now:
            raise refusal(f"The token expired at {format_time(known.expires_at)}: {_MANAGE}")
        if known.disabled_at is not None:
            raise refusal("The user who owns this token is disabled: ask an admin")
        if self._last_used is not None:
            self._last_used.note(known.principal.token_id, now)
        return known.principal

    def check(self) -> None:
        """Raise StoreAway if tokens cannot be looked up."""
        self._database.version()

    def account(self, principal: Principal) -> Account:
        """The account of a verified principal.

        Raises StoreAway, and LetricsError (unauthorized) if the token or its user was deleted since.
        """
        try:
            return read_account(self._database, principal)
        except LookupError:
            raise refusal(_UNKNOWN) from None

    def forget(self) -> None:
        """Check the database for changes at the next call."""
        self._checked = float("-inf")

    def _refresh(self) -> None:
        now = self._steady()
        if now - self._checked < CHECK_SECONDS:
            return
        version = self._database.version()
        if version != self._version:
            self._known.clear()
            self._version = version
        self._checked = now

    def _look_up(self, digest: bytes) -> _Known:
        with self._database.away:
            row = self._database.connection.execute(_SELECT, (digest,)).fetchone()
        if row is None:  # not cached: a client that sends made-up tokens must not fill the memory
            raise refusal(_UNKNOWN)
        user, token, scopes, expires, revoked, disabled, role = row
        known = _Known(Principal(user, token, scopes_within(role, scopes.split())), expires, revoked, disabled)
        self._known[digest] = known
        return known


def refusal(details: str) -> LetricsError:
    """An `unauthorized` error with the challenge that RFC 9110 (section 15.5.2) requires."""
    return problem(UNAUTHORIZED, details, WWW_Authenticate="Bearer")

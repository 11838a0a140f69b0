"""The verifier: whose token this is, judged on every request without waiting for a disk.

What the database says of a token is kept in memory. At most every 250 ms SQLite is asked whether any other connection
has committed since (`PRAGMA data_version`, a few microseconds), and if so all of it is forgotten; so a token that
another process revokes, or whose user it disables, is refused within a second, and one whose user's role is lowered
loses the scopes that the role does not have as soon. Expiry is judged by the clock each time.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from letrics.accounts import secret
from letrics.accounts.account import Account, read_account
from letrics.accounts.database import AccountsDatabase, now_ms
from letrics.accounts.last_used import LastUsed
from letrics.accounts.principal import Principal
from letrics.accounts.roles import scopes_within
from letrics.errors import UNAUTHORIZED, LetricsError, problem
from letrics.normalize.time import format_time

CHECK_SECONDS: Final = 0.25
"""How old the knowledge of a token may be, in seconds."""

_MANAGE: Final = "create one under API tokens in the user settings, or with `letrics token create`"
_UNKNOWN: Final = f"The token is unknown here: {_MANAGE}"
_SELECT: Final = (
    "SELECT user.id, token.id, token.scopes, token.expires_at, token.revoked_at, user.disabled_at, user.role "
    "FROM token JOIN user ON user.id = token.user_id WHERE token.digest = ?"
)


@dataclass(frozen=True, slots=True)
class _Known:
    principal: Principal
    expires_at: int | None
    revoked_at: int | None
    disabled_at: int | None


class Verifier:
    """Tells who holds a token. Belongs to one thread."""

    def __init__(
        self, database: AccountsDatabase, last_used: LastUsed | None = None, clock: Callable[[], int] = now_ms,
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
        """The holder of the token. Raises LetricsError (unauthorized) saying why it is refused, and StoreAway."""
        if not secret.well_formed(text):
            raise refusal(
                "The token is malformed: it must be ltr_ and its letters and digits exactly as it was shown; "
                "a character is missing, added or changed"
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
            raise refusal("The user this token belongs to is disabled: ask an administrator")
        if self._last_used is not None:
            self._last_used.note(known.principal.token_id, now)
        return known.principal

    def check(self) -> None:
        """Raises StoreAway where tokens cannot be looked up."""
        self._database.version()

    def account(self, principal: Principal) -> Account:
        """What a verified principal may know of themselves.

        Raises StoreAway, and LetricsError (unauthorized) where the token or its user was deleted a moment ago.
        """
        try:
            return read_account(self._database, principal)
        except LookupError:
            raise refusal(_UNKNOWN) from None

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
        if row is None:  # not kept: whoever invents tokens must not fill the memory
            raise refusal(_UNKNOWN)
        user, token, scopes, expires, revoked, disabled, role = row
        known = _Known(Principal(user, token, scopes_within(role, scopes.split())), expires, revoked, disabled)
        self._known[digest] = known
        return known


def refusal(details: str) -> LetricsError:
    """An `unauthorized` with the challenge that RFC 9110 (section 15.5.2) asks for."""
    return problem(UNAUTHORIZED, details, WWW_Authenticate="Bearer")

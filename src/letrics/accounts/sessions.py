"""Sessions of signed-in browsers. The browser stores a random secret, the database its SHA-256.

A session ends 30 days after sign-in, after 7 days without a request, or when it is ended explicitly. Like tokens,
sessions are cached in memory. At most every 250 ms the verifier asks SQLite whether another connection has committed,
and if so clears its cache. So every process refuses an ended session within one second.
"""

from __future__ import annotations

import hashlib
import hmac
import re
import secrets
import time
from base64 import urlsafe_b64encode
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Final

from letrics.accounts.base import Accounts
from letrics.accounts.database import now_ms
from letrics.accounts.principal import Principal
from letrics.accounts.roles import SCOPES_OF, Role
from letrics.accounts.verifier import CHECK_SECONDS
from letrics.normalize.time import DAY_MS

LIFE_MS: Final = 30 * DAY_MS
"""Maximum lifetime of a session in milliseconds (30 days)."""
IDLE_MS: Final = 7 * DAY_MS
"""Milliseconds without a request after which a session ends (7 days)."""
SEEN_MS: Final = 60_000
"""Minimum time between two writes of a session's last request, in milliseconds (1 minute)."""

_SECRET: Final = re.compile(r"[A-Za-z0-9_-]{43}")
"""Matches the form of a secret: 32 random bytes in URL-safe base64 without padding."""
_MAX_AGENT: Final = 300
"""Maximum length of a stored user agent in characters; longer ones are truncated."""
_SELECT: Final = (
    "SELECT session.id, user_id, email, coalesce(full_name, ''), role, session.created_at, last_seen_at, ends_at, "
    "user_agent, address, authenticated_at "
    'FROM session JOIN "user" AS u ON u.id = session.user_id AND disabled_at IS NULL'
)


@dataclass(frozen=True, slots=True)
class Session:
    """A signed-in browser and its user. Times are in milliseconds since 1970.

    `authenticated_at` is when the user last authenticated, by password or link.
    """

    id: int
    user_id: int
    email: str
    name: str
    role: Role
    created_at: int
    last_seen_at: int
    ends_at: int
    user_agent: str
    address: str
    authenticated_at: int

    @property
    def admin(self) -> bool:
        return self.role == "admin"

    @property
    def principal(self) -> Principal:
        """The principal for API handlers. A session has no token, so `token_id` is 0."""
        return Principal(self.user_id, 0, SCOPES_OF[self.role])

    def is_valid_at(self, now: int) -> bool:
        """Whether it has not ended. A session that begins more than a day from now is not valid: the clock was set back
        since, and it would last too long."""
        return self.created_at - DAY_MS <= now < self.ends_at and now < self.last_seen_at + IDLE_MS


class Sessions:
    """The sessions of an accounts database. Every method may raise StoreAway."""

    def __init__(self, database: Accounts) -> None:
        self._database = database
        self._connection = database.connection

    def open(self, user_id: int, user_agent: str = "", address: str = "") -> str:
        """Start a session; returns the secret for the browser. This also deletes sessions that have ended."""
        secret, now = secrets.token_urlsafe(32), now_ms()
        with self._database.away, self._connection.writing():
            self._connection.execute(
                "DELETE FROM session WHERE ends_at <= ?1 OR last_seen_at <= ?1 - ?2", (now, IDLE_MS)
            )
            self._connection.execute(
                "INSERT INTO session (user_id, digest, created_at, last_seen_at, authenticated_at, ends_at, "
                "user_agent, address) VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
                (user_id, digest(secret), now, now, now, now + LIFE_MS, user_agent[:_MAX_AGENT], address),
            )
        return secret

    def of(self, user_id: int) -> list[Session]:
        """The user's current sessions, most recently used first."""
        now = now_ms()
        with self._database.away:
            order = "ORDER BY last_seen_at DESC, session.id DESC"
            rows = self._connection.execute(f"{_SELECT} WHERE user_id = ? {order}", (user_id,))
            return [session for session in map(_session, rows) if session.is_valid_at(now)]

    def end(self, user_id: int, id: int) -> bool:
        """End one of the user's sessions; returns whether there was one."""
        return self._delete("user_id = ? AND id = ?", (user_id, id)) > 0

    def end_all(self, user_id: int, but: int | None = None) -> int:
        """End all sessions of the user except the one with the id `but`; returns the number of ended sessions."""
        return self._delete("user_id = ? AND id IS DISTINCT FROM ?", (user_id, but))

    def seen(self, id: int, now: int, address: str) -> None:
        """Record that the session was used at `now`, unless a use within the last minute is already recorded."""
        with self._database.away, self._connection.writing():
            self._connection.execute(
                "UPDATE session SET last_seen_at = ?1, address = ?2 WHERE id = ?3 "
                "AND (last_seen_at <= ?1 - ?4 OR last_seen_at > ?1 + ?4)",
                (now, address, id, SEEN_MS),
            )

    def authenticated(self, id: int, now: int) -> None:
        """Record that the user of the session authenticated at `now`."""
        with self._database.away, self._connection.writing():
            self._connection.execute("UPDATE session SET authenticated_at = ? WHERE id = ?", (now, id))

    def _delete(self, where: str, bindings: tuple[int | None, ...]) -> int:
        with self._database.away, self._connection.writing():
            return len(self._connection.execute(f"DELETE FROM session WHERE {where} RETURNING id", bindings).fetchall())  # noqa: S608


class SessionVerifier:
    """Finds the session of a secret, with a cache. Used by one thread; other connections do the writing."""

    def __init__(
        self, database: Accounts, clock: Callable[[], int] = now_ms,
        steady: Callable[[], float] = time.monotonic,
    ) -> None:  # fmt: skip
        self._database = database
        self._clock = clock
        self._steady = steady
        self._known: dict[bytes, Session] = {}
        self._version: object = None
        self._checked = float("-inf")

    def verify(self, secret: str) -> Session | None:
        """The session of the secret, or None if it does not exist, has ended, or its user is disabled.

        Raises StoreAway.
        """
        if not _SECRET.fullmatch(secret):
            return None
        self._refresh()
        key = digest(secret)
        session = self._known.get(key)
        if session is None:
            with self._database.away:
                row = self._database.connection.execute(f"{_SELECT} WHERE digest = ?", (key,)).fetchone()
            if row is None:  # not cached: a client that sends made-up secrets must not fill the memory
                return None
            session = self._known[key] = _session(row)
        return session if session.is_valid_at(self._clock()) else None

    def forget(self) -> None:
        """Check the database for changes at the next call. Call this after this process changed a session."""
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


def digest(secret: str) -> bytes:
    """The SHA-256 of the secret of a session or link, for storage.

    A secret is random and long, so a slow hash would not add security.
    """
    return hashlib.sha256(secret.encode("utf-8", "surrogateescape")).digest()


def form_token(secret: str) -> str:
    """The CSRF token for forms of the browser with this secret. Only a holder of the secret can compute it."""
    made = hmac.new(secret.encode("utf-8", "surrogateescape"), b"letrics form token", hashlib.sha256).digest()
    return urlsafe_b64encode(made).rstrip(b"=").decode()


def _session(row: tuple[Any, ...]) -> Session:
    return Session(*row)

"""Sessions: who is signed in with which browser. The browser holds a random secret, the database its SHA-256.

A session ends 30 days after it began, or when it has not been seen for 7 days, or when it is ended. Like tokens,
sessions are judged from memory: at most every 250 ms SQLite is asked whether any other connection has committed, and if
so all that is known is forgotten, so that an ended session is refused within a second by every process.
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

from letrics.accounts.database import AccountsDatabase, now_ms
from letrics.accounts.principal import Principal
from letrics.accounts.roles import SCOPES_OF, Role
from letrics.accounts.verifier import CHECK_SECONDS
from letrics.normalize.time import DAY_MS
from letrics.store.connection import transaction

LIFE_MS: Final = 30 * DAY_MS
IDLE_MS: Final = 7 * DAY_MS
SEEN_MS: Final = 60_000
"""The time a session was last seen is written at most this often."""

_SECRET: Final = re.compile(r"[A-Za-z0-9_-]{43}")
_MAX_AGENT: Final = 300
_SELECT: Final = (
    "SELECT session.id, user_id, email, ifnull(full_name, ''), role, session.created_at, last_seen_at, ends_at, "
    "user_agent, address, authenticated_at FROM session JOIN user ON user.id = session.user_id AND disabled_at IS NULL"
)


@dataclass(frozen=True, slots=True)
class Session:
    """A browser that is signed in, and whose it is. Times are milliseconds since 1970; `authenticated_at` is when the
    user last proved who they are, by a password or a link."""

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
        """What the person may ask of the API's handlers; there is no token, so its number is 0."""
        return Principal(self.user_id, 0, SCOPES_OF[self.role])

    def good_at(self, now: int) -> bool:
        return now < self.ends_at and now < self.last_seen_at + IDLE_MS


class Sessions:
    """The sessions of an accounts database. Every method may raise StoreAway."""

    def __init__(self, database: AccountsDatabase) -> None:
        self._database = database
        self._connection = database.connection

    def open(self, user_id: int, user_agent: str = "", address: str = "") -> str:
        """A new session: the secret for the browser to keep. Sessions that have ended are swept away."""
        secret, now = secrets.token_urlsafe(32), now_ms()
        with self._database.away, transaction(self._connection):
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
        """The user's sessions that are good now, the one last seen first."""
        now = now_ms()
        with self._database.away:
            order = "ORDER BY last_seen_at DESC, session.id DESC"
            rows = self._connection.execute(f"{_SELECT} WHERE user_id = ? {order}", (user_id,))
            return [session for session in map(_session, rows) if session.good_at(now)]

    def end(self, user_id: int, id: int) -> bool:
        """End one of the user's sessions; whether there was one."""
        return self._delete("user_id = ? AND id = ?", (user_id, id)) > 0

    def end_all(self, user_id: int, but: int | None = None) -> int:
        """End the user's sessions except the one with the number `but`; returns how many."""
        return self._delete("user_id = ? AND id IS NOT ?", (user_id, but))

    def seen(self, id: int, now: int, address: str) -> None:
        """The session was used at `now`; written only where the last time is a minute past."""
        with self._database.away, transaction(self._connection):
            self._connection.execute(
                "UPDATE session SET last_seen_at = ?1, address = ?2 WHERE id = ?3 AND last_seen_at <= ?1 - ?4",
                (now, address, id, SEEN_MS),
            )

    def authenticated(self, id: int, now: int) -> None:
        """The user of the session proved at `now` who they are."""
        with self._database.away, transaction(self._connection):
            self._connection.execute("UPDATE session SET authenticated_at = ? WHERE id = ?", (now, id))

    def _delete(self, where: str, bindings: tuple[int | None, ...]) -> int:
        with self._database.away, transaction(self._connection):
            before = self._connection.total_changes()
            self._connection.execute(f"DELETE FROM session WHERE {where}", bindings)  # noqa: S608
            return self._connection.total_changes() - before


class SessionVerifier:
    """Tells whose session a secret opens. Belongs to one thread; writes go over other connections."""

    def __init__(
        self, database: AccountsDatabase, clock: Callable[[], int] = now_ms,
        steady: Callable[[], float] = time.monotonic,
    ) -> None:  # fmt: skip
        self._database = database
        self._clock = clock
        self._steady = steady
        self._known: dict[bytes, Session] = {}
        self._version: object = None
        self._checked = float("-inf")

    def verify(self, secret: str) -> Session | None:
        """The session, or None where there is none, it has ended, or its user is disabled. Raises StoreAway."""
        if not _SECRET.fullmatch(secret):
            return None
        self._refresh()
        key = digest(secret)
        session = self._known.get(key)
        if session is None:
            with self._database.away:
                row = self._database.connection.execute(f"{_SELECT} WHERE digest = ?", (key,)).fetchone()
            if row is None:  # not kept: whoever invents secrets must not fill the memory
                return None
            session = self._known[key] = _session(row)
        return session if session.good_at(self._clock()) else None

    def forget(self) -> None:
        """Ask the database again at the next call: something was changed here."""
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
    """What is stored of a session's or link's secret; it has too many random bits for a slow hash to be of use."""
    return hashlib.sha256(secret.encode("utf-8", "surrogateescape")).digest()


def form_token(secret: str) -> str:
    """What forms of the browser that holds `secret` must send along: nobody without the secret can make it."""
    made = hmac.new(secret.encode("utf-8", "surrogateescape"), b"letrics form token", hashlib.sha256).digest()
    return urlsafe_b64encode(made).rstrip(b"=").decode()


def _session(row: tuple[Any, ...]) -> Session:
    return Session(*row)

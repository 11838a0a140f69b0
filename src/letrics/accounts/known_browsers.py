"""Browsers in which a user has signed in before. Failed attempts of others cannot make them wait.

A known browser has a cookie with a random secret; the database stores the SHA-256 of the secret and the user. It proves
nothing but that: the password is asked for as ever. (OWASP calls this a device cookie.)
"""

from __future__ import annotations

import re
import secrets
from typing import Final

from letrics.accounts.base import Accounts
from letrics.accounts.database import now_ms
from letrics.accounts.sessions import digest
from letrics.normalize.time import DAY_MS
from letrics.store.sql import read_value

LIFE_MS: Final = 180 * DAY_MS
"""Milliseconds (180 days) after the last sign-in at which a browser is forgotten."""

_SECRET: Final = re.compile(r"[A-Za-z0-9_-]{43}")
"""Matches the form of a secret: 32 random bytes in URL-safe base64 without padding."""


class KnownBrowsers:
    """The browsers that users have signed in with. Every method may raise StoreAway."""

    def __init__(self, database: Accounts) -> None:
        self._database = database
        self._connection = database.connection

    def add(self, user_id: int, secret: str) -> str:
        """Remember that the user signed in with the browser of this secret; returns its secret, a new one if needed."""
        secret, now = secret if _SECRET.fullmatch(secret) else secrets.token_urlsafe(32), now_ms()
        with self._database.away, self._connection.writing():
            self._connection.execute("DELETE FROM known_browser WHERE expires_at <= ?", (now,))
            self._connection.execute(
                "INSERT INTO known_browser (digest, user_id, expires_at) VALUES (?, ?, ?) "
                "ON CONFLICT (digest) DO UPDATE SET expires_at = excluded.expires_at",
                (_digest(user_id, secret), user_id, now + LIFE_MS),
            )
        return secret

    def knows(self, user_id: int | None, secret: str) -> bool:
        """Whether the user has signed in with the browser of this secret. None, for no user, takes the same time."""
        if not _SECRET.fullmatch(secret):
            return False
        sql = "SELECT 1 FROM known_browser WHERE digest = ? AND expires_at > ?"
        with self._database.away:
            return read_value(self._connection, sql, (_digest(user_id or 0, secret), now_ms())) is not None


def _digest(user_id: int, secret: str) -> bytes:
    return digest(f"browser {user_id} {secret}")

"""Sign-ins between the two steps: the password or link was right, and the code of the second factor is missing."""

from __future__ import annotations

import secrets
from typing import Final

from letrics.accounts.base import Accounts
from letrics.accounts.database import now_ms
from letrics.accounts.second_factor import SecondFactor
from letrics.accounts.sessions import digest
from letrics.store.sql import read_value

LIFE_MS: Final = 10 * 60_000
"""Milliseconds (10 minutes) in which the code has to follow."""


class SecondSteps:
    """Sign-ins that lack the code. Every method may raise StoreAway."""

    def __init__(self, database: Accounts) -> None:
        self._database = database
        self._connection = database.connection

    def begin(self, user_id: int) -> str | None:
        """Return the secret for the form that asks for the code; None if the user has no second factor."""
        if not SecondFactor(self._database).is_on(user_id):
            return None
        secret, now = secrets.token_urlsafe(32), now_ms()
        with self._database.away, self._connection.writing():
            self._connection.execute("DELETE FROM second_step WHERE expires_at <= ?", (now,))
            self._connection.execute(
                "INSERT INTO second_step (digest, user_id, expires_at) VALUES (?, ?, ?)",
                (digest(secret), user_id, now + LIFE_MS),
            )
        return secret

    def find(self, secret: str) -> int | None:
        """The id of the user who is signing in; None if the secret is unknown or too old, or the user disabled."""
        sql = (
            'SELECT user_id FROM second_step JOIN "user" AS u ON u.id = user_id AND disabled_at IS NULL '
            "WHERE digest = ? AND expires_at > ?"
        )
        with self._database.away:
            user_id: int | None = read_value(self._connection, sql, (digest(secret), now_ms()))
        return user_id

    def end(self, user_id: int) -> None:
        """End all sign-ins of the user that lack the code."""
        with self._database.away, self._connection.writing():
            self._connection.execute("DELETE FROM second_step WHERE user_id = ?", (user_id,))

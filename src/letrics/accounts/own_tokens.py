"""Management of API tokens by their owner. Users cannot see the tokens of other users, nor learn whether they exist."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

from letrics.accounts import secret
from letrics.accounts.base import Accounts
from letrics.accounts.database import now_ms
from letrics.accounts.principal import Scope
from letrics.accounts.tokens import MAX_NAME, Token, Tokens, UnknownToken
from letrics.normalize.time import DAY_MS, format_time, parse_time
from letrics.store.sql import read_value

OVERLAPS_MS: Final[dict[str, int]] = {"0": 0, "1h": DAY_MS // 24, "24h": DAY_MS, "7d": 7 * DAY_MS}
"""Milliseconds that a token stays valid after its rotation, by the name of the choice."""


class OwnTokens:
    """The tokens of one user.

    Every method may raise StoreAway. Methods with an `id` raise UnknownToken for tokens of other users.
    """

    def __init__(self, database: Accounts, email: str) -> None:
        self._database = database
        self._connection = database.connection
        self._tokens = Tokens(database)
        self._email = email

    def all(self) -> list[Token]:
        """All tokens of the user, newest first."""
        return [token for token in reversed(self._tokens.all()) if token.user == self._email]

    def usable(self) -> list[Token]:
        """The tokens of the user that are neither revoked nor expired, newest first."""
        now = now_ms()
        return [token for token in self.all() if usable(token, now)]

    def get(self, id: int) -> Token:
        token = self._tokens.get(id)
        if token.user != self._email:
            raise UnknownToken(f"there is no token {id}")
        return token

    def create(self, name: str, scopes: Iterable[Scope], expires_ms: int | None) -> tuple[str, Token]:
        """Create a token; returns its secret, which can be shown only now, and the token.

        Raises ValueError with a message for the user.
        """
        return self._tokens.create(self._email, name, scopes, expires_ms)

    def rename(self, id: int, name: str) -> Token:
        """Rename a token. Raises ValueError for an invalid name."""
        self.get(id)
        name = name.strip()
        if not name or len(name) > MAX_NAME or not name.isprintable():
            raise ValueError(f"the name must have 1 to {MAX_NAME} printable characters")
        with self._database.away, self._connection.writing():
            self._connection.execute("UPDATE token SET name = ? WHERE id = ?", (name, id))
        return self.get(id)

    def revoke(self, id: int) -> Token:
        self.get(id)
        return self._tokens.revoke(id)

    def rotate(self, id: int, overlap_ms: int) -> tuple[str, Token]:
        """Replace a token by a new one with the same name, lifetime and effective scopes.

        Returns the secret of the new token and the token. The old token stays valid for `overlap_ms` milliseconds, but
        not beyond its own expiry; 0 revokes it immediately. Raises ValueError if it has expired or was revoked.
        """
        old, now = self.get(id), now_ms()
        expiry = None if old.expires_at is None else parse_time(old.expires_at, "first")
        if not usable(old, now):
            raise ValueError("this token has expired or was revoked: create a new one")
        made = secret.make_secret()
        life = None if expiry is None else now + expiry - parse_time(old.created_at, "first")
        with self._database.away, self._connection.writing():
            scopes = " ".join(self.get(id).scopes)
            new: int | None = read_value(
                self._connection,
                "INSERT INTO token (user_id, name, scopes, digest, last_four, created_at, expires_at) "
                "SELECT user_id, name, ?, ?, ?, CAST(? AS BIGINT), CAST(? AS BIGINT) FROM token "
                "WHERE id = ? AND revoked_at IS NULL RETURNING id",
                (scopes, secret.digest(made), made[-4:], now, life, id),
            )
            if new is None:
                raise ValueError("this token was just revoked: create a new one")
            if overlap_ms:
                until = now + overlap_ms if expiry is None else min(expiry, now + overlap_ms)
                self._connection.execute("UPDATE token SET expires_at = ? WHERE id = ?", (until, id))
            else:
                self._connection.execute("UPDATE token SET revoked_at = ? WHERE id = ?", (now, id))
        return made, self.get(new)


def usable(token: Token, now: int) -> bool:
    """Whether the token is neither revoked nor expired at `now` (milliseconds since 1970). Its user may be disabled."""
    return token.revoked_at is None and (token.expires_at is None or token.expires_at > format_time(now))

"""API tokens: create, list and revoke them. Only the user who created a token has its secret; it is not stored."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, Final

import msgspec

from letrics.accounts import secret
from letrics.accounts.base import Accounts
from letrics.accounts.database import now_ms
from letrics.accounts.principal import SCOPES, Scope
from letrics.accounts.roles import SCOPES_OF, BeyondRole, scopes_within
from letrics.accounts.users import Users
from letrics.normalize.time import format_time
from letrics.store.sql import read_value

MAX_NAME: Final = 100
"""Maximum length of a token's name in characters."""


class Token(msgspec.Struct, frozen=True, kw_only=True):
    """A token without its secret. Times are strings in the API's format, or None.

    `scopes` are those in effect. `lowered_at` is when the token lost scopes because its owner's role does not have
    them.
    """

    id: int
    user: str
    name: str
    scopes: tuple[Scope, ...]
    last_four: str
    created_at: str
    expires_at: str | None
    last_used_at: str | None
    revoked_at: str | None
    lowered_at: str | None


class UnknownToken(LookupError):
    """There is no token with this id."""


_SELECT: Final = (
    "SELECT token.id, u.email, token.name, token.scopes, token.last_four, token.created_at, token.expires_at, "
    'token.last_used_at, token.revoked_at, token.lowered_at, u.role FROM token JOIN "user" AS u ON u.id = token.user_id'
)


class Tokens:
    """The tokens of an accounts database. Every method may raise StoreAway."""

    def __init__(self, database: Accounts) -> None:
        self._database = database
        self._connection = database.connection

    def create(
        self, email: str, name: str, scopes: Iterable[Scope] = ("read",), expires_ms: int | None = None
    ) -> tuple[str, Token]:
        """Create a token for a user; returns its secret, which can be shown only now, and the token.

        `expires_ms` is in milliseconds since 1970; None means that the token never expires. Raises UnknownUser,
        BeyondRole for scopes that the user's role does not have, and ValueError with a message for the user if the
        name, the scopes or the expiry is invalid.
        """
        name = name.strip()
        if not name or len(name) > MAX_NAME or not name.isprintable():
            raise ValueError(f"the name must have 1 to {MAX_NAME} printable characters")
        granted = [scope for scope in SCOPES if scope in set(scopes)]
        if not granted:
            raise ValueError(f"a token needs at least one scope: {' or '.join(SCOPES)}")
        if expires_ms is not None and expires_ms <= now_ms():
            raise ValueError(f"the expiry {format_time(expires_ms)} is not in the future")
        text = secret.make_secret()
        with self._database.away, self._connection.writing():
            user = Users(self._database).get(email)
            for scope in granted:
                if scope not in SCOPES_OF[user.role]:
                    raise BeyondRole(user.email, user.role, scope)
            id: int = read_value(
                self._connection,
                "INSERT INTO token (user_id, name, scopes, digest, last_four, created_at, expires_at) "
                "VALUES (?, ?, ?, ?, ?, ?, ?) RETURNING id",
                (user.id, name, " ".join(granted), secret.digest(text), text[-4:], now_ms(), expires_ms),
            )
        return text, self.get(id)

    def replace(self, email: str, name: str, scopes: Iterable[Scope], expires_ms: int | None) -> tuple[str, Token]:
        """Create a token as `create` does, and delete the user's other tokens with the same name."""
        made, token = self.create(email, name, scopes, expires_ms)
        with self._database.away, self._connection.writing():
            self._connection.execute(
                "DELETE FROM token WHERE id <> ?1 AND name = ?2 "
                "AND user_id = (SELECT user_id FROM token WHERE id = ?1)",
                (token.id, token.name),
            )
        return made, token

    def get(self, id: int) -> Token:
        """The token with this id. Raises UnknownToken."""
        with self._database.away:
            row = self._connection.execute(f"{_SELECT} WHERE token.id = ?", (id,)).fetchone()
        if row is None:
            raise UnknownToken(f"there is no token {id}: `letrics token list` lists all tokens")
        return _token(row)

    def all(self) -> list[Token]:
        """All tokens, including revoked and expired ones, in order of creation."""
        with self._database.away:
            return [_token(row) for row in self._connection.execute(f"{_SELECT} ORDER BY token.id")]

    def revoke(self, id: int) -> Token:
        """Revoke the token. A token that is already revoked stays unchanged. Raises UnknownToken."""
        self.get(id)
        with self._database.away, self._connection.writing():
            self._connection.execute(
                "UPDATE token SET revoked_at = ? WHERE id = ? AND revoked_at IS NULL", (now_ms(), id)
            )
        return self.get(id)


def _token(row: tuple[Any, ...]) -> Token:
    id, user, name, scopes, last_four, created, expires, used, revoked, lowered, role = row
    within = scopes_within(role, scopes.split())
    return Token(
        id=id, user=user, name=name, scopes=tuple(scope for scope in SCOPES if scope in within), last_four=last_four,
        created_at=format_time(created), expires_at=_time(expires), last_used_at=_time(used), revoked_at=_time(revoked),
        lowered_at=_time(lowered),
    )  # fmt: skip


def _time(milliseconds: int | None) -> str | None:
    return None if milliseconds is None else format_time(milliseconds)

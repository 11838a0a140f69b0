"""The account of the caller: the user's email and the token of the request."""

from __future__ import annotations

import msgspec

from letrics.accounts.base import Accounts
from letrics.accounts.principal import Principal, Scope
from letrics.accounts.tokens import Tokens
from letrics.accounts.users import UnknownUser


class OwnToken(msgspec.Struct, frozen=True):
    """The token of a request, without its secret. `expires_at` is None for a token that never expires."""

    id: int
    name: str
    scopes: tuple[Scope, ...]
    last_four: str
    created_at: str
    expires_at: str | None


class Account(msgspec.Struct, frozen=True):
    """The caller: the user's email, and the token, which is None for a caller signed in with a browser."""

    email: str
    token: OwnToken | None


def read_account(database: Accounts, principal: Principal) -> Account:
    """Read the account of a principal that was just verified.

    Raises StoreAway, and UnknownUser or UnknownToken if the user or the token was deleted since.
    """
    with database.away:
        row = database.connection.execute('SELECT email FROM "user" WHERE id = ?', (principal.user_id,)).fetchone()
    if row is None:
        raise UnknownUser(f"there is no user {principal.user_id}")
    if not principal.token_id:
        return Account(str(row[0]), None)
    token = Tokens(database).get(principal.token_id)
    own = OwnToken(token.id, token.name, token.scopes, token.last_four, token.created_at, token.expires_at)
    return Account(str(row[0]), own)

"""Faults of accounts that `letrics check` lists: rows that this program did not write like this."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from letrics.store.base import StoreAway
from letrics.store.sql import SqlConnection, read_rows

_RULES: Final[tuple[tuple[str, str], ...]] = (
    (
        "SELECT 'user ' || id FROM \"user\" WHERE role NOT IN ('viewer', 'editor', 'admin') OR email NOT LIKE '%@%' "
        "OR (password_hash IS NOT NULL AND password_hash NOT LIKE '$argon2%')",
        "has a malformed role, email address or password hash: delete the user and add it again",
    ),
    (
        "SELECT 'token ' || id FROM token AS t WHERE length(digest) <> 32 "
        'OR NOT EXISTS (SELECT 1 FROM "user" WHERE id = t.user_id)',
        "has a malformed digest or no user: revoke it and create another one",
    ),
)


def account_faults(connection: SqlConnection) -> Iterator[str]:
    """Descriptions of the users and tokens that are malformed, each with its id."""
    for sql, words in _RULES:
        try:
            with connection.away():
                yield from (f"{row[0]} {words}" for row in read_rows(connection, sql))
        except StoreAway as error:
            yield str(error)

"""When each token was last used: noted in memory on each request, written at most once a minute in the background."""

from __future__ import annotations

from typing import Final

from letrics.accounts.base import OpenAccounts
from letrics.store.base import StoreAway

INTERVAL_MS: Final = 60_000
"""Minimum time between two writes for a token, in milliseconds (1 minute)."""


_WRITE: Final = (
    "UPDATE token SET last_used_at = ?1 WHERE id = ?2 "
    "AND (coalesce(last_used_at, 0) <= ?1 - ?3 OR last_used_at > ?1 + ?3) RETURNING id"
)
"""A time in the future was written before the clock was set back."""


class LastUsed:
    """The times to write. Call `note` in the server's thread; `flush` may run in another thread."""

    def __init__(self, open_accounts: OpenAccounts) -> None:
        self._open_accounts = open_accounts
        self._noted: dict[int, int] = {}
        self._written: dict[int, int] = {}

    def note(self, token: int, now: int) -> None:
        """Note that the token was used at `now` (milliseconds since 1970)."""
        if abs(now - self._written.get(token, 0)) >= INTERVAL_MS:
            self._noted[token] = now

    def flush(self) -> int:
        """Write the noted times; returns the number of tokens written.

        If several server processes run, a condition in the SQL limits them together to one write a minute per token. If
        the database is unavailable, the times stay noted and the next flush retries them.
        """
        due, self._noted = self._noted, {}
        if not due:
            return 0
        try:
            with self._open_accounts() as database, database.away, database.connection.writing():
                written = sum(
                    len(database.connection.execute(_WRITE, (now, token, INTERVAL_MS)).fetchall())
                    for token, now in due.items()
                )
        except StoreAway:
            self._noted = due | self._noted
            return 0
        self._written.update(due)
        return written

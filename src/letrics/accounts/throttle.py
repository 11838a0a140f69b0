"""Throttling of password attempts: at sign-in by account and by IP address, later by session. Waiting times double, and
are stored across restarts.

An attempt is counted before its password is checked, so that parallel attempts gain nothing. An account that does not
exist is throttled like one that does.
"""

from __future__ import annotations

import hashlib
import ipaddress
from typing import Final

from letrics.accounts.base import Accounts
from letrics.accounts.database import now_ms
from letrics.accounts.sessions import Session
from letrics.normalize.time import DAY_MS
from letrics.store.sql import read_value

FREE_BY_ACCOUNT: Final = 5
"""Number of failed attempts of an account at which waiting starts: 1 second, doubled by each further failure."""
FREE_BY_ADDRESS: Final = 20
"""Number of failed attempts of an IP address at which waiting starts, as for an account."""

LONGEST_MS: Final = 15 * 60 * 1000
"""Longest wait in milliseconds (15 minutes). It is limited because anyone can cause it for any account."""

_FORGOTTEN_MS: Final = DAY_MS
"""Milliseconds (1 day) after the last attempt at which the failures of an account or address are deleted."""


class Throttle:
    """Counts sign-in attempts. Every method may raise StoreAway."""

    def __init__(self, database: Accounts) -> None:
        self._database = database
        self._connection = database.connection

    def attempt(self, account: str, address: str, now: int | None = None) -> int:
        """Count an attempt as failed until `succeeded` is called.

        Returns 0 if the attempt may proceed. Otherwise returns the milliseconds to wait, and does not count the
        attempt.
        """
        return self._attempt(((_account(account), FREE_BY_ACCOUNT), (_address(address), FREE_BY_ADDRESS)), now)

    def attempt_in(self, session: Session, now: int | None = None) -> int:
        """Like `attempt`, for a user who is signed in.

        It is counted by session alone: others who know the email or share the address cannot make the user wait.
        """
        return self._attempt(((_in_session(session), FREE_BY_ACCOUNT),), now)

    def _attempt(self, keys: tuple[tuple[bytes, int], ...], now: int | None) -> int:
        now = now_ms() if now is None else now
        with self._database.away, self._connection.writing():
            self._connection.execute("DELETE FROM attempt WHERE last_at <= ?", (now - _FORGOTTEN_MS,))
            wait = max(self._wait(key, now) for key, _ in keys)
            if wait > 0:
                return wait
            for key, free in keys:
                failed = read_value(self._connection, "SELECT failures FROM attempt WHERE key = ?", (key,))
                failures = 1 + int(failed or 0)
                pause = 0 if failures < free else min(LONGEST_MS, 1000 << min(failures - free, 20))
                self._connection.execute(
                    "INSERT INTO attempt (key, failures, last_at, blocked_until) VALUES (?, ?, ?, ?) "
                    "ON CONFLICT (key) DO UPDATE SET failures = excluded.failures, last_at = excluded.last_at, "
                    "blocked_until = excluded.blocked_until",
                    (key, failures, now, now + pause),
                )
        return 0

    def succeeded(self, account: str, address: str) -> None:
        """Record that the last attempt succeeded: reset the account's failures, and subtract one from the address's."""
        with self._database.away, self._connection.writing():
            self._connection.execute("DELETE FROM attempt WHERE key = ?", (_account(account),))
            self._connection.execute(
                "UPDATE attempt SET failures = CASE WHEN failures > 0 THEN failures - 1 ELSE 0 END, blocked_until = 0 "
                "WHERE key = ?",
                (_address(address),),
            )

    def succeeded_in(self, session: Session) -> None:
        """Record that the last attempt of the session succeeded: reset its failures."""
        with self._database.away, self._connection.writing():
            self._connection.execute("DELETE FROM attempt WHERE key = ?", (_in_session(session),))

    def _wait(self, key: bytes, now: int) -> int:
        until = read_value(self._connection, "SELECT blocked_until FROM attempt WHERE key = ?", (key,))
        return int(until or 0) - now


def _account(name: str) -> bytes:
    return hashlib.sha256(b"account " + name.encode("utf-8", "surrogatepass")).digest()


def _in_session(session: Session) -> bytes:
    """With the time it was created: SQLite may use the id again."""
    return hashlib.sha256(f"session {session.id} {session.created_at}".encode()).digest()


def _address(text: str) -> bytes:
    """The key of an IP address. An IPv6 address counts as its /64 network, the usual allocation of one customer."""
    try:
        address = ipaddress.ip_address(text)
    except ValueError:
        bare = text
    else:
        bare = str(ipaddress.ip_network((address, 64), strict=False)) if address.version == 6 else str(address)
    return hashlib.sha256(b"address " + bare.encode("utf-8", "surrogatepass")).digest()

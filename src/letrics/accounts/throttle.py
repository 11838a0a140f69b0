"""Throttling of password attempts, such that other people cannot make the owner of an account wait.

At sign-in, attempts are counted by the pair of account and IP address, and by address; in a browser in which the user
has signed in before, by this browser alone; later by session. They are not counted by account alone: anyone who knows
an email address could then keep its user out. Waiting times double, and are stored across restarts. Links to sign in
are not throttled, because their secrets cannot be guessed.

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
"""Number of failed attempts for an account at which waiting starts: 1 second, doubled by each further failure.

The attempts are those of one address, one known browser or one session.
"""
FREE_BY_ADDRESS: Final = 20
"""Number of failed attempts of an IP address, for all accounts, at which waiting starts."""
FREE_CODES: Final = 10
"""Number of wrong codes of the second factor, from anywhere, at which waiting starts: their sender has the password."""

LONGEST_MS: Final = 15 * 60 * 1000
"""Longest wait in milliseconds (15 minutes)."""

_FORGOTTEN_MS: Final = DAY_MS
"""Milliseconds (1 day) after the last attempt at which the failures of an account or address are deleted."""


_Key = tuple[bytes, int]
"""The key of a count, and the number of failures at which waiting starts."""


class Throttle:
    """Counts sign-in attempts. Every method may raise StoreAway."""

    def __init__(self, database: Accounts) -> None:
        self._database = database
        self._connection = database.connection

    def attempt(self, account: str, address: str, now: int | None = None, *, browser: str = "") -> int:
        """Count an attempt as failed until `succeeded` is called.

        `browser` is the secret of a browser that the user of the account is known to use, else empty. Returns 0 if the
        attempt may proceed. Otherwise returns the milliseconds to wait, and does not count the attempt.
        """
        return self._attempt(_keys(account, address, browser), now)

    def attempt_code(
        self, user_id: int, address: str, now: int | None = None, *, browser: str = "", recovery: bool = False
    ) -> int:
        """Like `attempt`, for a code of the second factor of a user whose password was right.

        In a browser that is not known, codes of six digits are also counted by user, because many addresses together
        could guess one. Recovery codes cannot be guessed.
        """
        account = _second_step(user_id)
        anywhere = () if browser or recovery else ((_digest("code", account), FREE_CODES),)
        return self._attempt((*_keys(account, address, browser), *anywhere), now)

    def attempt_in(self, session: Session, now: int | None = None) -> int:
        """Like `attempt`, for a user who is signed in.

        It is counted by session alone: others who know the email or share the address cannot make the user wait.
        """
        return self._attempt(((_in_session(session), FREE_BY_ACCOUNT),), now)

    def _attempt(self, keys: tuple[_Key, ...], now: int | None) -> int:
        now = now_ms() if now is None else now
        with self._database.away, self._connection.writing():
            self._connection.execute(
                "DELETE FROM attempt WHERE last_at <= ? OR last_at > ?", (now - _FORGOTTEN_MS, now + _FORGOTTEN_MS)
            )
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

    def succeeded(self, account: str, address: str, *, browser: str = "") -> None:
        """Record that the last attempt succeeded.

        Resets the failures of the pair or the known browser, and subtracts one from those of the address.
        """
        (own, _), *others = _keys(account, address, browser)
        with self._database.away, self._connection.writing():
            self._connection.execute("DELETE FROM attempt WHERE key = ?", (own,))
            for key, _ in others:
                self._connection.execute(
                    "UPDATE attempt SET failures = CASE WHEN failures > 0 THEN failures - 1 ELSE 0 END, "
                    "blocked_until = 0 WHERE key = ?",
                    (key,),
                )

    def succeeded_code(self, user_id: int, address: str, *, browser: str = "") -> None:
        """Record that the last attempt with a code succeeded."""
        account = _second_step(user_id)
        self.succeeded(account, address, browser=browser)
        with self._database.away, self._connection.writing():
            self._connection.execute("DELETE FROM attempt WHERE key = ?", (_digest("code", account),))

    def succeeded_in(self, session: Session) -> None:
        """Record that the last attempt of the session succeeded: reset its failures."""
        with self._database.away, self._connection.writing():
            self._connection.execute("DELETE FROM attempt WHERE key = ?", (_in_session(session),))

    def _wait(self, key: bytes, now: int) -> int:
        until = read_value(self._connection, "SELECT blocked_until FROM attempt WHERE key = ?", (key,))
        wait = int(until or 0) - now
        return wait if wait <= LONGEST_MS else 0  # a longer one was written before the clock was set back


def _keys(account: str, address: str, browser: str) -> tuple[_Key, ...]:
    """What an attempt is counted by. The first key belongs to its account."""
    if browser:
        return ((_digest("browser", account, browser), FREE_BY_ACCOUNT),)
    network = _network(address)
    return ((_digest("pair", account, network), FREE_BY_ACCOUNT), (_digest("address", network), FREE_BY_ADDRESS))


def _second_step(user_id: int) -> str:
    """The name under which codes of a user are counted. It is not a valid email address."""
    return f"\0second step of {user_id}"


def _digest(*parts: str) -> bytes:
    return hashlib.sha256("\0".join(parts).encode("utf-8", "surrogatepass")).digest()


def _in_session(session: Session) -> bytes:
    """With the time it was created: SQLite may use the id again."""
    return hashlib.sha256(f"session {session.id} {session.created_at}".encode()).digest()


def _network(text: str) -> str:
    """The network of an IP address. That of an IPv6 address is its /64, the usual allocation of one customer."""
    try:
        address = ipaddress.ip_address(text)
    except ValueError:
        return text
    return str(ipaddress.ip_network((address, 64), strict=False)) if address.version == 6 else str(address)

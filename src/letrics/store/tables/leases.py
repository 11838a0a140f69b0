"""The table of leases: which process does what only one process at a time may do."""

from __future__ import annotations

from typing import Final

from letrics.store.sql import Statements

_ACQUIRE: Final = """
INSERT INTO lease (name, holder, expires_ms) VALUES (?1, ?2, ?3)
ON CONFLICT (name) DO UPDATE SET holder = excluded.holder, expires_ms = excluded.expires_ms
WHERE lease.holder = excluded.holder OR lease.expires_ms <= ?4 OR lease.expires_ms > ?5
RETURNING name
"""
_MAX_MS: Final = 600_000
"""Milliseconds that no lease lasts (10 minutes), other than that of the same name that is asked for."""
_SLACK_MS: Final = 60_000
"""Milliseconds by which the holder may have read the clock later than a caller, which waited for the database."""


def acquire_lease(connection: Statements, name: str, holder: str, seconds: float, now_ms: int) -> bool:
    """Give the lease to `holder` until `seconds` after `now_ms`, unless another holder has it.

    A lease that lasts longer than any does was written before the clock was set back, and counts as expired.
    Returns whether `holder` has it. One statement: of several callers at the same time, one succeeds.
    """
    expires = now_ms + round(seconds * 1000)
    latest = max(expires, now_ms + _MAX_MS) + _SLACK_MS
    return bool(connection.execute(_ACQUIRE, (name, holder, expires, now_ms, latest)).fetchall())


def release_lease(connection: Statements, name: str, holder: str) -> None:
    """End the lease if `holder` has it."""
    connection.execute("DELETE FROM lease WHERE name = ? AND holder = ?", (name, holder))

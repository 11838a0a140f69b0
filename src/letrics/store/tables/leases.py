"""The table of leases: which process does what only one process at a time may do."""

from __future__ import annotations

from typing import Final

from letrics.store.sql import Statements

_ACQUIRE: Final = """
INSERT INTO lease (name, holder, expires_ms) VALUES (?1, ?2, ?3)
ON CONFLICT (name) DO UPDATE SET holder = excluded.holder, expires_ms = excluded.expires_ms
WHERE lease.holder = excluded.holder OR lease.expires_ms <= ?4
RETURNING name
"""


def acquire_lease(connection: Statements, name: str, holder: str, seconds: float, now_ms: int) -> bool:
    """Give the lease to `holder` until `seconds` after `now_ms`, unless another holder has it.

    Returns whether `holder` has it. One statement: of several callers at the same time, one succeeds.
    """
    expires = now_ms + round(seconds * 1000)
    return bool(connection.execute(_ACQUIRE, (name, holder, expires, now_ms)).fetchall())


def release_lease(connection: Statements, name: str, holder: str) -> None:
    """End the lease if `holder` has it."""
    connection.execute("DELETE FROM lease WHERE name = ? AND holder = ?", (name, holder))

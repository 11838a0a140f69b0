"""Leases by a clock that is set back."""

from __future__ import annotations

import pytest

from letrics.store.sql import SqlConnection
from letrics.store.tables.leases import acquire_lease

_YEARS_MS = 10 * 365 * 86_400_000


def test_acquire_lease_of_a_clock_set_back_counts_as_expired(connection: SqlConnection) -> None:
    assert acquire_lease(connection, "x", "a", 30, _YEARS_MS)
    assert not acquire_lease(connection, "x", "b", 30, _YEARS_MS)
    assert not acquire_lease(connection, "x", "b", 1, _YEARS_MS - 60_000)
    assert acquire_lease(connection, "x", "b", 30, 1_000)
    assert not acquire_lease(connection, "x", "a", 30, 2_000)


@pytest.mark.parametrize("seconds", [600, 86_000])
def test_acquire_lease_by_a_clock_read_earlier_is_refused(connection: SqlConnection, seconds: float) -> None:
    assert acquire_lease(connection, "x", "a", seconds, 5_000)
    assert not acquire_lease(connection, "x", "b", seconds, 4_000), "it waited for the database"

"""Reads for followers: the changes since a seq, and how long tombstones stay stored."""

from __future__ import annotations

import time
from pathlib import Path

import pytest

from letrics.store.base import StoreAway, StoreDamaged
from letrics.store.connection import open_sqlite
from letrics.store.sqlite import SqliteStore
from letrics.store.tables.following import register
from tests.store.patches import row


class TestFollowers:
    def test_a_silent_follower_is_forgotten_after_seven_days(self, store: SqliteStore) -> None:
        store.put_contacts([row("1"), row("2")])
        start = store.position().seq
        store.follow("silent", start)
        store.delete("contacts", [0])
        store.follow("awake", store.position().seq)
        assert store.changes(start, 10) is not None
        later = time.time_ns() // 1_000_000 + 8 * 24 * 3600 * 1000
        register(store._connection, "awake", store.position().seq, later)
        with pytest.raises(LookupError, match="no longer stored"):
            store.changes(start, 10)

    def test_a_follower_with_nothing_new_does_not_write(self, store: SqliteStore, tmp_path: Path) -> None:
        store.follow("one", 0)
        other = open_sqlite(tmp_path / "log.db")
        other.execute("BEGIN IMMEDIATE")
        store._connection.set_busy_timeout(1)
        store.follow("one", 0)
        with pytest.raises(StoreAway):
            store.follow("one", 1)
        other.close()


@pytest.mark.parametrize("company", [1 << 31, 1 << 40, -5])
def test_contact_of_a_company_that_was_never_assigned_is_damaged(store: SqliteStore, company: int) -> None:
    """An index would allocate memory for all companies up to it."""
    store.put_contacts([row("1"), row("2")])
    store.sql.execute("UPDATE contact SET company = ? WHERE num = 1", (company,))
    with pytest.raises(StoreDamaged, match="the row 1 of the table contact"):
        store.changes(0, 100)
    with pytest.raises(StoreDamaged, match="the row 1 of the table contact"):
        list(store.scan(100))

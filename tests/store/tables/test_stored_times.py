"""Malformed times in tables without checksums."""

from __future__ import annotations

import pytest

from letrics.identity.patches import ContactPatch
from letrics.store.sqlite.store import SqliteStore

_BAD = ("'2026-13-01T00:00:00.000Z'", "''", "CAST(x'e1' AS TEXT)")


@pytest.fixture
def filled(store: SqliteStore) -> SqliteStore:
    store.put_contacts([ContactPatch(external_id=f"c{n}", company="f.example") for n in range(3)])
    store.dismiss_duplicate("c0", "c1")
    store.forget([2])
    assert store.integrity() == []
    return store


@pytest.mark.parametrize("value", _BAD)
@pytest.mark.parametrize(
    ("table", "column", "words"),
    [("forgotten", "forgotten_at", "1 time at which a person was forgotten is malformed"),
     ("duplicate", "found_at", "1 time at which a possible duplicate was found is malformed"),
     ("batch", "written", "times at which changes were written are malformed")],
)  # fmt: skip
def test_malformed_time_is_reported_and_replaced(
    filled: SqliteStore, table: str, column: str, words: str, value: str
) -> None:
    filled.sql.execute(f"UPDATE {table} SET {column} = {value}")
    found = filled.integrity()
    assert any(words in fault and "--repair" in fault for fault in found)
    assert all(words in fault or "is not UTF-8" in fault for fault in found)
    if table == "batch":
        assert filled.describe().changed_ms is None
    assert any("malformed time" in words for words in filled.repair(lambda *_: None))
    assert filled.integrity() == []


def test_time_of_a_batch_may_be_unknown(filled: SqliteStore) -> None:
    filled.sql.execute("UPDATE batch SET written = NULL")
    assert filled.integrity() == [] and filled.repair(lambda *_: None) == []

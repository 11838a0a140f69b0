"""Rows with values that a sound database does not have: named, and not passed on."""

from __future__ import annotations

import pytest

from letrics.store.base import StoreDamaged
from letrics.store.sqlite import SqliteStore
from letrics.store.tables.typed_rows import typed_row, typed_rows
from tests.store.patches import row


@pytest.mark.parametrize("found", [None, (1,), (1, None), ("1", "a"), (1, b"a"), (1, "a", 2)])
def test_row_of_other_types_is_refused(store: SqliteStore, found: tuple[object, ...] | None) -> None:
    with pytest.raises(StoreDamaged, match=r"the row 7 of the table log .* `letrics check`"):
        typed_row(store.sql, "log", 7, found, tuple[int, str])


def test_rows_of_the_types_are_returned(store: SqliteStore) -> None:
    assert typed_row(store.sql, "log", 7, (1, "a"), tuple[int, str]) == (1, "a")
    assert typed_rows(store.sql, "log", 7, [(1,), (2,)], tuple[int]) == [(1,), (2,)]


@pytest.mark.parametrize(
    ("harm", "table"),
    [
        ("UPDATE log SET next_contact = 1 << 40", "log"),
        ("UPDATE log SET next_company = -5", "log"),
        ("UPDATE log SET pruned = 77", "log"),
        ("DELETE FROM batch", "batch"),
        ("UPDATE tombstone SET num = 1 << 33", "tombstone"),
        ("UPDATE tombstone SET kind = 3", "tombstone"),
    ],
)
def test_log_with_impossible_numbers_is_not_followed(store: SqliteStore, harm: str, table: str) -> None:
    store.put_contacts([row("1"), row("2")])
    store.delete("contacts", [0])
    store.sql.execute(harm)
    with pytest.raises(StoreDamaged) as refused:
        store.changes(0, 100)
    assert refused.value.table == table
    assert store.integrity() != []
    assert store.repair(lambda *_: None) != []
    assert store.integrity() == []


def test_log_with_a_high_counter_is_not_read_to_its_end(store: SqliteStore) -> None:
    store.put_contacts([row("1")])
    store.sql.execute("UPDATE log SET next_contact = 1 << 60")
    for read in (store.counts, store.describe, lambda: list(store.scan(100)), lambda: store.put_contacts([row("2")])):
        with pytest.raises(StoreDamaged):
            read()


def test_key_with_a_part_that_is_too_long_is_removed(store: SqliteStore) -> None:
    store.put_contacts([row("1")])
    store.sql.execute("UPDATE recent_key SET mark = mark + (1 << 40)")
    assert any("more than 32 bits" in words for words in store.integrity())
    store.repair(lambda *_: None)
    assert store.integrity() == [] and store.find("contacts", "1") is not None

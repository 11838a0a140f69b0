"""Rows of numbers with checksums: found when damaged, with the number that was changed."""

from __future__ import annotations

import pytest

from letrics.store.sql import read_rows
from letrics.store.sqlite.store import SqliteStore
from letrics.store.tables.number_rows import (
    BATCHES,
    MERGED,
    RESTORED,
    NumberTable,
    damaged_numbers,
    former_number,
    insert_numbers,
    set_number,
)

_TABLES = (BATCHES, RESTORED, MERGED)


@pytest.mark.parametrize("table", _TABLES, ids=lambda table: table.name)
@pytest.mark.parametrize("bit", [0, 5, 31, 32, 62])
def test_flipped_bit_is_found_and_corrected(store: SqliteStore, table: NumberTable, bit: int) -> None:
    whole = tuple(range(7, 7 + len(table.columns)))
    for place, column in enumerate(table.columns):
        store.sql.execute(f"DELETE FROM {table.name}")
        insert_numbers(store.sql, table, [whole])
        assert damaged_numbers(store.sql, table) == []
        store.sql.execute(f"UPDATE {table.name} SET {column} = {column} + ?", (1 << bit,))
        [row] = damaged_numbers(store.sql, table)
        found = [former_number(row, at) for at in range(len(whole))]
        assert found == [whole[place] if at == place else None for at in range(len(whole))]
        set_number(store.sql, table, row, place, whole[place])
        assert damaged_numbers(store.sql, table) == []
        assert read_rows(store.sql, f"SELECT {', '.join(table.columns)} FROM {table.name}") == [whole]


def test_row_with_two_changed_numbers_has_no_correction(store: SqliteStore) -> None:
    insert_numbers(store.sql, RESTORED, [(9, 5)])
    store.sql.execute("UPDATE restored SET seq = 8, former = 4")
    [row] = damaged_numbers(store.sql, RESTORED)
    assert [former_number(row, place) for place in (0, 1)] == [None, None]


def test_row_of_an_earlier_version_is_not_damaged(store: SqliteStore) -> None:
    store.sql.execute("INSERT INTO restored VALUES (9, 5, NULL)")
    assert damaged_numbers(store.sql, RESTORED) == []

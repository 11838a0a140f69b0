"""List column against a dictionary of lists."""

from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from letrics.engines.bitmap.columns.list_column import ListColumn, counts_per_list, deduplicate_lists


@given(st.lists(st.dictionaries(st.integers(0, 7), st.lists(st.integers(0, 2), max_size=3)), max_size=6))
def test_list_column_last_lists_are_read_and_stored_once(turns: list[dict[int, list[int]]]) -> None:
    lists = ListColumn()
    lists.grow(8)
    plain: dict[int, list[int]] = {}

    def put(turn: dict[int, list[int]]) -> None:
        nums = np.array(list(turn), dtype=np.uint32)
        counts = np.array([len(ids) for ids in turn.values()], dtype=np.uint32)
        lists.put(nums, counts, np.array([id_ for ids in turn.values() for id_ in ids], dtype=np.uint32))

    for turn in turns:
        put(turn)
        plain |= turn
        before = len(lists.ids)
        put(turn)
        assert len(lists.ids) == before
        every = np.arange(8, dtype=np.uint32)
        ids, nums = lists.pairs(every, every)
        pairs = list(zip(ids.tolist(), nums.tolist(), strict=True))
        assert pairs == [(id_, num) for num in range(8) for id_ in plain.get(num, [])]


LISTS = st.lists(st.lists(st.integers(0, 5), max_size=6), max_size=12)


@given(LISTS)
def test_list_column_put_reports_lists_that_differ(lists: list[list[int]]) -> None:
    column, plain = ListColumn(), {0: [1], 1: [2, 2]}
    column.grow(12)
    _put(column, plain)
    new = dict(enumerate(lists))
    assert _put(column, new) == [ids != plain.get(num, []) for num, ids in new.items()]


@given(st.lists(LISTS, min_size=1, max_size=4))
def test_list_column_compacted_keeps_the_last_lists(turns: list[list[list[int]]]) -> None:
    column, plain = ListColumn(), dict[int, list[int]]()
    column.grow(12)
    for turn in turns:
        _put(column, dict(enumerate(turn)))
        plain |= dict(enumerate(turn))
    column.compact()
    assert _pairs(column) == [(id_, num) for num in range(12) for id_ in plain.get(num, [])]


def test_list_column_mostly_unused_is_compacted() -> None:
    column = ListColumn()
    column.grow(2)
    for number in range(1_200):
        _put(column, {0: [number]})
    _put(column, {1: [7, 8]})
    column.compact()
    assert column.ids.whole().tolist() == [1_199, 7, 8]


@given(LISTS)
def test_deduplicate_lists_any_lists_are_their_sorted_sets(lists: list[list[int]]) -> None:
    counts = np.array(list(map(len, lists)), np.uint32)
    flat = [id_ for ids in lists for id_ in ids]
    for dtype in (np.uint32, np.uint64):
        new_counts, values = deduplicate_lists(counts, np.array(flat, dtype))
        split = np.split(values, np.cumsum(new_counts)[:-1]) if lists else []
        assert [sorted(part.tolist()) for part in split] == [sorted(set(ids)) for ids in lists]


@given(st.lists(st.lists(st.integers(0, 4), max_size=4), max_size=9))
def test_counts_per_list_sums_the_values_of_its_items(lists: list[list[int]]) -> None:
    counts = np.array(list(map(len, lists)), np.uint32)
    each = np.array([size for sizes in lists for size in sizes], np.uint32)
    assert counts_per_list(counts, each).tolist() == list(map(sum, lists))


def _put(column: ListColumn, lists: dict[int, list[int]]) -> list[bool]:
    nums, counts = np.array(list(lists), np.uint32), np.array(list(map(len, lists.values())), np.uint32)
    changed: list[bool] = column.put(
        nums, counts, np.array([id_ for ids in lists.values() for id_ in ids], np.uint32)
    ).tolist()
    return changed


def _pairs(column: ListColumn) -> list[tuple[int, int]]:
    every = np.arange(12, dtype=np.uint32)
    ids, nums = column.pairs(every, every)
    return list(zip(ids.tolist(), nums.tolist(), strict=True))

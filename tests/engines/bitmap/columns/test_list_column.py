"""List column against a dictionary of lists."""

from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from letrics.engines.bitmap.columns.list_column import ListColumn


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

"""Bitset rows: unions as plain bits against bitmaps."""

from __future__ import annotations

import random

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pyroaring import BitMap

from letrics.engines.bitmap.costs import DEFAULT_COSTS
from letrics.engines.bitmap.kernel.arrays import to_bitmap
from letrics.engines.bitmap.segment.bitset_rows import BitsetRows
from letrics.engines.bitmap.segment.postings import Postings
from letrics.engines.bitmap.storage.bitmap_store import BitmapCache, BitmapStore
from tests.engines.bitmap.costs import SMALL, random_costs


@given(st.integers(0, 2**32 - 1))
@settings(max_examples=8, deadline=None)
def test_bitset_rows_any_union_matches_bitmaps(seed: int) -> None:
    rng = np.random.default_rng(seed)
    span = int(rng.integers(500_000, 900_000))
    shares = rng.choice([0.0001, 0.004, 0.011, 0.02, 0.05, 0.062, 0.08, 0.4], 24)
    sets = [np.flatnonzero(rng.random(span) < share).astype(np.uint32) for share in shares]
    sets[0] = np.r_[sets[0], np.uint32(span - 1)]
    sets[1] = np.arange(100, 20_000, dtype=np.uint32)  # all in one container: the others have none
    ids = np.repeat(np.arange(24, dtype=np.uint32) * 3, list(map(len, sets)))
    postings = Postings.of_pairs(ids, np.concatenate(sets), BitmapCache(), DEFAULT_COSTS)
    assert len(postings.rows.ids) > 0
    for _ in range(20):
        asked = np.sort(rng.choice(24, int(rng.integers(1, 24)), replace=False))
        found = postings.union((asked * 3).astype(np.uint32))
        assert found == to_bitmap(np.concatenate([sets[at] for at in asked.tolist()]))
    for row, id_ in enumerate(postings.rows.ids.tolist()):  # thin and full containers
        assert postings.rows.union([row]) == postings.get(id_) == to_bitmap(sets[id_ // 3])


SETS = st.lists(st.sets(st.integers(0, 150_000), max_size=40), min_size=1, max_size=8)


@given(SETS, st.integers(0, 99))
@settings(max_examples=40, deadline=None)
def test_bitset_rows_frequent_postings_have_rows(sets: list[set[int]], seed: int) -> None:
    costs = random_costs(random.Random(seed))
    store = BitmapStore.of([BitMap(nums).serialize() for nums in sets], BitmapCache())
    ids = np.arange(len(sets), dtype=np.uint32) * 3
    counts = np.array(list(map(len, sets)), np.uint32)
    rows = BitsetRows.of(ids, counts, store, 150_001, costs)
    is_large = costs.large_segment_records <= 150_001
    least = costs.sparse_nums_per_container * 150_001 / 65_536
    frequent = [at for at, nums in enumerate(sets) if is_large and len(nums) >= least]
    assert rows.ids.tolist() == [3 * at for at in frequent]
    for count in range(1, len(frequent) + 1):
        assert set(rows.union(list(range(count)))) == set().union(*(sets[at] for at in frequent[:count]))
    assert rows.may_unite(ids.tolist()) == (len(frequent) > 2)


@pytest.mark.parametrize("span", [600_000, 7_000_000, 10_000_000])
def test_bitset_rows_of_many_nums_have_rows(span: int) -> None:
    least = -(-DEFAULT_COSTS.sparse_nums_per_container * span // 65_536)
    counts = [least - 1, least, 65_536, 70_000, span]
    stored = [BitMap(range(count)).serialize() for count in counts]
    ids = np.arange(len(counts), dtype=np.uint32)
    store = BitmapStore.of(stored, BitmapCache())
    rows = BitsetRows.of(ids, np.array(counts, np.uint32), store, span, DEFAULT_COSTS)
    assert rows.ids.tolist() == [at for at, count in enumerate(counts) if count >= least]


@pytest.mark.parametrize(("count", "rows"), [(15, []), (16, [0, 1])])
def test_bitset_rows_split_unites_only_enough_nums(count: int, rows: list[int]) -> None:
    store = BitmapStore.of([BitMap(range(9)).serialize()] * 2, BitmapCache())
    ids = np.array([4, 7], np.uint32)
    made = BitsetRows.of(ids, np.array([9, 9], np.uint32), store, 100, SMALL)  # 2 rows of 8 nums in 1 container
    assert made.split([4, 5, 7], [count - 9, 3, 9]) == (rows, [5] if rows else [4, 5, 7])

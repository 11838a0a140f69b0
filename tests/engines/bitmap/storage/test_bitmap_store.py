"""Bitmap store against a list of sets, and its cache against a naive one."""

from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st
from pyroaring import BitMap

from letrics.engines.bitmap.storage.bitmap_store import (
    BITMAP_OVERHEAD_BYTES,
    BitmapCache,
    BitmapStore,
    bitmaps_by_group,
    next_owner,
)


def test_bitmap_cache_full_evicts_the_least_recently_used() -> None:
    cache = BitmapCache(100)
    for at in range(5):
        cache.put((0, at), BitMap([at]), 40)
    assert [cache.get((0, at)) for at in range(5)] == [None, None, None, BitMap([3]), BitMap([4])]
    assert cache.get((0, 3)) == BitMap([3])
    cache.put((0, 9), BitMap([9]), 40)
    assert cache.get((0, 4)) is None and cache.get((0, 3)) is not None
    cache.put((0, 9), BitMap([9]), 40)  # as two threads may do: it counts once
    assert cache.get((0, 3)) is not None


@given(st.lists(st.tuples(st.integers(0, 6), st.integers(1, 50) | st.none()), max_size=60), st.integers(0, 120))
def test_bitmap_cache_any_uses_evict_like_a_list(uses: list[tuple[int, int | None]], capacity: int) -> None:
    cache, plain = BitmapCache(capacity), list[tuple[int, int]]()  # the least recently used first
    for key, size in uses:
        if size is None:
            found = [entry for entry in plain if entry[0] == key]
            assert (cache.get((0, key)) is not None) == bool(found)
            plain = [entry for entry in plain if entry[0] != key] + found
        else:
            cache.put((0, key), BitMap([key]), size)
            plain = [entry for entry in plain if entry[0] != key] + [(key, size)]
            while sum(size for _, size in plain) > capacity and len(plain) > 1:
                plain.pop(0)


def test_bitmap_cache_fresh_is_empty_with_the_same_capacity() -> None:
    cache = BitmapCache(10)
    cache.put((0, 1), BitMap([1]), 4)
    fresh = cache.fresh()
    assert fresh.get((0, 1)) is None and cache.get((0, 1)) is not None
    for key in (1, 2, 3):
        fresh.put((0, key), BitMap([key]), 4)
    assert fresh.get((0, 1)) is None and fresh.get((0, 2)) is not None


@given(st.lists(st.sets(st.integers(0, 2**32 - 1), max_size=20), max_size=6))
def test_bitmap_store_any_sets_are_read_back(sets: list[set[int]]) -> None:
    store = BitmapStore.of([BitMap(numbers).serialize() for numbers in sets], BitmapCache())
    assert len(store) == len(sets)
    for at, numbers in enumerate(sets):
        assert set(store[at]) == set(store.load(at)) == numbers
    assert list(map(set, store.part(0, len(sets)))) == sets


def test_bitmap_store_cached_bitmap_is_the_same_object() -> None:
    cache = BitmapCache()
    one, other = (BitmapStore.of([BitMap([number]).serialize()], cache) for number in (1, 2))
    assert one[0] is one[0] and one[0] is not one.load(0)
    assert (list(one[0]), list(other[0])) == ([1], [2])


def test_bitmap_store_cache_too_small_still_reads() -> None:
    store = BitmapStore.of([BitMap([at]).serialize() for at in range(3)], BitmapCache(BITMAP_OVERHEAD_BYTES))
    assert [list(store[at]) for at in (0, 1, 2, 0)] == [[0], [1], [2], [0]]


@given(st.lists(st.tuples(st.integers(0, 4), st.integers(0, 200_000)), unique=True, max_size=40))
def test_bitmaps_by_group_any_pairs_equal_sets(pairs: list[tuple[int, int]]) -> None:
    groups, nums = np.array([group for group, _ in pairs], np.int64), np.array([num for _, num in pairs], np.uint32)
    found = [set(BitMap.deserialize(data)) for data in bitmaps_by_group(groups, nums, 6)]
    assert found == [{num for of, num in pairs if of == group} for group in range(6)]


def test_next_owner_is_never_repeated() -> None:
    assert len({next_owner() for _ in range(100)}) == 100

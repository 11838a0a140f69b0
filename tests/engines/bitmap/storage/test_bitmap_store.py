"""Bitmap cache: the least recently used bitmaps are evicted."""

from __future__ import annotations

from pyroaring import BitMap

from letrics.engines.bitmap.storage.bitmap_store import BitmapCache


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

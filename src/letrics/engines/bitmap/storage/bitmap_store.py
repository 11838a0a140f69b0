"""Bitmap store and bitmap cache: compressed bitmaps in one block of memory, decompressed on demand.

Nearly all of an index is such bitmaps. Left compressed in the mapped file they take no memory, and a server starts
without reading them. Decompressing one is a copy (0.2 ms for the largest of ten million records). A cache of bounded
size keeps the bitmaps that were used last.
"""

from __future__ import annotations

from collections.abc import Hashable, Iterable
from itertools import count
from threading import Lock
from typing import Any, Final

import numpy as np
from pyroaring import BitMap

from letrics.engines.bitmap.kernel.arrays import Ints
from letrics.engines.bitmap.kernel.roaring import deserialize, serialize_nums

DEFAULT_CACHE_BYTES: Final = 384 << 20
"""Capacity of the bitmap cache where none is configured."""
BITMAP_OVERHEAD_BYTES: Final = 128
"""Approximate bytes that a decompressed bitmap takes beyond its serialized size."""
_owners: Final = count()
"""Source of owner numbers, see `next_owner`."""

CacheKey = tuple[int, Hashable]
"""Owner number (see `next_owner`) and the owner's own name for a bitmap."""


def next_owner() -> int:
    """A number that no other owner of cached bitmaps has."""
    return next(_owners)


class BitmapCache:
    """LRU cache of decompressed bitmaps, of at most `capacity_bytes`. All threads may use it."""

    def __init__(self, capacity_bytes: int = DEFAULT_CACHE_BYTES) -> None:
        self._capacity_bytes = capacity_bytes
        self._entries: dict[CacheKey, tuple[int, BitMap]] = {}
        self._bytes = 0
        self._lock = Lock()

    def fresh(self) -> BitmapCache:
        """An empty cache of the same capacity."""
        return BitmapCache(self._capacity_bytes)

    def get(self, key: CacheKey) -> BitMap | None:
        """The cached bitmap, or None. Marks it as used last."""
        with self._lock:
            entry = self._entries.pop(key, None)
            if entry is None:
                return None
            self._entries[key] = entry  # now the last one to be evicted
            return entry[1]

    def put(self, key: CacheKey, numbers: BitMap, size: int) -> None:
        """Cache a bitmap that takes about `size` bytes, and evict the least recently used ones above the capacity."""
        with self._lock:
            replaced_bytes = self._entries.pop(key, (0, None))[0]  # two threads may have decompressed the same bitmap
            self._bytes += size - replaced_bytes
            self._entries[key] = (size, numbers)
            while self._bytes > self._capacity_bytes and len(self._entries) > 1:
                self._bytes -= self._entries.pop(next(iter(self._entries)))[0]


class BitmapStore:
    """Immutable sequence of serialized bitmaps: bitmap k is `data[offsets[k] : offsets[k + 1]]`."""

    __slots__ = ("_cache", "_owner", "data", "offsets")

    def __init__(self, data: memoryview, offsets: Ints, cache: BitmapCache) -> None:
        self.data = data
        self.offsets = offsets
        self._cache = cache
        self._owner = next_owner()

    @classmethod
    def of(cls, serialized: Iterable[bytes], cache: BitmapCache) -> BitmapStore:
        """A store of bitmaps that are serialized already."""
        parts = list(serialized)
        sizes = np.fromiter(map(len, parts), dtype=np.int64, count=len(parts))
        return cls(memoryview(b"".join(parts)), np.r_[0, np.cumsum(sizes, dtype=np.int64)], cache)

    def __len__(self) -> int:
        return len(self.offsets) - 1

    def __getitem__(self, at: int) -> BitMap:
        """The bitmap at this position, through the cache. Not to be modified."""
        key = (self._owner, at)
        bitmap = self._cache.get(key)
        if bitmap is None:
            bitmap = self.load(at)
            self._cache.put(key, bitmap, int(self.offsets[at + 1] - self.offsets[at]) + BITMAP_OVERHEAD_BYTES)
        return bitmap

    def load(self, at: int) -> BitMap:
        """The bitmap at this position, decompressed without the cache."""
        return deserialize(self.data[int(self.offsets[at]) : int(self.offsets[at + 1])])

    def part(self, start: int, end: int) -> list[BitMap]:
        """The bitmaps from position `start` up to `end`."""
        return [self[at] for at in range(start, end)]


def bitmaps_by_group(groups: Any, nums: Any, group_count: int) -> Iterable[bytes]:
    """For each group from 0 up to `group_count`, the serialized bitmap of its nums. `groups` has the group of each of
    `nums`."""
    pairs = (groups.astype(np.uint64) << np.uint64(32)) | nums
    pairs.sort()
    edges = np.searchsorted(pairs, np.arange(group_count + 1, dtype=np.uint64) << np.uint64(32))
    ordered = pairs.astype(np.uint32)
    for first, last in zip(edges[:-1].tolist(), edges[1:].tolist(), strict=True):
        yield serialize_nums(ordered[first:last])

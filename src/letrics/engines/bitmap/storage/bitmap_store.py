"""Many sets in one piece of memory, packed, and unpacked when asked for.

Nearly all of an index is such sets. Left packed in the mapped file they take no memory of their own, and a server
starts without touching them: unpacking is a copy (0.2 ms for the largest of ten million records). Those asked for
lately are kept unpacked on a shelf of bounded size.
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
BITMAP_OVERHEAD_BYTES: Final = 128
"""Bytes of an unpacked set beyond its packed form, about."""
_owners: Final = count()

CacheKey = tuple[int, Hashable]
"""The number of whoever put a set on a shelf, and its own name for it."""


def next_owner() -> int:
    """A number nobody else has."""
    return next(_owners)


class BitmapCache:
    """Unpacked sets by name, the latest asked for; at most `most` bytes of them. Any thread may use it."""

    def __init__(self, most: int = DEFAULT_CACHE_BYTES) -> None:
        self._most = most
        self._kept: dict[CacheKey, tuple[int, BitMap]] = {}
        self._bytes = 0
        self._lock = Lock()

    def fresh(self) -> BitmapCache:
        """An empty one of the same size."""
        return BitmapCache(self._most)

    def get(self, name: CacheKey) -> BitMap | None:
        with self._lock:
            found = self._kept.pop(name, None)
            if found is None:
                return None
            self._kept[name] = found  # the latest is the last to go
            return found[1]

    def put(self, name: CacheKey, numbers: BitMap, size: int) -> None:
        """Keep a set that takes about `size` bytes."""
        with self._lock:
            self._bytes += size - self._kept.pop(name, (0, None))[0]  # two threads may have unpacked the same
            self._kept[name] = (size, numbers)
            while self._bytes > self._most and len(self._kept) > 1:
                self._bytes -= self._kept.pop(next(iter(self._kept)))[0]


class BitmapStore:
    """Immutable: sets by their place, packed one after the other in `data`; set k lies between offsets k and k + 1."""

    __slots__ = ("_cache", "_number", "data", "offsets")

    def __init__(self, data: memoryview, offsets: Ints, cache: BitmapCache) -> None:
        self.data = data
        self.offsets = offsets
        self._cache = cache
        self._number = next_owner()

    @classmethod
    def of(cls, packed: Iterable[bytes], cache: BitmapCache) -> BitmapStore:
        """From sets that are packed already."""
        parts = list(packed)
        sizes = np.fromiter(map(len, parts), dtype=np.int64, count=len(parts))
        return cls(memoryview(b"".join(parts)), np.r_[0, np.cumsum(sizes, dtype=np.int64)], cache)

    def __len__(self) -> int:
        return len(self.offsets) - 1

    def __getitem__(self, at: int) -> BitMap:
        """The set at this place. Not to be changed."""
        name = (self._number, at)
        found = self._cache.get(name)
        if found is None:
            found = self.load(at)
            self._cache.put(name, found, int(self.offsets[at + 1] - self.offsets[at]) + BITMAP_OVERHEAD_BYTES)
        return found

    def load(self, at: int) -> BitMap:
        """The set at this place, unpacked anew and not kept."""
        return deserialize(self.data[int(self.offsets[at]) : int(self.offsets[at + 1])])

    def part(self, start: int, end: int) -> list[BitMap]:
        """The sets from place `start` up to `end`."""
        return [self[at] for at in range(start, end)]


def bitmaps_by_group(groups: Any, nums: Any, most: int) -> Iterable[bytes]:
    """For each group from 0 up to `most` the packed set of its nums; `groups` has the group of each of `nums`."""
    pairs = (groups.astype(np.uint64) << np.uint64(32)) | nums
    pairs.sort()
    edges = np.searchsorted(pairs, np.arange(most + 1, dtype=np.uint64) << np.uint64(32))
    ordered = pairs.astype(np.uint32)
    for first, last in zip(edges[:-1].tolist(), edges[1:].tolist(), strict=True):
        yield serialize_nums(ordered[first:last])

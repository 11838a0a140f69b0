"""Postings: for each id (of a value, a word, a title, a company) the set of nums that carry it.

Ids on many records are kept as packed Roaring sets; the rest, nearly all of them, as slices of one array, which takes a
tenth of the memory of small sets.
"""

from __future__ import annotations

from typing import Any, Final

import numpy as np
from pyroaring import BitMap

from letrics.engines.bitmap.kernel.arrays import Ints, Nums, expand_ranges, to_bitmap
from letrics.engines.bitmap.kernel.roaring import bitmap_of_sorted, serialize_nums, union
from letrics.engines.bitmap.segment.bitset_rows import BitsetRows
from letrics.engines.bitmap.storage.bitmap_store import BitmapCache, BitmapStore

MIN_DENSE_NUMS: Final = 512
"""From how many nums on an id is kept as a set of its own, at least;"""
_DENSE_SHARE: Final = 2_048
"""and from one num in so many on: the containers of a set cost more than a slice that is thin."""

_EMPTY: Final = BitMap()


class Postings:
    """Immutable. `ids` are those carried, ascending (and perhaps some that are not); `counts` how many nums each has;
    `offsets` and `nums` hold the slices of the rare ones (an empty slice for an id that is one of `dense_ids`, whose
    set is at the same place of `dense`); `rows` has some of the sets as bits too."""

    __slots__ = ("_place", "_whole", "counts", "dense", "dense_ids", "ids", "nums", "offsets", "rows")

    def __init__(
        self, ids: Nums, counts: Nums, offsets: Ints, nums: Nums, dense_ids: Nums, dense: BitmapStore, rows: BitsetRows
    ) -> None:
        self.ids = ids
        self.counts = counts
        self.offsets = offsets
        self.nums = nums
        self.dense_ids = dense_ids
        self.dense = dense
        self.rows = rows
        self._place = {id_: place for place, id_ in enumerate(dense_ids.tolist())}
        self._whole = bool(len(ids)) and int(ids[-1]) + 1 == len(ids)  # an id is its place

    @classmethod
    def of_pairs(cls, ids: Nums, nums: Nums, cache: BitmapCache, least: int | None = None) -> Postings:
        """From (id, num) pairs in any order; ids on at least `least` nums are kept as sets. O(n log n), in C."""
        span = int(nums.max()) + 1 if len(nums) else 0
        ids, counts, kept, nums, dense_ids, packed = _split_by_frequency(ids, nums, least or dense_threshold(span))
        if len(ids) and int(ids[-1]) < 2 * len(ids):  # nearly all ids are carried: to leave none out is faster to ask
            every = np.zeros((2, int(ids[-1]) + 1), np.int64)
            every[0, ids], every[1, ids] = counts, kept
            ids, counts, kept = np.arange(every.shape[1], dtype=np.uint32), every[0].astype(np.uint32), every[1]
        offsets = np.r_[0, np.cumsum(kept, dtype=np.int64)]
        return cls.of(ids, counts, offsets, nums, dense_ids, BitmapStore.of(packed, cache), span)

    @classmethod
    def of(
        cls, ids: Nums, counts: Nums, offsets: Ints, nums: Nums, dense_ids: Nums, dense: BitmapStore, span: int
    ) -> Postings:
        """From all but the sets as bits. Nums are below `span`."""
        sizes = counts[np.searchsorted(ids, dense_ids)]
        return cls(ids, counts, offsets, nums, dense_ids, dense, BitsetRows.of(dense_ids, sizes, dense, span))

    def _places(self, ids: Nums) -> Ints:
        """Where those of `ids` that are carried stand in `self.ids`."""
        if not len(self.ids):
            return np.zeros(0, np.int64)
        if self._whole:
            return ids[ids < len(self.ids)].astype(np.int64)
        at: Ints = np.minimum(np.searchsorted(self.ids, ids), len(self.ids) - 1)
        found: Ints = at[self.ids[at] == ids]
        return found

    def count(self, ids: Nums) -> int:
        """How many (id, num) pairs the ids have: at least the size of their union."""
        return int(self.counts[self._places(ids)].sum(dtype=np.int64))

    def sparse_count(self, ids: Nums) -> int:
        """How many (id, num) pairs the rare ones of the ids have."""
        at = self._places(ids)
        return int((self.offsets[at + 1] - self.offsets[at]).sum())

    def count_each(self, ids: Nums) -> Ints:
        """How many nums each of the ids has."""
        found = np.zeros(len(ids), np.int64)
        if self._whole:
            inside = ids < len(self.ids)
            found[inside] = self.counts[ids[inside]]
        elif len(self.ids):
            at = np.minimum(np.searchsorted(self.ids, ids), len(self.ids) - 1)
            found = np.where(self.ids[at] == ids, self.counts[at], 0).astype(np.int64)
        return found

    def existing(self, ids: Nums) -> Nums:
        """Those of the ids that any num has."""
        at = self._places(ids)
        return self.ids[at[self.counts[at] > 0]]

    def get(self, id_: int) -> BitMap:
        """The nums of one id. Not to be changed."""
        place = self._place.get(id_)
        if place is not None:
            return self.dense[place]
        at = id_ if self._whole else int(np.searchsorted(self.ids, id_))
        if at >= len(self.ids) or self.ids[at] != id_:
            return _EMPTY
        return to_bitmap(self.nums[self.offsets[at] : self.offsets[at + 1]])

    def parts(self, ids: Nums, apart: bool = False) -> list[BitMap]:
        """Sets whose union is the nums of all the ids: the frequent ones each (`apart`), or some of them united in the
        quickest way, the rare ones together."""
        if len(ids) == 1:
            return [self.get(int(ids[0]))]
        at = self._places(ids)
        place = self._place
        frequent = [i for i in self.ids[at].tolist() if i in place] if place else []
        all_frequent = len(frequent) == len(at)
        rows: list[int] = []
        if not apart and self.rows.may_unite(frequent):
            rows, frequent = self.rows.split(frequent, self.count_each(np.array(frequent, np.uint32)).tolist())
        parts = [self.dense[place[i]] for i in frequent]
        if rows:
            parts.append(self.rows.union(rows))
        if not all_frequent and len(rare := self._slices(at)):
            # Sorted it is 7 times faster; in a word of many a num may come twice.
            rare.sort()
            parts.append(bitmap_of_sorted(rare[np.r_[True, rare[1:] != rare[:-1]]]))
        return parts

    def _slices(self, at: Ints) -> Nums:
        starts = self.offsets[at]
        return self.nums[expand_ranges(starts, self.offsets[at + 1] - starts)]

    def union(self, ids: Nums) -> BitMap:
        """The nums of any of the ids. Not to be changed."""
        return union(self.parts(ids))


def dense_threshold(span: int) -> int:
    """From how many nums on, of nums below `span`, an id is kept as a set of its own."""
    return max(MIN_DENSE_NUMS, span // _DENSE_SHARE)


_SplitPostings = tuple[Nums, Nums, Ints, Nums, Nums, list[bytes]]


def _split_by_frequency(ids: Nums, nums: Nums, least: int) -> _SplitPostings:
    """Of pairs: distinct ids, how many nums each has, how many of them stand in the slices, the slices, the frequent
    ids and their packed sets."""
    pairs = (ids.astype(np.uint64) << np.uint64(32)) | nums
    pairs.sort()
    if len(pairs):
        again = np.flatnonzero(pairs[1:] == pairs[:-1])
        if len(again):
            pairs = np.delete(pairs, again)
    keys = (pairs >> np.uint64(32)).astype(np.uint32)
    ordered = pairs.astype(np.uint32)  # the low half
    starts = np.flatnonzero(np.r_[True, keys[1:] != keys[:-1]]) if len(keys) else np.zeros(0, np.int64)
    counts = np.diff(np.r_[starts, len(keys)]).astype(np.uint32)
    frequent = counts >= least
    unique: Any = keys[starts]
    packed = [
        serialize_nums(ordered[start : start + count])
        for start, count in zip(starts[frequent].tolist(), counts[frequent].tolist(), strict=True)
    ]
    kept = np.where(frequent, 0, counts).astype(np.int64)
    rare = ordered[np.repeat(~frequent, counts)] if packed else ordered
    return unique, counts, kept, rare, unique[frequent], packed

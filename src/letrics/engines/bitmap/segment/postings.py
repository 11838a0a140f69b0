"""Postings: for each id (of a term, a word, a text or a company) the set of nums that have it.

Ids on many records are compressed Roaring bitmaps. All others, nearly all of the ids, are slices of one array, which
takes a tenth of the memory of small bitmaps.
"""

from __future__ import annotations

from typing import Any, Final

import numpy as np
from pyroaring import BitMap

from letrics.engines.bitmap.costs import Costs
from letrics.engines.bitmap.kernel.arrays import Ints, Nums, expand_ranges, to_bitmap
from letrics.engines.bitmap.kernel.roaring import CONTAINER_SPAN, bitmap_of_sorted, serialize_nums, union
from letrics.engines.bitmap.segment.bitset_rows import BitsetRows
from letrics.engines.bitmap.storage.bitmap_store import BitmapCache, BitmapStore

_EMPTY: Final = BitMap()
"""The posting of an id that does not occur."""


class Postings:
    """Immutable.

    - `ids`: the ids that occur, ascending (possibly also some that do not occur).
    - `counts`: the number of nums of each id.
    - `offsets`, `nums`: the nums of the k-th id are `nums[offsets[k] : offsets[k + 1]]`, empty if it is a bitmap.
    - `dense_ids`, `dense`: the ids that are bitmaps, and their bitmaps in the same order.
    - `rows`: some of the bitmaps again as plain bits.
    """

    __slots__ = ("_dense_position", "_is_contiguous", "counts", "dense", "dense_ids", "ids", "nums", "offsets", "rows")

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
        self._dense_position = {id_: place for place, id_ in enumerate(dense_ids.tolist())}
        self._is_contiguous = bool(len(ids)) and int(ids[-1]) + 1 == len(ids)  # then each id is its own position

    @classmethod
    def of_pairs(cls, ids: Nums, nums: Nums, cache: BitmapCache, costs: Costs) -> Postings:
        """Postings of (id, num) pairs in any order. O(n log n), in numpy."""
        span = int(nums.max()) + 1 if len(nums) else 0
        ids, counts, slice_sizes, nums, dense_ids, serialized = _split_by_frequency(
            ids, nums, dense_threshold(span, costs)
        )
        if len(ids) and int(ids[-1]) < 2 * len(ids):  # nearly all ids occur: lookups are faster if none is left out
            expanded = np.zeros((2, int(ids[-1]) + 1), np.int64)
            expanded[0, ids], expanded[1, ids] = counts, slice_sizes
            ids, counts, slice_sizes = (
                np.arange(expanded.shape[1], dtype=np.uint32),
                expanded[0].astype(np.uint32),
                expanded[1],
            )
        offsets = np.r_[0, np.cumsum(slice_sizes, dtype=np.int64)]
        return cls.of(ids, counts, offsets, nums, dense_ids, BitmapStore.of(serialized, cache), span, costs)

    @classmethod
    def of(
        cls,
        ids: Nums,
        counts: Nums,
        offsets: Ints,
        nums: Nums,
        dense_ids: Nums,
        dense: BitmapStore,
        span: int,
        costs: Costs,
    ) -> Postings:
        """Postings of all parts but the bitset rows, which are made here. All nums are below `span`."""
        sizes = counts[np.searchsorted(ids, dense_ids)]
        return cls(ids, counts, offsets, nums, dense_ids, dense, BitsetRows.of(dense_ids, sizes, dense, span, costs))

    def _positions(self, ids: Nums) -> Ints:
        """The positions in `self.ids` of those of `ids` that occur."""
        if not len(self.ids):
            return np.zeros(0, np.int64)
        if self._is_contiguous:
            return ids[ids < len(self.ids)].astype(np.int64)
        at: Ints = np.minimum(np.searchsorted(self.ids, ids), len(self.ids) - 1)
        found: Ints = at[self.ids[at] == ids]
        return found

    def count(self, ids: Nums) -> int:
        """The number of (id, num) pairs of the ids, an upper bound of the size of their union."""
        return int(self.counts[self._positions(ids)].sum(dtype=np.int64))

    def sparse_count(self, ids: Nums) -> int:
        """The number of (id, num) pairs of those of the ids that are slices."""
        at = self._positions(ids)
        return int((self.offsets[at + 1] - self.offsets[at]).sum())

    def count_each(self, ids: Nums) -> Ints:
        """The number of nums of each of the ids."""
        found = np.zeros(len(ids), np.int64)
        if self._is_contiguous:
            inside = ids < len(self.ids)
            found[inside] = self.counts[ids[inside]]
        elif len(self.ids):
            at = np.minimum(np.searchsorted(self.ids, ids), len(self.ids) - 1)
            found = np.where(self.ids[at] == ids, self.counts[at], 0).astype(np.int64)
        return found

    def existing(self, ids: Nums) -> Nums:
        """Those of the ids that any num has."""
        at = self._positions(ids)
        return self.ids[at[self.counts[at] > 0]]

    def get(self, id_: int) -> BitMap:
        """The nums of one id. Not to be modified."""
        position = self._dense_position.get(id_)
        if position is not None:
            return self.dense[position]
        at = id_ if self._is_contiguous else int(np.searchsorted(self.ids, id_))
        if at >= len(self.ids) or self.ids[at] != id_:
            return _EMPTY
        return to_bitmap(self.nums[self.offsets[at] : self.offsets[at + 1]])

    def parts(self, ids: Nums, apart: bool = False) -> list[BitMap]:
        """Bitmaps whose union is the nums of all the ids.

        Frequent ids have one bitmap each with `apart`; otherwise some of them may be united as plain bits. The rare ids
        share one bitmap.
        """
        if len(ids) == 1:
            return [self.get(int(ids[0]))]
        at = self._positions(ids)
        dense_position = self._dense_position
        frequent = [i for i in self.ids[at].tolist() if i in dense_position] if dense_position else []
        all_frequent = len(frequent) == len(at)
        rows: list[int] = []
        if not apart and self.rows.may_unite(frequent):
            rows, frequent = self.rows.split(frequent, self.count_each(np.array(frequent, np.uint32)).tolist())
        parts = [self.dense[dense_position[i]] for i in frequent]
        if rows:
            parts.append(self.rows.union(rows))
        if not all_frequent and len(rare := self._slices(at)):
            # Building from sorted numbers is 7 times faster. A num with several of the ids occurs several times.
            rare.sort()
            parts.append(bitmap_of_sorted(rare[np.r_[True, rare[1:] != rare[:-1]]]))
        return parts

    def _slices(self, at: Ints) -> Nums:
        """The slices at these positions, joined."""
        starts = self.offsets[at]
        return self.nums[expand_ranges(starts, self.offsets[at + 1] - starts)]

    def union(self, ids: Nums) -> BitMap:
        """The nums of any of the ids. Not to be modified."""
        return union(self.parts(ids))


def dense_threshold(span: int, costs: Costs) -> int:
    """Minimum nums of an id that is stored as a bitmap, where all nums are below `span`.

    At least 32 for each container: combining a container takes 0.3 µs however few numbers it has.
    """
    return max(costs.min_bitmap_nums, 32 * (span // CONTAINER_SPAN))


_SplitPostings = tuple[Nums, Nums, Ints, Nums, Nums, list[bytes]]
"""Result of `_split_by_frequency`."""


def _split_by_frequency(ids: Nums, nums: Nums, least: int) -> _SplitPostings:
    """Split (id, num) pairs into frequent and rare ids.

    Returns the distinct ids, the number of nums of each, the number of those that are in slices, the slices, the
    frequent ids, and their serialized bitmaps.
    """
    pairs = (ids.astype(np.uint64) << np.uint64(32)) | nums
    pairs.sort()
    if len(pairs):
        duplicates = np.flatnonzero(pairs[1:] == pairs[:-1])
        if len(duplicates):
            pairs = np.delete(pairs, duplicates)
    keys = (pairs >> np.uint64(32)).astype(np.uint32)
    ordered = pairs.astype(np.uint32)  # the low half
    starts = np.flatnonzero(np.r_[True, keys[1:] != keys[:-1]]) if len(keys) else np.zeros(0, np.int64)
    counts = np.diff(np.r_[starts, len(keys)]).astype(np.uint32)
    frequent = counts >= least
    unique: Any = keys[starts]
    serialized = [
        serialize_nums(ordered[start : start + count])
        for start, count in zip(starts[frequent].tolist(), counts[frequent].tolist(), strict=True)
    ]
    slice_sizes = np.where(frequent, 0, counts).astype(np.int64)
    rare = ordered[np.repeat(~frequent, counts)] if serialized else ordered
    return unique, counts, slice_sizes, rare, unique[frequent], serialized

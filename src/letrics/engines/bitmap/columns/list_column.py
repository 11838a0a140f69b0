"""List column: a short list of ids or hashes for each record number."""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt

from letrics.engines.bitmap.columns.column import Column
from letrics.engines.bitmap.kernel.arrays import Nums, expand_ranges, sorted_unique


class ListColumn:
    """A list of values per num, as positions in one array of all lists (`ids`).

    A changed list is appended and the old one is left unused until `compact`.
    """

    def __init__(self, dtype: npt.DTypeLike = np.uint32) -> None:
        self.start = Column(np.int64)
        self.count = Column(np.uint32)
        self.ids = Column(dtype)

    def put(self, nums: Nums, counts: Nums, ids: npt.NDArray[Any]) -> npt.NDArray[np.bool_]:
        """Set the lists of these nums, which must be distinct: `counts` ids each, list by list in `ids`.

        Returns which of the nums had another list before.
        """
        changed = ~self._equal(nums, counts, ids)
        if not changed.all():
            nums, ids, counts = nums[changed], ids[np.repeat(changed, counts)], counts[changed]
        at = self.ids.append(ids)
        self.start.put(nums, at + np.cumsum(counts, dtype=np.int64) - counts)
        self.count.put(nums, counts)
        return changed

    def _equal(self, nums: Nums, counts: Nums, ids: npt.NDArray[Any]) -> npt.NDArray[np.bool_]:
        """Which of the nums already have these lists."""
        same: npt.NDArray[np.bool_] = self.count.take(nums) == counts
        candidates = np.flatnonzero(same & (counts > 0))
        if not len(candidates):
            return same
        lengths = counts[candidates].astype(np.int64)
        starts = np.cumsum(counts, dtype=np.int64) - counts
        differ = (
            self.ids.take(expand_ranges(self.start.take(nums[candidates]), lengths))
            != ids[expand_ranges(starts[candidates], lengths)]
        )
        same[np.repeat(candidates, lengths)[differ]] = False
        return same

    def pairs(self, of: Nums, nums: Nums) -> tuple[npt.NDArray[Any], Nums]:
        """(id, num) for each id in the lists of `of`. The num is the one of `nums` at the same position."""
        counts = self.count.take(of)
        return self.ids.take(expand_ranges(self.start.take(of), counts)), np.repeat(nums, counts)

    def grow(self, size: int) -> None:
        """Grow to at least `size` lists. New lists are empty."""
        self.start.grow(size)
        self.count.grow(size)

    def compact(self) -> None:
        """Drop unused lists if they are more than half of all."""
        counts = self.count.whole()
        if len(self.ids) > 2 * int(counts.sum(dtype=np.int64)) + 1024:
            used = self.ids.take(expand_ranges(self.start.whole(), counts))
            self.start = Column(np.int64, data=np.cumsum(counts, dtype=np.int64) - counts)
            self.ids = Column(used.dtype, data=used)


def counts_per_list(counts: Nums, each: Nums) -> Nums:
    """The number of values of each list. `counts` is its number of items, `each` the number of values of every item."""
    cumulated = np.r_[0, np.cumsum(each, dtype=np.int64)]
    totals: Nums = np.diff(cumulated[np.r_[0, np.cumsum(counts, dtype=np.int64)]]).astype(np.uint32)
    return totals


def deduplicate_lists(counts: Nums, values: npt.NDArray[Any]) -> tuple[Nums, npt.NDArray[Any]]:
    """The number of values of each list and the values, without duplicates inside a list."""
    if not len(counts) or int(counts.max()) < 2:
        return counts, values
    owners = np.repeat(np.arange(len(counts), dtype=np.uint64), counts)
    if values.dtype == np.uint32:
        pairs = sorted_unique((owners << np.uint64(32)) | values)
        owners, values = pairs >> np.uint64(32), pairs.astype(np.uint32)
    else:
        order = np.lexsort((values, owners))
        owners, values = owners[order], values[order]
        is_first = np.r_[True, (owners[1:] != owners[:-1]) | (values[1:] != values[:-1])]
        owners, values = owners[is_first], values[is_first]
    return np.bincount(owners.astype(np.int64), minlength=len(counts)).astype(np.uint32), values

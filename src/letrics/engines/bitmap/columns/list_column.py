"""For every record a short list of ids, or of hashes, in columns."""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt

from letrics.engines.bitmap.columns.column import Column
from letrics.engines.bitmap.kernel.arrays import Nums, expand_ranges, sorted_unique


class ListColumn:
    """For each num a short list of ids, or of hashes."""

    def __init__(self, dtype: npt.DTypeLike = np.uint32) -> None:
        self.start = Column(np.int64)
        self.count = Column(np.uint32)
        self.ids = Column(dtype)

    def put(self, nums: Nums, counts: Nums, ids: npt.NDArray[Any]) -> npt.NDArray[np.bool_]:
        """Set the lists of these nums, each once: `counts` ids each, one list after the other in `ids`. Returns which
        of them had another before."""
        other = ~self._are(nums, counts, ids)
        if not other.all():
            nums, ids, counts = nums[other], ids[np.repeat(other, counts)], counts[other]
        at = self.ids.append(ids)
        self.start.put(nums, at + np.cumsum(counts, dtype=np.int64) - counts)
        self.count.put(nums, counts)
        return other

    def _are(self, nums: Nums, counts: Nums, ids: npt.NDArray[Any]) -> npt.NDArray[np.bool_]:
        """Which of the nums have these very lists."""
        same: npt.NDArray[np.bool_] = self.count.take(nums) == counts
        some = np.flatnonzero(same & (counts > 0))
        if not len(some):
            return same
        held = counts[some].astype(np.int64)
        starts = np.cumsum(counts, dtype=np.int64) - counts
        differ = (
            self.ids.take(expand_ranges(self.start.take(nums[some]), held)) != ids[expand_ranges(starts[some], held)]
        )
        same[np.repeat(some, held)[differ]] = False
        return same

    def pairs(self, of: Nums, nums: Nums) -> tuple[npt.NDArray[Any], Nums]:
        """(id, num) for each id in the list of each of `of`, under the num that stands at the same place."""
        counts = self.count.take(of)
        return self.ids.take(expand_ranges(self.start.take(of), counts)), np.repeat(nums, counts)

    def grow(self, size: int) -> None:
        self.start.grow(size)
        self.count.grow(size)

    def compact(self) -> None:
        """Forget lists no record points at any more."""
        counts = self.count.whole()
        if len(self.ids) > 2 * int(counts.sum(dtype=np.int64)) + 1024:
            kept = self.ids.take(expand_ranges(self.start.whole(), counts))
            self.start = Column(np.int64, data=np.cumsum(counts, dtype=np.int64) - counts)
            self.ids = Column(kept.dtype, data=kept)


def counts_per_list(counts: Nums, each: Nums) -> Nums:
    """Of lists of so many items, how many values each has: `each` tells it of every item."""
    before = np.r_[0, np.cumsum(each, dtype=np.int64)]
    found: Nums = np.diff(before[np.r_[0, np.cumsum(counts, dtype=np.int64)]]).astype(np.uint32)
    return found


def deduplicate_lists(counts: Nums, values: npt.NDArray[Any]) -> tuple[Nums, npt.NDArray[Any]]:
    """Lists with their repetitions left out: how many values each has, and the values."""
    if not len(counts) or int(counts.max()) < 2:
        return counts, values
    owners = np.repeat(np.arange(len(counts), dtype=np.uint64), counts)
    if values.dtype == np.uint32:
        pairs = sorted_unique((owners << np.uint64(32)) | values)
        owners, values = pairs >> np.uint64(32), pairs.astype(np.uint32)
    else:
        order = np.lexsort((values, owners))
        owners, values = owners[order], values[order]
        kept = np.r_[True, (owners[1:] != owners[:-1]) | (values[1:] != values[:-1])]
        owners, values = owners[kept], values[kept]
    return np.bincount(owners.astype(np.int64), minlength=len(counts)).astype(np.uint32), values

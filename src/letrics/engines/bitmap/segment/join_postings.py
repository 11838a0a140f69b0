"""Join postings: terms of companies as postings of the companies' contacts.

Each term's companies are found first, then all of their contacts. For a term on very many contacts, the company of
every contact is looked up in a mask of companies. For other terms, the contacts of its companies are put together; rare
terms in batches. Sorting all (term, contact) pairs instead took three times as long for ten million contacts, and
several gigabytes.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterator

import numpy as np

from letrics.engines.bitmap.costs import Costs
from letrics.engines.bitmap.kernel.arrays import Ints, Nums, expand_ranges
from letrics.engines.bitmap.kernel.roaring import serialize_mask, serialize_nums
from letrics.engines.bitmap.segment.postings import Postings, dense_threshold
from letrics.engines.bitmap.storage.bitmap_store import BitmapCache, BitmapStore


class JoinPostingsWriter:
    """Writes join postings for the contacts `nums` (ascending), which belong to the companies `company`."""

    def __init__(self, nums: Nums, company: Ints, costs: Costs) -> None:
        self.costs = costs
        self.nums = nums
        self.company = company
        pairs = (company.astype(np.uint64) << np.uint64(32)) | nums
        pairs.sort()
        self._ordered = pairs.astype(np.uint32)
        self._counts = np.bincount(company).astype(np.int64)
        self._starts = np.cumsum(self._counts) - self._counts
        self._span = int(nums[-1]) + 1 if len(nums) else 0

    def postings(self, ids: Nums, companies: Nums, cache: BitmapCache) -> Postings:
        """The postings of contacts by the ids in (id, company) pairs.

        Each pair must be given once, and every company must have contacts.
        """
        if not len(ids):
            return Postings.of_pairs(ids, companies, cache, self.costs)
        pairs = (ids.astype(np.uint64) << np.uint64(32)) | companies
        pairs.sort()
        ids, companies = (pairs >> np.uint64(32)).astype(np.uint32), pairs.astype(np.uint32)
        del pairs
        starts = np.flatnonzero(np.r_[True, ids[1:] != ids[:-1]])
        unique, ends = ids[starts], np.r_[starts[1:], len(ids)]
        totals = np.add.reduceat(self._counts[companies], starts)
        dense = totals >= dense_threshold(self._span, self.costs)
        serialized = [
            self._serialize(companies[starts[at] : ends[at]], int(totals[at])) for at in np.flatnonzero(dense).tolist()
        ]
        rare = list(self._rare_slices(unique, companies, starts, ends, np.flatnonzero(~dense), totals))
        nums = np.concatenate(rare) if rare else np.zeros(0, np.uint32)
        offsets = np.r_[0, np.cumsum(np.where(dense, 0, totals))]
        sets = BitmapStore.of(serialized, cache)
        return Postings.of(unique, totals.astype(np.uint32), offsets, nums, unique[dense], sets, self._span, self.costs)

    def _contacts_of(self, companies: Nums) -> Nums:
        """The contacts of the companies, company by company."""
        return self._ordered[expand_ranges(self._starts[companies], self._counts[companies])]

    def _serialize(self, companies: Nums, total: int) -> bytes:
        """The serialized bitmap of the contacts of the companies, `total` in number."""
        if total * self.costs.sequential_share < len(self.nums):
            return serialize_nums(np.sort(self._contacts_of(companies)))
        mask = np.zeros(len(self._counts), np.bool_)
        mask[companies] = True
        has_term = mask.take(self.company, mode="clip")
        if self._span == len(self.nums):
            return serialize_mask(has_term)
        return serialize_nums(self.nums[has_term])

    def _rare_slices(
        self, unique: Nums, companies: Nums, starts: Ints, ends: Ints, which: Ints, totals: Ints
    ) -> Iterator[Nums]:
        """The contacts of the rare ids in slices, id by id, ascending within each id. Sorts some of them at a time, to
        take less memory."""
        cumulated = np.cumsum(totals[which])
        pairs_per_sort = 256 * self.costs.records_per_batch
        bounds = np.searchsorted(
            cumulated, np.arange(0, int(cumulated[-1]) if len(cumulated) else 0, pairs_per_sort)
        ).tolist()
        for low, high in itertools.pairwise([*bounds, len(which)]):
            batch = which[low:high]
            rows = expand_ranges(starts[batch], ends[batch] - starts[batch])
            pairs = np.repeat(unique[batch].astype(np.uint64) << np.uint64(32), totals[batch]) | self._contacts_of(
                companies[rows]
            )
            pairs.sort()
            yield pairs.astype(np.uint32)

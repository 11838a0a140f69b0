"""What companies carry, as postings of their contacts: each value's companies, then all of their contacts.

A value on very many contacts is a mask of companies looked up for each contact; one on fewer is the contacts of its
companies put together; rare ones are put together all at once. Sorting (value, contact) pairs instead took three times
as long for ten million contacts, and some gigabytes.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from typing import Final

import numpy as np

from letrics.engines.bitmap.kernel.arrays import Ints, Nums, expand_ranges
from letrics.engines.bitmap.kernel.roaring import serialize_mask, serialize_nums
from letrics.engines.bitmap.segment.postings import Postings, dense_threshold
from letrics.engines.bitmap.storage.bitmap_store import BitmapCache, BitmapStore

_MASK_SHARE: Final = 16
"""From one contact in so many on a value is looked up for every contact."""
_PAIRS_PER_SORT: Final = 8_000_000
"""About so many (value, contact) pairs are sorted at a time."""


class JoinPostingsWriter:
    """The contacts of a side (`nums`, ascending) by their `company`."""

    def __init__(self, nums: Nums, company: Ints) -> None:
        self.nums = nums
        self.company = company
        pairs = (company.astype(np.uint64) << np.uint64(32)) | nums
        pairs.sort()
        self._ordered = pairs.astype(np.uint32)
        self._counts = np.bincount(company).astype(np.int64)
        self._starts = np.cumsum(self._counts) - self._counts
        self._span = int(nums[-1]) + 1 if len(nums) else 0

    def postings(self, ids: Nums, companies: Nums, cache: BitmapCache) -> Postings:
        """The postings of contacts for (id, company) pairs, each pair once, of companies that have contacts."""
        if not len(ids):
            return Postings.of_pairs(ids, companies, cache)
        pairs = (ids.astype(np.uint64) << np.uint64(32)) | companies
        pairs.sort()
        ids, companies = (pairs >> np.uint64(32)).astype(np.uint32), pairs.astype(np.uint32)
        del pairs
        starts = np.flatnonzero(np.r_[True, ids[1:] != ids[:-1]])
        unique, ends = ids[starts], np.r_[starts[1:], len(ids)]
        totals = np.add.reduceat(self._counts[companies], starts)
        dense = totals >= dense_threshold(self._span)
        packed = [
            self._pack(companies[starts[at] : ends[at]], int(totals[at])) for at in np.flatnonzero(dense).tolist()
        ]
        rare = list(self._rare(unique, companies, starts, ends, np.flatnonzero(~dense), totals))
        nums = np.concatenate(rare) if rare else np.zeros(0, np.uint32)
        offsets = np.r_[0, np.cumsum(np.where(dense, 0, totals))]
        sets = BitmapStore.of(packed, cache)
        return Postings.of(unique, totals.astype(np.uint32), offsets, nums, unique[dense], sets, self._span)

    def _of(self, companies: Nums) -> Nums:
        return self._ordered[expand_ranges(self._starts[companies], self._counts[companies])]

    def _pack(self, companies: Nums, total: int) -> bytes:
        if total * _MASK_SHARE < len(self.nums):
            return serialize_nums(np.sort(self._of(companies)))
        mask = np.zeros(len(self._counts), np.bool_)
        mask[companies] = True
        kept = mask.take(self.company, mode="clip")
        if self._span == len(self.nums):
            return serialize_mask(kept)
        return serialize_nums(self.nums[kept])

    def _rare(
        self, unique: Nums, companies: Nums, starts: Ints, ends: Ints, which: Ints, totals: Ints
    ) -> Iterator[Nums]:
        """The contacts of the rare ids, id by id, ascending within each."""
        most = np.cumsum(totals[which])
        bounds = np.searchsorted(most, np.arange(0, int(most[-1]) if len(most) else 0, _PAIRS_PER_SORT)).tolist()
        for low, high in itertools.pairwise([*bounds, len(which)]):
            some = which[low:high]
            rows = expand_ranges(starts[some], ends[some] - starts[some])
            pairs = np.repeat(unique[some].astype(np.uint64) << np.uint64(32), totals[some]) | self._of(companies[rows])
            pairs.sort()
            yield pairs.astype(np.uint32)

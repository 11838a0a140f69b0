"""Range index: the records whose time or number lies between two bounds.

The indexed nums (records, or for a time of companies that contacts are searched by, companies) are in the order of
their values, cut into buckets of equal size, so that an import that sets one day on every record does no harm. For some
positions of that order there are bitmaps of everything from there on: for every `_BUCKETS_PER_STEP` buckets of
everything up to the end of its group of `_BUCKETS_PER_GROUP`, and for every group of everything to the end. So
everything from any position on is a union of a few bitmaps, and a range is a difference of two of those. The bitmaps
run from a position on and not up to it, because most queries ask for recent records, and those bitmaps are small.

If contacts are searched by the time of their company, the bitmaps of contacts are over buckets of companies: a million
companies are in order instead of ten million contacts.
"""

from __future__ import annotations

from typing import Any, Final

import numpy as np
import numpy.typing as npt
from pyroaring import BitMap

from letrics.engines.bitmap.costs import Costs
from letrics.engines.bitmap.kernel.arrays import Ints, Nums, to_array
from letrics.engines.bitmap.kernel.roaring import bitmap_of_sorted, deserialize, serialize_mask, serialize_nums, union
from letrics.engines.bitmap.segment.postings import Postings
from letrics.engines.bitmap.storage.bitmap_store import BitmapCache, BitmapStore, bitmaps_by_group

NO_RANK: Final = 2**32 - 1
"""Rank of a num that is not in the index."""
_BUCKETS_PER_STEP: Final = 4
"""Buckets between two positions that have a bitmap up to the end of their group."""
_BUCKETS_PER_GROUP: Final = 24
"""Buckets between two positions that have a bitmap to the end. A multiple of `_BUCKETS_PER_STEP`."""


def records_per_bucket(costs: Costs) -> int:
    """Records in a bucket."""
    return costs.max_gathered_nums


def companies_per_bucket(costs: Costs) -> int:
    """Companies in a bucket, where the bitmaps are of their contacts: a company has several."""
    return max(1, costs.max_gathered_nums // 8)


class RangeIndex:
    """Immutable.

    - `times`: the values, in milliseconds or as numbers, ascending; `nums`: their records, in the same order.
    - `ranks`: the position of each num in that order, or NO_RANK. Empty where few nums are in the index.
    - `alive`: all records in the index.
    - `buckets`, `rests`, `since`: the bitmaps of buckets, of everything to the end of a group, and of everything to the
      end.
    - `contacts`: the contacts of each company; then `nums` are companies, and the results are their contacts.
    - `before`: with `contacts`, `before[k]` is the number of contacts of the first k companies.
    """

    __slots__ = ("_width", "alive", "before", "buckets", "contacts", "nums", "ranks", "rests", "since", "times")

    def __init__(
        self,
        times: Ints,
        nums: Nums,
        ranks: Nums,
        alive: BitMap,
        buckets: BitmapStore,
        rests: BitmapStore,
        since: BitmapStore,
        width: int,
        contacts: Postings | None = None,
        before: Ints | None = None,
    ) -> None:
        self.times = times
        self.nums = nums
        self.ranks = ranks
        self.alive = alive
        self.buckets = buckets
        self.rests = rests
        self.since = since
        self.contacts = contacts
        self.before = before
        self._width = width  # the number of `nums` in a bucket, which is not stored

    @classmethod
    def of(cls, nums: Nums, times: Ints, alive: BitMap, cache: BitmapCache, costs: Costs) -> RangeIndex:
        """An index of the value of each num."""
        order = np.argsort(times)
        ordered = nums[order]
        width = records_per_bucket(costs)
        sets = _write_bitmaps(np.arange(len(ordered)), ordered, len(ordered), width, cache)
        return cls(times[order], ordered, _ranks_if_dense(_ranks(ordered), ordered), alive, *sets, width)

    @classmethod
    def of_companies(
        cls,
        companies: Nums,
        times: Ints,
        alive: BitMap,
        contacts: Postings,
        company: Nums,
        nums: Nums,
        cache: BitmapCache,
        costs: Costs,
    ) -> RangeIndex:
        """An index of contacts by the value of their company.

        `times` has the value of each of `companies`, `company` the company of each of `nums`; `alive` are those of them
        whose company has a value.
        """
        order = np.argsort(times)
        ordered = companies[order]
        rank_of_company = _ranks(ordered)
        in_range = company < len(rank_of_company)
        ranks = np.full(len(company), NO_RANK, np.int64)
        ranks[in_range] = rank_of_company[company[in_range]]
        has_value = ranks != NO_RANK
        width = companies_per_bucket(costs)
        sets = _write_bitmaps(ranks[has_value], nums[has_value], len(ordered), width, cache)
        counts = contacts.count_each(ordered)
        before = np.r_[0, np.cumsum(counts)]
        ranks_stored = _ranks_if_dense(rank_of_company, ordered)
        return cls(times[order], ordered, ranks_stored, alive, *sets, width, contacts, before)

    def _bounds(self, low: int | None, high: int | None) -> tuple[int, int]:
        """The positions of the first value in the range and of the first one after it."""
        first = 0 if low is None else int(np.searchsorted(self.times, low, side="left"))
        last = len(self.times) if high is None else int(np.searchsorted(self.times, high, side="right"))
        return first, max(first, last)

    def count(self, low: int | None, high: int | None) -> int:
        """The number of records in the range. Both bounds are inclusive."""
        first, last = self._bounds(low, high)
        return last - first if self.before is None else int(self.before[last] - self.before[first])

    def matches_range(self, low: int | None, high: int | None, wanted: npt.NDArray[Any]) -> npt.NDArray[np.bool_]:
        """Which of the nums (companies, if the results are their contacts) are in the range."""
        first, last = self._bounds(low, high)
        ranks = np.full(len(wanted), NO_RANK, np.uint32)
        inside = wanted < len(self.ranks)
        ranks[inside] = self.ranks[wanted[inside]]
        return (ranks >= first) & (ranks < last)

    def between(self, low: int | None, high: int | None) -> BitMap:
        """The records in the range. Both bounds are inclusive. Not to be modified."""
        first, last = self._bounds(low, high)
        if last - first == len(self.times):
            return self.alive
        if last == len(self.times):
            return union(self._onwards(first))
        if last - first <= 2 * _BUCKETS_PER_STEP * self._width:  # narrower than what a difference would begin with
            return union(self._pieces(first, last))
        return union(self._onwards(first)) - union(self._onwards(last))

    def _onwards(self, first: int) -> list[BitMap]:
        """Bitmaps whose union is everything from this position on."""
        group = -(-first // (self._width * _BUCKETS_PER_GROUP))
        parts = self._rest(first) if first % (self._width * _BUCKETS_PER_GROUP) else []
        return [*parts, self.since[group]] if group < len(self.since) else parts

    def _rest(self, first: int) -> list[BitMap]:
        """Bitmaps whose union is everything from this position up to the end of its group."""
        step, group = self._width * _BUCKETS_PER_STEP, self._width * _BUCKETS_PER_GROUP
        after = -(-first // step)
        parts = self._pieces(first, min(after * step, len(self.times)))
        to_the_end = after * step % group == 0
        return parts if to_the_end or after >= len(self.rests) else [*parts, self.rests[after]]

    def _pieces(self, first: int, last: int) -> list[BitMap]:
        """Bitmaps whose union is everything from position `first` up to `last`: whole buckets, and parts of two."""
        width = self._width
        begin, end = -(-first // width), last // width
        if begin > end:
            return self._exactly(first, last)
        return [
            *self._exactly(first, begin * width), *self.buckets.part(begin, end), *self._exactly(end * width, last)
        ]  # fmt: skip

    def _exactly(self, first: int, last: int) -> list[BitMap]:
        """The records from position `first` up to `last`, taken one by one."""
        if first >= last:
            return []
        nums = np.sort(self.nums[first:last])
        return [bitmap_of_sorted(nums)] if self.contacts is None else self.contacts.parts(nums)


def _ranks(ordered: Nums) -> Nums:
    """The position of each num in `ordered`."""
    ranks = np.full(int(ordered.max()) + 1 if len(ordered) else 0, NO_RANK, np.uint32)
    ranks[ordered] = np.arange(len(ordered), dtype=np.uint32)
    return ranks


def _ranks_if_dense(ranks: Nums, ordered: Nums) -> Nums:
    """The ranks, or an empty array if few nums have one, as in a small segment: below one in eight, the ranks take four
    times the memory of the order."""
    return ranks if 8 * len(ordered) >= len(ranks) else np.zeros(0, np.uint32)


def _write_bitmaps(
    ranks: Ints, nums: Nums, size: int, width: int, cache: BitmapCache
) -> tuple[BitmapStore, BitmapStore, BitmapStore]:
    """The bitmaps of buckets, of everything from each step to the end of its group, and of everything from each group
    on.

    The order has `size` positions; `ranks` is the position of each of `nums`, or of its company.
    """
    buckets = list(bitmaps_by_group(ranks // width, nums, -(-size // width)))
    rests: list[bytes] = []
    since: list[bytes] = []
    mask = np.zeros(int(nums.max()) + 1 if len(nums) else 0, np.bool_)
    for first in reversed(range(0, len(buckets), _BUCKETS_PER_GROUP)):
        rest = np.zeros(0, np.uint32)
        for start in reversed(range(first, min(first + _BUCKETS_PER_GROUP, len(buckets)), _BUCKETS_PER_STEP)):
            added = [
                to_array(deserialize(serialized))
                for serialized in buckets[start : min(start + _BUCKETS_PER_STEP, first + _BUCKETS_PER_GROUP)]
            ]
            rest = np.sort(
                np.concatenate([*added, rest]), kind="stable"
            )  # a stable sort is fast on a few ascending runs
            rests.append(serialize_nums(rest))
        mask[rest] = True
        since.append(serialize_mask(mask))
    return (
        BitmapStore.of(buckets, cache),
        BitmapStore.of(reversed(rests), cache),
        BitmapStore.of(reversed(since), cache),
    )

"""Times and numbers of records: which lie between two.

Those asked (records, or for contacts their companies) stand in the order of their times, cut into buckets by count (so
that an import that puts every record on one day does no harm). For some places of the order there are sets of all from
there on: every `_STEP` buckets of those up to the end of a group of `_FAN`, and for every group of all to the end. So
all from any place on are a handful of sets, and what lies between two places is a difference. Sets of all from a place
on, not up to it: what most ask for is what is new, and that set is small. Contacts judged by their company's time have
sets of contacts over buckets of companies: a million companies in order instead of ten million contacts.
"""

from __future__ import annotations

from typing import Any, Final

import numpy as np
import numpy.typing as npt
from pyroaring import BitMap

from letrics.engines.bitmap.kernel.arrays import Ints, Nums, to_array
from letrics.engines.bitmap.kernel.roaring import bitmap_of_sorted, deserialize, serialize_mask, serialize_nums, union
from letrics.engines.bitmap.segment.postings import Postings
from letrics.engines.bitmap.storage.bitmap_store import BitmapCache, BitmapStore, bitmaps_by_group

_RECORD_BUCKET: Final = 8_192
_COMPANY_BUCKET: Final = 1_024
"""Of companies, who have several contacts each, so many are a bucket."""
_MIN_RANK_SHARE: Final = 8
NO_RANK: Final = 2**32 - 1
_BUCKETS_PER_STEP: Final = 4
_BUCKETS_PER_GROUP: Final = 24
"""A multiple of `_STEP`."""
_MAX_NARROW_BUCKETS: Final = 8
"""So few buckets are put together one by one,"""
_MAX_GROUPS: Final = 4
"""and so few groups: a difference of large sets costs as much."""


class RangeIndex:
    """Immutable: `times` in milliseconds (or a number), ascending; `nums` in the same order; `ranks` the place of each
    num in it (NOWHERE: not in it; empty where few nums are); `live` all records asked.

    With `contacts` (the contacts of each company), `nums` are companies and the answers their contacts; `before[k]` is
    then how many contacts the first k companies have.
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
        self._width = _RECORD_BUCKET if contacts is None else _COMPANY_BUCKET

    @classmethod
    def of(cls, nums: Nums, times: Ints, alive: BitMap, cache: BitmapCache) -> RangeIndex:
        """From the time of each num."""
        order = np.argsort(times)
        ordered = nums[order]
        sets = _write_bitmaps(np.arange(len(ordered)), ordered, len(ordered), _RECORD_BUCKET, cache)
        return cls(times[order], ordered, _ranks_if_dense(_ranks(ordered), ordered), alive, *sets)

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
    ) -> RangeIndex:
        """From the time of each company; `company` is that of each of `nums`, `live` those of them that have one."""
        order = np.argsort(times)
        ordered = companies[order]
        place = _ranks(ordered)
        inside = company < len(place)
        ranks = np.full(len(company), NO_RANK, np.int64)
        ranks[inside] = place[company[inside]]
        held = ranks != NO_RANK
        sets = _write_bitmaps(ranks[held], nums[held], len(ordered), _COMPANY_BUCKET, cache)
        counts = contacts.count_each(ordered)
        before = np.r_[0, np.cumsum(counts)]
        return cls(times[order], ordered, _ranks_if_dense(place, ordered), alive, *sets, contacts, before)

    def _bounds(self, low: int | None, high: int | None) -> tuple[int, int]:
        first = 0 if low is None else int(np.searchsorted(self.times, low, side="left"))
        last = len(self.times) if high is None else int(np.searchsorted(self.times, high, side="right"))
        return first, max(first, last)

    def count(self, low: int | None, high: int | None) -> int:
        """How many records lie between the two, both inclusive."""
        first, last = self._bounds(low, high)
        return last - first if self.before is None else int(self.before[last] - self.before[first])

    def matches_range(self, low: int | None, high: int | None, asked: npt.NDArray[Any]) -> npt.NDArray[np.bool_]:
        """Which of the nums asked (of companies, where the answers are their contacts) lie between the two."""
        first, last = self._bounds(low, high)
        ranks = np.full(len(asked), NO_RANK, np.uint32)
        inside = asked < len(self.ranks)
        ranks[inside] = self.ranks[asked[inside]]
        return (ranks >= first) & (ranks < last)

    def between(self, low: int | None, high: int | None) -> BitMap:
        """The nums of the records between the two, both inclusive. Not to be changed."""
        first, last = self._bounds(low, high)
        if last - first == len(self.times):
            return self.alive
        if last == len(self.times):
            return union(self._onwards(first))
        if last - first <= _MAX_NARROW_BUCKETS * self._width:
            return union(self._pieces(first, last))
        if last - first > _MAX_GROUPS * _BUCKETS_PER_GROUP * self._width:
            return union(self._onwards(first)) - union(self._onwards(last))
        group = self._width * _BUCKETS_PER_GROUP
        parts: list[BitMap] = []
        for start in range(first // group * group, last, group):
            part = union(self._rest(max(first, start)))
            parts.append(part if last >= start + group else part - union(self._rest(last)))
        return union(parts)

    def _onwards(self, first: int) -> list[BitMap]:
        """Sets of all that stand at this place of the order or later."""
        group = -(-first // (self._width * _BUCKETS_PER_GROUP))
        parts = self._rest(first) if first % (self._width * _BUCKETS_PER_GROUP) else []
        return [*parts, self.since[group]] if group < len(self.since) else parts

    def _rest(self, first: int) -> list[BitMap]:
        """Sets of all from this place of the order on up to the end of its group."""
        step, group = self._width * _BUCKETS_PER_STEP, self._width * _BUCKETS_PER_GROUP
        after = -(-first // step)
        parts = self._pieces(first, min(after * step, len(self.times)))
        to_the_end = first % group > 0 and after * step % group == 0
        return parts if to_the_end or after >= len(self.rests) else [*parts, self.rests[after]]

    def _pieces(self, first: int, last: int) -> list[BitMap]:
        """Sets of all that stand at places first to last of the order: whole buckets, and pieces of two."""
        width = self._width
        begin, end = -(-first // width), last // width
        if begin > end:
            return self._exactly(first, last)
        return [
            *self._exactly(first, begin * width), *self.buckets.part(begin, end), *self._exactly(end * width, last)
        ]  # fmt: skip

    def _exactly(self, first: int, last: int) -> list[BitMap]:
        if first >= last:
            return []
        nums = np.sort(self.nums[first:last])
        return [bitmap_of_sorted(nums)] if self.contacts is None else self.contacts.parts(nums)


def _ranks(ordered: Nums) -> Nums:
    ranks = np.full(int(ordered.max()) + 1 if len(ordered) else 0, NO_RANK, np.uint32)
    ranks[ordered] = np.arange(len(ordered), dtype=np.uint32)
    return ranks


def _ranks_if_dense(ranks: Nums, ordered: Nums) -> Nums:
    """The ranks, or none where they would be mostly empty: those of an overlay."""
    return ranks if len(ordered) * _MIN_RANK_SHARE >= len(ranks) else np.zeros(0, np.uint32)


def _write_bitmaps(
    ranks: Ints, nums: Nums, size: int, width: int, cache: BitmapCache
) -> tuple[BitmapStore, BitmapStore, BitmapStore]:
    """Of an order of `size` places the sets of buckets, of the rest of a group from each step on, and of all from the
    beginning of each group on. `ranks` is the place in the order of each of `nums`, or of its company."""
    buckets = list(bitmaps_by_group(ranks // width, nums, -(-size // width)))
    rests: list[bytes] = []
    since: list[bytes] = []
    mask = np.zeros(int(nums.max()) + 1 if len(nums) else 0, np.bool_)
    for first in reversed(range(0, len(buckets), _BUCKETS_PER_GROUP)):
        rest = np.zeros(0, np.uint32)
        for start in reversed(range(first, min(first + _BUCKETS_PER_GROUP, len(buckets)), _BUCKETS_PER_STEP)):
            added = [
                to_array(deserialize(packed))
                for packed in buckets[start : min(start + _BUCKETS_PER_STEP, first + _BUCKETS_PER_GROUP)]
            ]
            rest = np.sort(np.concatenate([*added, rest]), kind="stable")  # of a few ascending runs
            rests.append(serialize_nums(rest))
        mask[rest] = True
        since.append(serialize_mask(mask))
    return (
        BitmapStore.of(buckets, cache),
        BitmapStore.of(reversed(rests), cache),
        BitmapStore.of(reversed(since), cache),
    )

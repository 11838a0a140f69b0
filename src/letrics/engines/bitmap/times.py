"""Times and numbers of records: which lie between two.

Those asked (records, or for contacts their companies) stand in the order of their times, cut into buckets by count (so
that an import that puts every record on one day does no harm), with two coarser levels of sets above. A question takes
whole sets, and the pieces at its two ends. Contacts judged by their company's time have sets of contacts over buckets
of companies: a million companies in order instead of ten million contacts.
"""

from __future__ import annotations

from typing import Final

import numpy as np
from pyroaring import BitMap

from letrics.engines.bitmap.arrays import Ints, Nums
from letrics.engines.bitmap.postings import Postings
from letrics.engines.bitmap.roaring import ascending
from letrics.engines.bitmap.sets import Sets, Shelf, grouped

_BUCKET: Final = 8_192
_COMPANIES: Final = 2_048
"""Of companies, who have several contacts each, so many are a bucket."""
_FAN: Final = 16
_LEVELS: Final = 3


class TimeIndex:
    """Immutable: `times` in milliseconds (or a number), ascending; `nums` in the same order; `live` all records asked.

    With `contacts` (the contacts of each company), `nums` are companies and the answers their contacts; `before[k]` is
    then how many contacts the first k companies have.
    """

    __slots__ = ("_width", "before", "contacts", "levels", "live", "nums", "times")

    def __init__(
        self, times: Ints, nums: Nums, live: BitMap, levels: list[Sets], contacts: Postings | None = None,
        before: Ints | None = None,
    ) -> None:  # fmt: skip
        self.times = times
        self.nums = nums
        self.live = live
        self.levels = levels
        self.contacts = contacts
        self.before = before
        self._width = _BUCKET if contacts is None else _COMPANIES

    @classmethod
    def of(cls, nums: Nums, times: Ints, live: BitMap, shelf: Shelf) -> TimeIndex:
        """From the time of each num."""
        order = np.argsort(times, kind="stable")
        ordered = nums[order]
        levels = _levels(np.arange(len(ordered)), ordered, _BUCKET, shelf)
        return cls(times[order], ordered, live, levels)

    @classmethod
    def of_companies(
        cls, companies: Nums, times: Ints, live: BitMap, contacts: Postings, company: Nums, nums: Nums, shelf: Shelf
    ) -> TimeIndex:
        """From the time of each company; `company` is that of each of `nums`, `live` those of them that have one."""
        order = np.argsort(times, kind="stable")
        ordered = companies[order]
        rank = np.full(int(company.max()) + 1 if len(company) else 0, -1, np.int64)
        rank[ordered] = np.arange(len(ordered))
        ranks = rank[company]
        held = ranks >= 0
        levels = _levels(ranks[held], nums[held], _COMPANIES, shelf)
        counts = contacts.count_each(ordered)
        return cls(times[order], ordered, live, levels, contacts, np.r_[0, np.cumsum(counts)])

    def _bounds(self, low: int | None, high: int | None) -> tuple[int, int]:
        first = 0 if low is None else int(np.searchsorted(self.times, low, side="left"))
        last = len(self.times) if high is None else int(np.searchsorted(self.times, high, side="right"))
        return first, max(first, last)

    def count(self, low: int | None, high: int | None) -> int:
        """How many records lie between the two, both inclusive."""
        first, last = self._bounds(low, high)
        return last - first if self.before is None else int(self.before[last] - self.before[first])

    def between(self, low: int | None, high: int | None) -> BitMap:
        """The nums of the records between the two, both inclusive. Not to be changed."""
        first, last = self._bounds(low, high)
        size = len(self.times)
        if last - first == size:
            return self.live
        if last - first > size // 2:
            return self.live - (self._slice(0, first) | self._slice(last, size))
        return self._slice(first, last)

    def _slice(self, first: int, last: int) -> BitMap:
        """The nums at places first to last of the order, from the coarsest sets that fit."""
        parts: list[BitMap] = []
        self._take(first, last, len(self.levels) - 1, parts)
        return BitMap.union(*parts) if parts else BitMap()

    def _take(self, first: int, last: int, level: int, parts: list[BitMap]) -> None:
        if first >= last:
            return
        if level < 0:
            nums = np.sort(self.nums[first:last])
            parts.extend([ascending(nums)] if self.contacts is None else self.contacts.parts(nums))
            return
        width = self._width * _FAN**level
        begin, end = -(-first // width), last // width
        if begin >= end:
            self._take(first, last, level - 1, parts)
            return
        self._take(first, begin * width, level - 1, parts)
        parts.extend(self.levels[level].part(begin, end))
        self._take(end * width, last, level - 1, parts)


def _levels(ranks: Ints, nums: Nums, width: int, shelf: Shelf) -> list[Sets]:
    """Sets of whole buckets, then of 16 and of 256 of them; only whole ones, so the last few nums may be in none.
    `ranks` is the place in the order of times of each of `nums`, or of its company."""
    size = int(ranks.max()) + 1 if len(ranks) else 0
    levels: list[Sets] = []
    while size >= width and len(levels) < _LEVELS:
        whole = size // width
        levels.append(Sets.of(grouped(ranks // width, nums, whole), shelf))
        width *= _FAN
    return levels

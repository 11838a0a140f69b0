"""Times and numbers of records: which lie between two.

Those asked (records, or for contacts their companies) stand in the order of their times, cut into buckets by count (so
that an import that puts every record on one day does no harm). Every few buckets there is a set of all that come
before: what lies between two of these is their difference, whatever the distance; the buckets and pieces of buckets at
the two ends are added. Contacts judged by their company's time have sets of contacts over buckets of companies: a
million companies in order instead of ten million contacts.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Final

import numpy as np
import numpy.typing as npt
from pyroaring import BitMap

from letrics.engines.bitmap.arrays import Ints, Nums
from letrics.engines.bitmap.postings import Postings
from letrics.engines.bitmap.roaring import ascending, pack_mask
from letrics.engines.bitmap.sets import Sets, Shelf, grouped

_BUCKET: Final = 8_192
_COMPANIES: Final = 1_024
"""Of companies, who have several contacts each, so many are a bucket."""
_SPARSE: Final = 8
NOWHERE: Final = 2**32 - 1
_FAN: Final = 24
"""So many buckets lie between two sets of all before."""


class TimeIndex:
    """Immutable: `times` in milliseconds (or a number), ascending; `nums` in the same order; `ranks` the place of each
    num in it (NOWHERE: not in it; empty where few nums are); `live` all records asked.

    With `contacts` (the contacts of each company), `nums` are companies and the answers their contacts; `before[k]` is
    then how many contacts the first k companies have.
    """

    __slots__ = ("_width", "before", "buckets", "contacts", "live", "nums", "ranks", "times", "until")

    def __init__(
        self, times: Ints, nums: Nums, ranks: Nums, live: BitMap, buckets: Sets, until: Sets,
        contacts: Postings | None = None, before: Ints | None = None,
    ) -> None:  # fmt: skip
        self.times = times
        self.nums = nums
        self.ranks = ranks
        self.live = live
        self.buckets = buckets
        self.until = until
        self.contacts = contacts
        self.before = before
        self._width = _BUCKET if contacts is None else _COMPANIES

    @classmethod
    def of(cls, nums: Nums, times: Ints, live: BitMap, shelf: Shelf) -> TimeIndex:
        """From the time of each num."""
        order = np.argsort(times)
        ordered = nums[order]
        sets = _sets(np.arange(len(ordered)), ordered, _BUCKET, shelf)
        return cls(times[order], ordered, _kept(_ranks(ordered), ordered), live, *sets)

    @classmethod
    def of_companies(
        cls, companies: Nums, times: Ints, live: BitMap, contacts: Postings, company: Nums, nums: Nums, shelf: Shelf
    ) -> TimeIndex:
        """From the time of each company; `company` is that of each of `nums`, `live` those of them that have one."""
        order = np.argsort(times)
        ordered = companies[order]
        place = _ranks(ordered)
        inside = company < len(place)
        ranks = np.full(len(company), NOWHERE, np.int64)
        ranks[inside] = place[company[inside]]
        held = ranks != NOWHERE
        buckets, until = _sets(ranks[held], nums[held], _COMPANIES, shelf)
        counts = contacts.count_each(ordered)
        before = np.r_[0, np.cumsum(counts)]
        return cls(times[order], ordered, _kept(place, ordered), live, buckets, until, contacts, before)

    def _bounds(self, low: int | None, high: int | None) -> tuple[int, int]:
        first = 0 if low is None else int(np.searchsorted(self.times, low, side="left"))
        last = len(self.times) if high is None else int(np.searchsorted(self.times, high, side="right"))
        return first, max(first, last)

    def count(self, low: int | None, high: int | None) -> int:
        """How many records lie between the two, both inclusive."""
        first, last = self._bounds(low, high)
        return last - first if self.before is None else int(self.before[last] - self.before[first])

    def those(self, low: int | None, high: int | None, asked: npt.NDArray[Any]) -> npt.NDArray[np.bool_]:
        """Which of the nums asked (of companies, where the answers are their contacts) lie between the two."""
        first, last = self._bounds(low, high)
        ranks = np.full(len(asked), NOWHERE, np.uint32)
        inside = asked < len(self.ranks)
        ranks[inside] = self.ranks[asked[inside]]
        return (ranks >= first) & (ranks < last)

    def between(self, low: int | None, high: int | None) -> BitMap:
        """The nums of the records between the two, both inclusive. Not to be changed."""
        first, last = self._bounds(low, high)
        if last - first == len(self.times):
            return self.live
        wide = self._width * _FAN
        begin, end = -(-first // wide), min(last // wide, len(self.until))
        if begin >= end:
            return _union(self._pieces(first, last))
        middle = self.until[end - 1]
        if begin:
            middle = middle - self.until[begin - 1]
        return _union([middle, *self._pieces(first, begin * wide), *self._pieces(end * wide, last)])

    def _pieces(self, first: int, last: int) -> list[BitMap]:
        """Sets of all that stand at places first to last of the order: whole buckets, and pieces of two."""
        if first >= last:
            return []
        width = self._width
        begin, end = -(-first // width), min(last // width, len(self.buckets))
        if begin >= end:
            return self._exactly(first, last)
        return [
            *self._exactly(first, begin * width), *self.buckets.part(begin, end), *self._exactly(end * width, last)
        ]  # fmt: skip

    def _exactly(self, first: int, last: int) -> list[BitMap]:
        if first >= last:
            return []
        nums = np.sort(self.nums[first:last])
        return [ascending(nums)] if self.contacts is None else self.contacts.parts(nums)


def _ranks(ordered: Nums) -> Nums:
    ranks = np.full(int(ordered.max()) + 1 if len(ordered) else 0, NOWHERE, np.uint32)
    ranks[ordered] = np.arange(len(ordered), dtype=np.uint32)
    return ranks


def _kept(ranks: Nums, ordered: Nums) -> Nums:
    """The ranks, or none where they would be mostly empty: those of an overlay."""
    return ranks if len(ordered) * _SPARSE >= len(ranks) else np.zeros(0, np.uint32)


def _union(parts: list[BitMap]) -> BitMap:
    return parts[0] if len(parts) == 1 else BitMap.union(BitMap(), *parts)


def _sets(ranks: Ints, nums: Nums, width: int, shelf: Shelf) -> tuple[Sets, Sets]:
    """The sets of whole buckets, and every few buckets that of all that come before. `ranks` is the place in the order
    of times of each of `nums`, or of its company."""
    size = int(ranks.max()) + 1 if len(ranks) else 0
    buckets = Sets.of(grouped(ranks // width, nums, size // width), shelf)
    wide = width * _FAN

    def until() -> Iterator[bytes]:
        # Sixteen bits are sorted by counting, five times faster. There are never so many.
        group = np.minimum(ranks // wide, 0xFFFF).astype(np.uint16)
        order = np.argsort(group, kind="stable")
        edges = np.r_[0, np.cumsum(np.bincount(group, minlength=size // wide)[: size // wide])]
        mask = np.zeros(int(nums.max()) + 1 if len(nums) else 0, np.bool_)
        for first, last in zip(edges[:-1].tolist(), edges[1:].tolist(), strict=True):
            mask[nums[order[first:last]]] = True
            yield pack_mask(mask)

    return buckets, Sets.of(until(), shelf)

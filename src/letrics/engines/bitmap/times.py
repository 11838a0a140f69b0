"""Times of records: which lie between two moments.

The nums stand in the order of their times, cut into buckets by count (so that an import that puts every record on one
day does no harm), with two coarser levels of sets above. A question takes whole sets, and the pieces at its two ends.
"""

from __future__ import annotations

from typing import Final

import numpy as np
from pyroaring import BitMap

from letrics.engines.bitmap.arrays import Ints, Nums, bitmap

_BUCKET: Final = 8_192
_FAN: Final = 16


class TimeIndex:
    """Immutable: `times` in milliseconds, ascending; `nums` in the same order; `live` all of them."""

    __slots__ = ("_levels", "live", "nums", "times")

    def __init__(self, times: Ints, nums: Nums, live: BitMap, levels: list[list[BitMap]] | None = None) -> None:
        self.times = times
        self.nums = nums
        self.live = live
        self._levels = levels if levels is not None else _levels(nums)

    @classmethod
    def of(cls, nums: Nums, times: Ints, live: BitMap) -> TimeIndex:
        """From the time of each num."""
        order = np.argsort(times, kind="stable")
        return cls(times[order], nums[order], live)

    @property
    def levels(self) -> list[list[BitMap]]:
        return self._levels

    def _bounds(self, low: int | None, high: int | None) -> tuple[int, int]:
        first = 0 if low is None else int(np.searchsorted(self.times, low, side="left"))
        last = len(self.times) if high is None else int(np.searchsorted(self.times, high, side="right"))
        return first, max(first, last)

    def count(self, low: int | None, high: int | None) -> int:
        """How many records lie between the two, both inclusive."""
        first, last = self._bounds(low, high)
        return last - first

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
        self._take(first, last, len(self._levels) - 1, parts)
        return BitMap.union(*parts) if parts else BitMap()

    def _take(self, first: int, last: int, level: int, parts: list[BitMap]) -> None:
        if first >= last:
            return
        if level < 0:
            parts.append(bitmap(np.sort(self.nums[first:last])))
            return
        width = _BUCKET * _FAN**level
        begin, end = -(-first // width), last // width
        if begin >= end:
            self._take(first, last, level - 1, parts)
            return
        self._take(first, begin * width, level - 1, parts)
        parts.extend(self._levels[level][begin:end])
        self._take(end * width, last, level - 1, parts)


def _levels(nums: Nums) -> list[list[BitMap]]:
    """Sets of whole buckets, then of 16 and of 256 of them; only whole ones, so the last few nums may be in none."""
    whole = len(nums) // _BUCKET
    levels = [[bitmap(np.sort(nums[i * _BUCKET : (i + 1) * _BUCKET])) for i in range(whole)]]
    while len(levels[-1]) >= _FAN and len(levels) < 3:
        below = levels[-1]
        levels.append([BitMap.union(*below[i : i + _FAN]) for i in range(0, len(below) - _FAN + 1, _FAN)])
    return levels if whole else []

"""Texts that nearly no two records share (domains, email addresses), found by their 64-bit hashes."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import xxhash

from letrics.engines.bitmap.arrays import Hashes, Ints, Nums, runs


def hashes(texts: Sequence[str]) -> Hashes:
    """The hash of each text."""
    digest = xxhash.xxh3_64_intdigest
    return np.array([digest(text.encode("utf-8", "surrogatepass")) for text in texts], dtype=np.uint64)


class KeyTable:
    """Immutable: `hashes`, ascending, and in the same order the `nums` that have them."""

    __slots__ = ("hashes", "nums")

    def __init__(self, hashes: Hashes, nums: Nums) -> None:
        self.hashes = hashes
        self.nums = nums

    @classmethod
    def of_pairs(cls, hashes: Hashes, nums: Nums) -> KeyTable:
        """From (hash, num) pairs in any order."""
        order = np.lexsort((nums, hashes))
        return cls(hashes[order], nums[order])

    def nums_of(self, asked: Hashes) -> tuple[Ints, Nums]:
        """(places in `asked`, nums): one pair for each num that has an asked hash."""
        first = np.searchsorted(self.hashes, asked, side="left")
        counts = np.searchsorted(self.hashes, asked, side="right") - first
        return np.repeat(np.arange(len(asked)), counts), self.nums[runs(first, counts)]

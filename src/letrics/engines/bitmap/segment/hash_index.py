"""Texts that nearly no two records share (domains, email addresses), found by their 64-bit hashes."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Final

import numpy as np
import xxhash

from letrics.engines.bitmap.kernel.arrays import Hashes, Ints, Nums, expand_ranges

_MIN_PREFIX_BITS: Final = 12
"""Smaller tables are searched as quickly without a table of beginnings,"""
_MIN_PREFIX_LOOKUPS: Final = 50
"""and so few hashes are."""
_MAX_PROBES: Final = 12
"""So far a hash is looked for from where its beginning starts: hashes are spread evenly, so that it is nearly always
one of the first."""


def hash_texts(texts: Iterable[str]) -> Hashes:
    """The hash of each text, of 64 bits: that any two of ten million share theirs has a chance of 1 in 370,000."""
    texts = list(texts)
    try:
        return hash_bytes(list(map(str.encode, texts)))
    except UnicodeEncodeError:
        return hash_bytes([text.encode("utf-8", "surrogatepass") for text in texts])


def hash_bytes(texts: Sequence[bytes]) -> Hashes:
    """The same of texts in UTF-8."""
    return np.fromiter(map(xxhash.xxh3_64_intdigest, texts), np.uint64, len(texts))


class HashIndex:
    """Immutable: `hashes`, ascending, and in the same order the `nums` that have them. `starts` tells for each
    beginning of a hash (its upper bits, so many that about one hash has them) where such hashes start: a binary search
    among a million waits for memory twenty times."""

    __slots__ = ("_shift", "hashes", "nums", "starts")

    def __init__(self, hashes: Hashes, nums: Nums, starts: Nums) -> None:
        self.hashes = hashes
        self.nums = nums
        self.starts = starts
        self._shift = np.uint64(64 - (len(starts).bit_length() - 1))

    @classmethod
    def of_pairs(cls, hashes: Hashes, nums: Nums) -> HashIndex:
        """From (hash, num) pairs in any order."""
        order = np.lexsort((nums, hashes))
        ordered = hashes[order]
        bits = len(ordered).bit_length() - 1
        if bits < _MIN_PREFIX_BITS:
            return cls(ordered, nums[order], np.zeros(0, np.uint32))
        counts = np.bincount((ordered >> np.uint64(64 - bits)).astype(np.int64), minlength=1 << bits)
        return cls(ordered, nums[order], (np.cumsum(counts) - counts).astype(np.uint32))

    def find(self, asked: Hashes) -> tuple[Ints, Nums]:
        """(places in `asked`, nums): one pair for each num that has an asked hash."""
        if not len(self.hashes):
            return np.zeros(0, np.int64), np.zeros(0, np.uint32)
        first = self._first(asked)
        last = len(self.hashes) - 1
        places = np.flatnonzero(self.hashes[np.minimum(first, last)] == asked)
        first, asked = first[places], asked[places]
        counts = np.ones(len(places), np.int64)
        more = np.flatnonzero((first < last) & (self.hashes[np.minimum(first + 1, last)] == asked))
        if len(more):
            counts[more] = np.searchsorted(self.hashes, asked[more], side="right") - first[more]
            return np.repeat(places, counts), self.nums[expand_ranges(first, counts)]
        return places, self.nums[first]

    def _first(self, asked: Hashes) -> Ints:
        """Where each of the hashes stands, or would."""
        if not len(self.starts) or len(asked) < _MIN_PREFIX_LOOKUPS:
            found: Ints = np.searchsorted(self.hashes, asked)
            return found
        first = self.starts[(asked >> self._shift).astype(np.int64)].astype(np.int64)
        last = len(self.hashes) - 1
        late = np.arange(len(asked))
        for _ in range(_MAX_PROBES):
            late = late[self.hashes[np.minimum(first[late], last)] < asked[late]]
            if not len(late):
                return first
            first[late] += 1
        first[late] = np.searchsorted(self.hashes, asked[late])
        return first

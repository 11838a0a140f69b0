"""Hash index: records by the 64-bit hash of a nearly unique text, such as a domain or an email address."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import numpy as np
import xxhash

from letrics.engines.bitmap.kernel.arrays import Hashes, Ints, Nums, expand_ranges


def hash_texts(texts: Iterable[str]) -> Hashes:
    """The 64-bit hash of each text. The probability that any two of ten million texts share one is 1 in 370,000."""
    texts = list(texts)
    try:
        return hash_bytes(list(map(str.encode, texts)))
    except UnicodeEncodeError:
        return hash_bytes([text.encode("utf-8", "surrogatepass") for text in texts])


def hash_bytes(texts: Sequence[bytes]) -> Hashes:
    """Like `hash_texts`, of texts encoded as UTF-8."""
    return np.fromiter(map(xxhash.xxh3_64_intdigest, texts), np.uint64, len(texts))


class HashIndex:
    """Immutable. `hashes` are ascending; `nums` has the record of each.

    `starts` has, for each prefix (the upper bits of a hash, as many as make about one hash per prefix), the position of
    its first hash. A binary search over a million hashes waits for memory twenty times.
    """

    __slots__ = ("_shift", "hashes", "nums", "starts")

    def __init__(self, hashes: Hashes, nums: Nums, starts: Nums) -> None:
        self.hashes = hashes
        self.nums = nums
        self.starts = starts
        self._shift = np.uint64(64 - (len(starts).bit_length() - 1))

    @classmethod
    def of_pairs(cls, hashes: Hashes, nums: Nums) -> HashIndex:
        """An index of (hash, num) pairs in any order."""
        order = np.lexsort((nums, hashes))
        ordered = hashes[order]
        bits = max(0, len(ordered).bit_length() - 1)
        counts = np.bincount((ordered >> np.uint64(64 - bits)).astype(np.int64), minlength=1 << bits)
        return cls(ordered, nums[order], (np.cumsum(counts) - counts).astype(np.uint32))

    def find(self, wanted: Hashes) -> tuple[Ints, Nums]:
        """Look up hashes. Returns positions in `wanted` and nums: one pair for each record that has the hash."""
        if not len(self.hashes):
            return np.zeros(0, np.int64), np.zeros(0, np.uint32)
        first = self._first(wanted)
        last = len(self.hashes) - 1
        positions = np.flatnonzero(self.hashes[np.minimum(first, last)] == wanted)
        first, wanted = first[positions], wanted[positions]
        counts = np.ones(len(positions), np.int64)
        repeated = np.flatnonzero((first < last) & (self.hashes[np.minimum(first + 1, last)] == wanted))
        if len(repeated):
            counts[repeated] = np.searchsorted(self.hashes, wanted[repeated], side="right") - first[repeated]
            return np.repeat(positions, counts), self.nums[expand_ranges(first, counts)]
        return positions, self.nums[first]

    def _first(self, wanted: Hashes) -> Ints:
        """The position where each hash is, or would be inserted."""
        prefixes = (wanted >> self._shift).astype(np.int64)
        low = self.starts[prefixes].astype(np.int64)
        after = self.starts[np.minimum(prefixes + 1, len(self.starts) - 1)]
        high = np.where(prefixes + 1 < len(self.starts), after, len(self.hashes)).astype(np.int64)
        pending = np.flatnonzero(low < high)
        while len(pending):  # a binary search among the hashes of the same prefix, for all at once
            middle = (low[pending] + high[pending]) // 2
            below = self.hashes[middle] < wanted[pending]
            low[pending[below]] = middle[below] + 1
            high[pending[~below]] = middle[~below]
            pending = pending[low[pending] < high[pending]]
        return low

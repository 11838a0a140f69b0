"""Deletion filter: a Bloom filter over deletion neighbourhoods, which rules out domains that have no neighbour at edit
distance 1 without trying the thousand edits.

Two texts at edit distance 1 (a letter deleted, inserted or replaced, or two adjacent letters transposed) become equal
when one letter is deleted from either or both. Two domains with the same name and different suffixes become equal when
the suffix is removed. These *forms* of every domain are in a blocked Bloom filter with blocks of 64 bits (Putze,
Sanders, Singler: Cache-, Hash- and Space-Efficient Bloom Filters, 2007). Unknown forms prove that there is no
neighbour; edits with known forms must be tried.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

import numpy as np
import numpy.typing as npt

from letrics.engines.bitmap.kernel.arrays import Hashes, Ints

_HASHES_PER_DOMAIN: Final = 20
"""Approximate number of forms of a domain."""
_BITS_PER_HASH: Final = 24
"""Filter bits per form. A form sets four bits of one word; about one unknown form in several hundred appears to be
known."""
_MIN_WORDS: Final = 1 << 12
"""Minimum 64-bit words of the first filter: capacity for the forms of 500 domains."""

# The hash of a text is the sum of its characters, each multiplied by a power of the base. The hash of the text without
# one character is the sum of the characters before it, plus that of those after it times the inverse of the base.
_BASE: Final = 0x9E3779B97F4A7C15
"""Base of the polynomial hash of a text. It is odd, so it has an inverse modulo 2^64."""
_INVERSE: Final = np.uint64(pow(_BASE, -1, 1 << 64))
"""The inverse of `_BASE`."""
_MIXED: Final = (np.uint64(0xBF58476D1CE4E5B9), np.uint64(0x94D049BB133111EB))
"""Factors of the mixing steps of splitmix64 (Steele, Lea, Flood, 2014)."""
_DOT: Final = ord(".")
"""Character between the labels of a domain."""

FilterWords = npt.NDArray[np.uint64]
"""The 64-bit blocks of a filter."""


def deletion_hashes(texts: Sequence[str]) -> tuple[Hashes, Ints]:
    """The hashes of the forms of each text, text by text, and where those of each text begin.

    The forms are: the text itself, its name (everything before the first dot) without the suffix, and the text without
    each of its characters.
    """
    lengths = np.fromiter(map(len, texts), np.int64, len(texts))
    codes = np.frombuffer("".join(texts).encode("utf-32-le", "surrogatepass"), np.uint32).astype(np.uint64)
    ends = np.cumsum(lengths)
    starts = ends - lengths
    powers = np.full(int(lengths.max(initial=0)) + 1, _BASE, np.uint64).cumprod()
    sums = np.zeros(len(codes) + 1, np.uint64)
    np.cumsum(codes * powers[np.arange(len(codes)) - np.repeat(starts, lengths)], out=sums[1:])
    sum_before_text, text_hash = np.repeat(sums[starts], lengths), sums[ends] - sums[starts]
    without = (sums[:-1] - sum_before_text) + (np.repeat(sums[ends], lengths) - sums[1:]) * _INVERSE
    dots = np.r_[np.flatnonzero(codes == _DOT), len(codes)]
    name_ends = np.minimum(dots[np.searchsorted(dots, starts)], ends)
    name_hash = sums[name_ends] - sums[starts] + np.uint64(_DOT) * powers[name_ends - starts]
    first = starts + 2 * np.arange(len(texts))
    forms = np.empty(len(codes) + 2 * len(texts), np.uint64)
    forms[first], forms[first + 1] = text_hash, name_hash
    forms[np.arange(len(codes)) + 2 * np.repeat(np.arange(1, len(texts) + 1), lengths)] = without
    return _mix(forms), first


def _mix(hashes: Hashes) -> Hashes:
    """Distribute the hashes evenly, by the steps of splitmix64."""
    for shift, factor in zip((30, 27), _MIXED, strict=True):
        hashes = (hashes ^ (hashes >> np.uint64(shift))) * factor
    mixed: Hashes = hashes ^ (hashes >> np.uint64(31))
    return mixed


class DeletionFilter:
    """The forms of domains. Forms are added and never removed. One thread adds; others may read at the same time."""

    def __init__(self, filters: Sequence[FilterWords] = (), room: int = 0) -> None:
        self.filters = list(filters)
        """Each has a power of two of words, and is as large as all before it together, except for the first."""
        self.room = room
        """Number of forms that the last filter still has capacity for."""

    def expect(self, domains: int) -> None:
        """Create a filter with capacity for this many domains, if there is none yet."""
        if not self.filters:
            self._grow(domains * _HASHES_PER_DOMAIN * _BITS_PER_HASH // 64)

    def add(self, domains: Sequence[str]) -> None:
        """Add the forms of these domains."""
        forms, _ = deletion_hashes(domains)
        forms.sort()  # which also sorts them by slot
        while len(forms):
            if self.room <= 0:
                self._grow(sum(map(len, self.filters)))
            batch, forms = forms[: self.room], forms[self.room :]
            slots, bits = _slots(batch, self.filters[-1])
            first = np.flatnonzero(np.r_[True, slots[1:] != slots[:-1]])
            self.filters[-1][slots[first]] |= np.bitwise_or.reduceat(bits, first)
            self.room -= len(batch)

    def known(self, texts: Sequence[str]) -> list[list[bool]]:
        """For each text, which of its forms a domain may have, in the order of `deletion_hashes`. False is certain."""
        if not texts:
            return []
        forms, first = deletion_hashes(texts)
        known = np.zeros(len(forms), np.bool_)
        for words in self.filters:
            slots, bits = _slots(forms, words)
            known |= words[slots] & bits == bits
        flags, ends = known.tolist(), [*first[1:].tolist(), len(forms)]
        return [flags[start:end] for start, end in zip(first.tolist(), ends, strict=True)]

    def _grow(self, words: int) -> None:
        """Add a filter of at least this many words."""
        size = 1 << (max(words, _MIN_WORDS) - 1).bit_length()
        self.filters.append(np.zeros(size, np.uint64))
        self.room = size * 64 // _BITS_PER_HASH


def _slots(forms: Hashes, words: FilterWords) -> tuple[Ints, FilterWords]:
    """For each form, the position of its word and its bits there."""
    one, low = np.uint64(1), np.uint64(63)
    bits = one << (forms & low)
    for shift in (6, 12, 18):
        bits |= one << ((forms >> np.uint64(shift)) & low)
    return (forms >> np.uint64(65 - len(words).bit_length())).astype(np.int64), bits

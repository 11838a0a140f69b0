"""Which domains may have one near them, told without trying the thousand that are one slip of the pen away.

Two texts that are one slip apart (a letter left out, put in, replaced, or two exchanged) become the same when one
letter is left out of either or both; so do two of one name under other suffixes when the suffix is left out. These
*forms* of every domain are in a Bloom filter of words of 64 bits (Putze, Sanders, Singler: Cache-, Hash- and
Space-Efficient Bloom Filters, 2007): what it does not know is near nothing, what it knows is to be tried.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

import numpy as np
import numpy.typing as npt

from letrics.engines.bitmap.kernel.arrays import Hashes, Ints

_HASHES_PER_DOMAIN: Final = 20
"""A domain has about so many,"""
_BITS_PER_HASH: Final = 24
"""and each has so many bits of room. It sets four of one word: of unknown forms one in some hundreds seems known."""
_MIN_WORDS: Final = 1 << 12
"""The words of the first filter, at least: they have room for the forms of 500 domains."""

# A text is a number: the sum of its characters, each times a power of an odd number, which has an inverse in 64 bits.
# So that of the text without one letter comes from sums of what stands before and behind.
_BASE: Final = 0x9E3779B97F4A7C15
_INVERSE: Final = np.uint64(pow(_BASE, -1, 1 << 64))
_MIXED: Final = (np.uint64(0xBF58476D1CE4E5B9), np.uint64(0x94D049BB133111EB))
"""The steps of splitmix64 (Steele, Lea, Flood, 2014)."""
_DOT: Final = ord(".")

FilterWords = npt.NDArray[np.uint64]


def deletion_hashes(texts: Sequence[str]) -> tuple[Hashes, Ints]:
    """The forms of some texts as hashes, those of one after those of the other, and where each one's begin: itself,
    its name (all before the first dot) without its suffix, and itself without each one of its letters."""
    lengths = np.fromiter(map(len, texts), np.int64, len(texts))
    codes = np.frombuffer("".join(texts).encode("utf-32-le", "surrogatepass"), np.uint32).astype(np.uint64)
    ends = np.cumsum(lengths)
    starts = ends - lengths
    powers = np.full(int(lengths.max(initial=0)) + 1, _BASE, np.uint64).cumprod()
    sums = np.zeros(len(codes) + 1, np.uint64)
    np.cumsum(codes * powers[np.arange(len(codes)) - np.repeat(starts, lengths)], out=sums[1:])
    before, whole = np.repeat(sums[starts], lengths), sums[ends] - sums[starts]
    without = (sums[:-1] - before) + (np.repeat(sums[ends], lengths) - sums[1:]) * _INVERSE
    dots = np.r_[np.flatnonzero(codes == _DOT), len(codes)]
    names = np.minimum(dots[np.searchsorted(dots, starts)], ends)
    name = sums[names] - sums[starts] + np.uint64(_DOT) * powers[names - starts]
    first = starts + 2 * np.arange(len(texts))
    forms = np.empty(len(codes) + 2 * len(texts), np.uint64)
    forms[first], forms[first + 1] = whole, name
    forms[np.arange(len(codes)) + 2 * np.repeat(np.arange(1, len(texts) + 1), lengths)] = without
    return _mix(forms), first


def _mix(hashes: Hashes) -> Hashes:
    for shift, factor in zip((30, 27), _MIXED, strict=True):
        hashes = (hashes ^ (hashes >> np.uint64(shift))) * factor
    mixed: Hashes = hashes ^ (hashes >> np.uint64(31))
    return mixed


class DeletionFilter:
    """The forms of domains, to which more are added; none is ever forgotten. One thread adds, others ask meanwhile."""

    def __init__(self, filters: Sequence[FilterWords] = (), room: int = 0) -> None:
        self.filters = list(filters)
        """Each of a power of two words, and as large as those before it together, but for the first."""
        self.room = room
        """For so many forms the last one has room."""

    def expect(self, domains: int) -> None:
        """Have room for so many domains in one filter, if there is none yet."""
        if not self.filters:
            self._grow(domains * _HASHES_PER_DOMAIN * _BITS_PER_HASH // 64)

    def add(self, domains: Sequence[str]) -> None:
        """Know the forms of these."""
        forms, _ = deletion_hashes(domains)
        forms.sort()  # and so by place
        while len(forms):
            if self.room <= 0:
                self._grow(sum(map(len, self.filters)))
            some, forms = forms[: self.room], forms[self.room :]
            places, bits = _slots(some, self.filters[-1])
            first = np.flatnonzero(np.r_[True, places[1:] != places[:-1]])
            self.filters[-1][places[first]] |= np.bitwise_or.reduceat(bits, first)
            self.room -= len(some)

    def known(self, texts: Sequence[str]) -> list[list[bool]]:
        """For each text, which of its forms a domain may have, in the order of `forms_of`; False is certain."""
        if not texts:
            return []
        forms, first = deletion_hashes(texts)
        known = np.zeros(len(forms), np.bool_)
        for words in self.filters:
            places, bits = _slots(forms, words)
            known |= words[places] & bits == bits
        every, ends = known.tolist(), [*first[1:].tolist(), len(forms)]
        return [every[start:end] for start, end in zip(first.tolist(), ends, strict=True)]

    def _grow(self, words: int) -> None:
        size = 1 << (max(words, _MIN_WORDS) - 1).bit_length()
        self.filters.append(np.zeros(size, np.uint64))
        self.room = size * 64 // _BITS_PER_HASH


def _slots(forms: Hashes, words: FilterWords) -> tuple[Ints, FilterWords]:
    """For each form, the word that has its bits, and those."""
    one, low = np.uint64(1), np.uint64(63)
    bits = one << (forms & low)
    for shift in (6, 12, 18):
        bits |= one << ((forms >> np.uint64(shift)) & low)
    return (forms >> np.uint64(65 - len(words).bit_length())).astype(np.int64), bits

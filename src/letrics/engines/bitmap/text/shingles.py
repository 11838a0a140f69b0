"""Which texts have one word right after another: phrases are found without looking at every text that has the words.

Half a million job titles say `head` or `office` twenty thousand times, but their words come together in few ways: 2.5
million pairs of neighbours are 460,000 different ones. Names are not like that, nearly every pair is another one: there
the pairs would take more room than the texts, and few texts have the words of a phrase without it.
"""

from __future__ import annotations

from typing import Final

import numpy as np
import numpy.typing as npt

from letrics.engines.bitmap.kernel.arrays import Ints, Nums, expand_ranges, sorted_unique
from letrics.engines.bitmap.text.forward_index import ForwardIndex

_MIN_REPEATS: Final = 2
"""Pairs are worth keeping where each comes so many times in the mean."""
_SAMPLE_TEXTS: Final = 50_000
"""That is found out from so many texts."""


class Shingles:
    """Of texts, every pair of neighbours. Immutable.

    `firsts` tells for each word where the pairs begin whose first word it is, and where the last end; `seconds` has of
    each pair the code of its second word (twice the word's id, plus one after a space), ascending within a first word;
    `offsets` where the pair's texts begin in `texts`, ascending within a pair.
    """

    __slots__ = ("firsts", "offsets", "seconds", "texts")

    def __init__(self, firsts: Ints, seconds: Nums, offsets: Ints, texts: Nums) -> None:
        self.firsts = firsts
        self.seconds = seconds
        self.offsets = offsets
        self.texts = texts

    @classmethod
    def of(cls, forward_index: ForwardIndex, ids: Nums) -> Shingles | None:
        """The pairs of these texts; None where they are not worth keeping. O(n log n) in the number of words."""
        sample, _ = _adjacent_pairs(forward_index, ids[:_SAMPLE_TEXTS])
        if not len(sample) or _MIN_REPEATS * len(sorted_unique(sample)) > len(sample):
            return None
        keys, texts = _adjacent_pairs(forward_index, ids)
        order = np.argsort(keys, kind="stable")
        keys, texts = keys[order], texts[order]
        starts = np.flatnonzero(np.r_[True, keys[1:] != keys[:-1]])
        pairs = keys[starts]
        firsts = np.searchsorted(pairs, np.arange(len(forward_index.words) + 1, dtype=np.uint64) << np.uint64(32))
        return cls(firsts.astype(np.int64), pairs.astype(np.uint32), np.r_[starts, len(keys)].astype(np.int64), texts)

    def texts_with(self, first: Nums, second: npt.NDArray[np.bool_], after_space: bool) -> Nums:
        """The texts, ascending, in which one of the words `first` stands right before one of those that `second` says
        yes to, with a space between them or without. `second` has a place for every word there is."""
        words = first[first < len(self.firsts) - 1].astype(np.int64)
        starts = self.firsts[words]
        pairs = expand_ranges(starts, self.firsts[words + 1] - starts)
        codes = self.seconds[pairs]
        pairs = pairs[second[codes >> 1] & ((codes & 1) == after_space)]
        starts = self.offsets[pairs]
        found: Nums = sorted_unique(self.texts[expand_ranges(starts, self.offsets[pairs + 1] - starts)])
        return found


def _adjacent_pairs(forward_index: ForwardIndex, ids: Nums) -> tuple[npt.NDArray[np.uint64], Nums]:
    """Every two words that stand one after the other, packed in one number (the first without the space before it),
    and the text of each."""
    codes, places = forward_index.codes_of(ids)
    inside = np.flatnonzero(places[1:] == places[:-1])
    words = codes[inside] >> np.uint32(1)
    return (words.astype(np.uint64) << np.uint64(32)) | codes[inside + 1], ids[places[inside]]

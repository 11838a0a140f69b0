"""Shingles: which texts have two given words next to each other, so that a phrase is found without reading every text
that has its words.

Half a million job titles say "head" or "office" twenty thousand times, but their words are combined in few ways:
2.5 million pairs of adjacent words are 460,000 distinct ones. In names nearly every pair is distinct: there the pairs
would take more memory than the texts, and few texts have the words of a phrase without the phrase.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from letrics.engines.bitmap.kernel.arrays import Ints, Nums, expand_ranges, sorted_unique
from letrics.engines.bitmap.text.forward_index import ForwardIndex


class Shingles:
    """Every pair of adjacent words in some texts. Immutable.

    - `firsts`: the pairs that begin with word w are those from `firsts[w]` up to `firsts[w + 1]`.
    - `seconds`: the code of each pair's second word (twice its id, plus one after a space), ascending within a first
      word.
    - `offsets`, `texts`: the texts of the k-th pair are `texts[offsets[k] : offsets[k + 1]]`, ascending.
    """

    __slots__ = ("firsts", "offsets", "seconds", "texts")

    def __init__(self, firsts: Ints, seconds: Nums, offsets: Ints, texts: Nums) -> None:
        self.firsts = firsts
        self.seconds = seconds
        self.offsets = offsets
        self.texts = texts

    @classmethod
    def of(cls, forward_index: ForwardIndex, ids: Nums, sample_size: int) -> Shingles | None:
        """The shingles of these texts, or None where most pairs of the first `sample_size` texts are distinct.

        O(n log n) in the number of words.
        """
        sample, _ = _adjacent_pairs(forward_index, ids[:sample_size])
        if not len(sample) or 2 * len(sorted_unique(sample)) > len(sample):
            return None
        keys, texts = _adjacent_pairs(forward_index, ids)
        order = np.argsort(keys, kind="stable")
        keys, texts = keys[order], texts[order]
        starts = np.flatnonzero(np.r_[True, keys[1:] != keys[:-1]])
        pairs = keys[starts]
        firsts = np.searchsorted(pairs, np.arange(len(forward_index.words) + 1, dtype=np.uint64) << np.uint64(32))
        return cls(firsts.astype(np.int64), pairs.astype(np.uint32), np.r_[starts, len(keys)].astype(np.int64), texts)

    def texts_with(self, first: Nums, second: npt.NDArray[np.bool_], after_space: bool) -> Nums:
        """The texts, ascending, in which a word of `first` is followed by a word that the mask `second` contains.

        `after_space` says whether a space is between them. The mask must have an entry for every word.
        """
        words = first[first < len(self.firsts) - 1].astype(np.int64)
        starts = self.firsts[words]
        pairs = expand_ranges(starts, self.firsts[words + 1] - starts)
        codes = self.seconds[pairs]
        pairs = pairs[second[codes >> 1] & ((codes & 1) == after_space)]
        starts = self.offsets[pairs]
        found: Nums = sorted_unique(self.texts[expand_ranges(starts, self.offsets[pairs + 1] - starts)])
        return found


def _adjacent_pairs(forward_index: ForwardIndex, ids: Nums) -> tuple[npt.NDArray[np.uint64], Nums]:
    """Every two adjacent words as one number (first word id, then second code), and the text of each pair."""
    codes, places = forward_index.codes_of(ids)
    inside = np.flatnonzero(places[1:] == places[:-1])
    words = codes[inside] >> np.uint32(1)
    return (words.astype(np.uint64) << np.uint64(32)) | codes[inside + 1], ids[places[inside]]

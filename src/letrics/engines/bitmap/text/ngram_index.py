"""N-gram index: which words contain a string, begin or end with it, or are similar to it.

The words are one block of text, one word per line, which is searched as a whole (0.1 ms for 50,000 words). Strings of
one or two characters, which nearly every line contains, are looked up in a sorted table instead; beginnings and endings
in the words' order, forwards and backwards.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Sequence
from typing import Any, Final

import numpy as np
import numpy.typing as npt

from letrics.engines.bitmap.kernel.arrays import Nums, sorted_unique
from letrics.engines.common.similarity import best_candidates, similarity

_CHARACTER_BITS: Final = np.uint64(21)
"""Bits of a Unicode character in a table entry."""
_WORD_BITS: Final = np.uint64(22)
"""Bits of a word id in a table entry: 4,194,304 words or more have no table and are searched as text."""

NgramTable = npt.NDArray[np.uint64]
"""Sorted entries of two characters (the second is 0 for a single one) and the id of a word that contains them."""


class NgramIndex(Sequence[str]):
    """The words with ids from `first` on. Immutable. As a sequence it has the words."""

    def __init__(self, words: Sequence[str], first: int = 0) -> None:
        text = "\n" + "\n".join(words) + "\n"
        # Bytes are searched several times faster than a string with wide characters.
        self._take(text.encode("utf-8", "surrogatepass"), first)
        self.pieces = self._table(text)
        backwards = [word[::-1] for word in words]
        self.order = np.array(sorted(range(len(words)), key=words.__getitem__), dtype=np.uint32)
        self.reverse = np.array(sorted(range(len(words)), key=backwards.__getitem__), dtype=np.uint32)

    @classmethod
    def restore(cls, text: bytes, pieces: NgramTable, order: Nums, reverse: Nums) -> NgramIndex:
        """The index that was saved as its attributes of these names."""
        made = cls.__new__(cls)
        made._take(text, 0)
        made.pieces, made.order, made.reverse = pieces, order, reverse
        return made

    def _take(self, text: bytes, first: int) -> None:
        """Set the text and the start of each word in it."""
        self.text = text
        self.first = first
        ends = np.flatnonzero(np.frombuffer(text, dtype=np.uint8) == ord("\n"))
        self._starts = (ends[:-1] + 1).astype(np.uint32)[: len(text) - 2]  # an index without words has no starts
        self.size = len(self._starts)

    def __len__(self) -> int:
        return self.size

    def __getitem__(self, at: Any) -> Any:
        start = int(self._starts[at])
        return self.text[start : self.text.index(b"\n", start)].decode("utf-8", "surrogatepass")

    def _table(self, text: str) -> NgramTable:
        """The table of all unigrams and bigrams."""
        if not self.size or self.size >= 1 << int(_WORD_BITS):
            return np.zeros(0, np.uint64)
        codes = np.frombuffer(text.encode("utf-32-le", "surrogatepass"), dtype=np.uint32).astype(np.uint64)
        end = np.uint64(ord("\n"))
        word = (np.cumsum(codes == end) - 1).astype(np.uint64)
        inside = codes != end
        single = (codes << _CHARACTER_BITS)[inside] << _WORD_BITS | word[inside]
        is_bigram = inside[:-1] & inside[1:]
        double = ((codes[:-1] << _CHARACTER_BITS) | codes[1:])[is_bigram] << _WORD_BITS | word[:-1][is_bigram]
        return sorted_unique(np.concatenate([single, double]))

    def containing(self, piece: str) -> Nums:
        """The ids of the words that contain the string. A line break in it stands for the beginning or end of a
        word."""
        bare = piece.strip("\n")
        if piece == f"\n{bare}":
            found = self._words_with_prefix(self.order, bare, 1)
        elif piece == f"{bare}\n":
            found = self._words_with_prefix(self.reverse, bare[::-1], -1)
        elif piece == bare and len(piece) <= 2 and len(self.pieces):
            found = self._words_with_ngram(piece)
        else:
            found = self._words_with_substring(piece)
        return found + np.uint32(self.first)

    def _words_with_prefix(self, order: Nums, prefix: str, step: int) -> Nums:
        """The words that begin with the string, read forwards or backwards (`step` −1). `order` sorts them that way."""
        positions = range(self.size)
        length = len(prefix)

        def begin(at: int) -> Any:
            return self[int(order[at])][::step][:length]

        low = bisect_left(positions, prefix, key=begin)
        return np.sort(order[low : bisect_right(positions, prefix, lo=low, key=begin)])

    def _words_with_ngram(self, ngram: str) -> Nums:
        """The words that contain a string of one or two characters, from the table."""
        codes = [ord(c) for c in ngram]
        key = (codes[0] << int(_CHARACTER_BITS)) | (codes[1] if len(codes) == 2 else 0)
        bounds = np.array([key << int(_WORD_BITS), (key + 1) << int(_WORD_BITS)], dtype=np.uint64)
        low, high = np.searchsorted(self.pieces, bounds)
        return (self.pieces[low:high] & np.uint64((1 << int(_WORD_BITS)) - 1)).astype(np.uint32)

    def _words_with_substring(self, substring: str) -> Nums:
        """The words that contain a string, by searching the text."""
        offset, offsets = -1, []
        find, encoded = self.text.find, substring.encode("utf-8", "surrogatepass")
        while (offset := find(encoded, offset + 1)) >= 0:
            offsets.append(offset)
        if not offsets or not self.size:
            return np.zeros(0, np.uint32)
        positions = np.array(offsets, dtype=np.int64) + substring.startswith("\n")
        ids = sorted_unique(np.searchsorted(self._starts, positions, side="right") - 1)
        return ids.astype(np.uint32)

    def common_pieces(self, words: int) -> list[str]:
        """The unigrams and bigrams that more than `words` words contain."""
        keys, counts = np.unique(self.pieces >> _WORD_BITS, return_counts=True)
        mask = (1 << int(_CHARACTER_BITS)) - 1
        pairs = [(int(key) >> int(_CHARACTER_BITS), int(key) & mask) for key in keys[counts > words]]
        return [chr(a) + (chr(b) if b else "") for a, b in pairs]

    def near(self, word: str) -> Iterable[tuple[float, str]]:
        """Similar words, each with its similarity (0 to 1), among those that share most bigrams with `word`."""
        bigrams = {word[at : at + 2] for at in range(len(word) - 1)}
        if not bigrams or not len(self.pieces):
            return
        shared_bigrams = np.bincount(
            np.concatenate([self._words_with_ngram(bigram) for bigram in bigrams]), minlength=self.size
        )
        lengths = np.diff(np.r_[self._starts, len(self.text)])
        best = best_candidates(shared_bigrams / np.sqrt(lengths))
        for at in best[shared_bigrams[best] > 0].tolist():
            other = self[at]
            if (ratio := similarity(word, other)) is not None:
                yield ratio, other

"""The words of all texts, and which of them contain a piece, begin or end with it, or are near it.

The words stand in one text, each on a line of its own, which is searched as a whole (0.1 ms for 50,000 words). Pieces
of one or two characters, which nearly every line has, are looked up in a sorted table instead, and beginnings and ends
in the words' order, forwards and backwards.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Sequence
from difflib import SequenceMatcher
from typing import Any, Final

import numpy as np
import numpy.typing as npt

from letrics.engines.bitmap.kernel.arrays import Nums, sorted_unique

_CHARACTER_BITS: Final = np.uint64(21)
"""Bits of a Unicode character."""
_WORD_BITS: Final = np.uint64(22)
"""Bits of a word's id: at most 4,194,304 words are looked up by piece, more are searched."""
_MAX_COMPARED: Final = 48
"""How many of the words that share most pieces with one are compared with it closely."""
_MIN_SIMILARITY: Final = 0.6
"""From which similarity (0 to 1, difflib's ratio) on a word is near."""

NgramTable = npt.NDArray[np.uint64]


class NgramIndex(Sequence[str]):
    """The words with ids from `first` on. Immutable."""

    def __init__(self, words: Sequence[str], first: int = 0) -> None:
        text = "\n" + "\n".join(words) + "\n"
        # Bytes are searched several times faster than text in which some characters are wide.
        self._take(text.encode("utf-8", "surrogatepass"), first)
        self.pieces = self._table(text)
        backwards = [word[::-1] for word in words]
        self.order = np.array(sorted(range(len(words)), key=words.__getitem__), dtype=np.uint32)
        self.reverse = np.array(sorted(range(len(words)), key=backwards.__getitem__), dtype=np.uint32)

    @classmethod
    def restore(cls, text: bytes, pieces: NgramTable, order: Nums, reverse: Nums) -> NgramIndex:
        """The list that was saved as its parts of these names."""
        made = cls.__new__(cls)
        made._take(text, 0)
        made.pieces, made.order, made.reverse = pieces, order, reverse
        return made

    def _take(self, text: bytes, first: int) -> None:
        self.text = text
        self.first = first
        ends = np.flatnonzero(np.frombuffer(text, dtype=np.uint8) == ord("\n"))
        self._starts = (ends[:-1] + 1).astype(np.uint32)[: len(text) - 2]  # none in an empty list
        self.size = len(self._starts)

    def __len__(self) -> int:
        return self.size

    def __getitem__(self, at: Any) -> Any:
        start = int(self._starts[at])
        return self.text[start : self.text.index(b"\n", start)].decode("utf-8", "surrogatepass")

    def _table(self, text: str) -> NgramTable:
        """Every (piece of one or two characters, word), packed in one number, ascending."""
        if not self.size or self.size >= 1 << int(_WORD_BITS):
            return np.zeros(0, np.uint64)
        codes = np.frombuffer(text.encode("utf-32-le", "surrogatepass"), dtype=np.uint32).astype(np.uint64)
        end = np.uint64(ord("\n"))
        word = (np.cumsum(codes == end) - 1).astype(np.uint64)
        inside = codes != end
        single = (codes << _CHARACTER_BITS)[inside] << _WORD_BITS | word[inside]
        pair = inside[:-1] & inside[1:]
        double = ((codes[:-1] << _CHARACTER_BITS) | codes[1:])[pair] << _WORD_BITS | word[:-1][pair]
        return sorted_unique(np.concatenate([single, double]))

    def containing(self, piece: str) -> Nums:
        """The ids of the words that contain the piece. A line end in it stands for the beginning or end of a word."""
        bare = piece.strip("\n")
        if piece == f"\n{bare}":
            found = self._beginning(self.order, bare, 1)
        elif piece == f"{bare}\n":
            found = self._beginning(self.reverse, bare[::-1], -1)
        elif piece == bare and len(piece) <= 2 and len(self.pieces):
            found = self._with_piece(piece)
        else:
            found = self._search(piece)
        return found + np.uint32(self.first)

    def _beginning(self, order: Nums, piece: str, step: int) -> Nums:
        """The words that begin with the piece, read forwards or (step −1) backwards, as `order` has them."""
        places = range(self.size)
        size = len(piece)

        def begin(at: int) -> Any:
            return self[int(order[at])][::step][:size]

        low = bisect_left(places, piece, key=begin)
        return np.sort(order[low : bisect_right(places, piece, lo=low, key=begin)])

    def _with_piece(self, piece: str) -> Nums:
        codes = [ord(c) for c in piece]
        key = (codes[0] << int(_CHARACTER_BITS)) | (codes[1] if len(codes) == 2 else 0)
        bounds = np.array([key << int(_WORD_BITS), (key + 1) << int(_WORD_BITS)], dtype=np.uint64)
        low, high = np.searchsorted(self.pieces, bounds)
        return (self.pieces[low:high] & np.uint64((1 << int(_WORD_BITS)) - 1)).astype(np.uint32)

    def _search(self, piece: str) -> Nums:
        at, found = -1, []
        find, sought = self.text.find, piece.encode("utf-8", "surrogatepass")
        while (at := find(sought, at + 1)) >= 0:
            found.append(at)
        if not found or not self.size:
            return np.zeros(0, np.uint32)
        places = np.array(found, dtype=np.int64) + piece.startswith("\n")
        ids = sorted_unique(np.searchsorted(self._starts, places, side="right") - 1)
        return ids.astype(np.uint32)

    def common_pieces(self, words: int) -> list[str]:
        """The pieces of one or two characters that more than `words` words contain."""
        keys, counts = np.unique(self.pieces >> _WORD_BITS, return_counts=True)
        mask = (1 << int(_CHARACTER_BITS)) - 1
        pairs = [(int(key) >> int(_CHARACTER_BITS), int(key) & mask) for key in keys[counts > words]]
        return [chr(a) + (chr(b) if b else "") for a, b in pairs]

    def near(self, word: str) -> Iterable[tuple[float, str]]:
        """Words like `word`, each with how near it is (0 to 1): of those that share most pairs of characters."""
        pairs = {word[at : at + 2] for at in range(len(word) - 1)}
        if not pairs or not len(self.pieces):
            return
        shared = np.bincount(np.concatenate([self._with_piece(pair) for pair in pairs]), minlength=self.size)
        lengths = np.diff(np.r_[self._starts, len(self.text)])
        score = shared / np.sqrt(lengths)
        best = np.argpartition(-score, min(_MAX_COMPARED, self.size - 1))[:_MAX_COMPARED]
        for at in best[shared[best] > 0].tolist():
            other = self[at]
            ratio = SequenceMatcher(None, word, other).ratio()
            if ratio >= _MIN_SIMILARITY:
                yield ratio, other

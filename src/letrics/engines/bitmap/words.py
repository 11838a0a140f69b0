"""The words of all texts, and which of them contain a piece, begin or end with it.

The words stand in one text, each on a line of its own, which is searched as a whole (0.1 ms for 50,000 words). Pieces
of one or two characters, which nearly every line has, are looked up in a sorted table instead.
"""

from __future__ import annotations

from typing import Final

import numpy as np
import numpy.typing as npt

from letrics.engines.bitmap.arrays import Nums, distinct

_CHARACTER: Final = np.uint64(21)
"""Bits of a Unicode character."""
_WORD: Final = np.uint64(22)
"""Bits of a word's id: at most 4,194,304 words are looked up by piece, more are searched."""


class WordList:
    """The words with ids from `first` on. Immutable."""

    def __init__(self, words: list[str], first: int = 0) -> None:
        self.first = first
        self.size = len(words)
        text = "\n" + "\n".join(words) + "\n"
        # Bytes are searched several times faster than text in which some characters are wide.
        self._blob = text.encode("utf-8", "surrogatepass")
        self._starts = np.flatnonzero(np.frombuffer(self._blob, dtype=np.uint8) == ord("\n"))[:-1] + 1
        self._pieces = self._table(text)

    def _table(self, text: str) -> npt.NDArray[np.uint64]:
        """Every (piece of one or two characters, word), packed in one number, ascending."""
        if not self.size or self.size >= 1 << int(_WORD):
            return np.zeros(0, np.uint64)
        codes = np.frombuffer(text.encode("utf-32-le", "surrogatepass"), dtype=np.uint32).astype(np.uint64)
        end = np.uint64(ord("\n"))
        word = (np.cumsum(codes == end) - 1).astype(np.uint64)
        inside = codes != end
        single = (codes << _CHARACTER)[inside] << _WORD | word[inside]
        pair = inside[:-1] & inside[1:]
        double = ((codes[:-1] << _CHARACTER) | codes[1:])[pair] << _WORD | word[:-1][pair]
        return distinct(np.concatenate([single, double]))

    def containing(self, piece: str) -> Nums:
        """The ids of the words that contain the piece. A line end in it stands for the beginning or end of a word."""
        if len(piece) <= 2 and "\n" not in piece and len(self._pieces):
            codes = [ord(c) for c in piece]
            key = (codes[0] << int(_CHARACTER)) | (codes[1] if len(codes) == 2 else 0)
            bounds = np.array([key << int(_WORD), (key + 1) << int(_WORD)], dtype=np.uint64)
            low, high = np.searchsorted(self._pieces, bounds)
            found = (self._pieces[low:high] & np.uint64((1 << int(_WORD)) - 1)).astype(np.uint32)
            return found + np.uint32(self.first)
        return self._search(piece)

    def _search(self, piece: str) -> Nums:
        at, found = -1, []
        find, sought = self._blob.find, piece.encode("utf-8", "surrogatepass")
        while (at := find(sought, at + 1)) >= 0:
            found.append(at)
        if not found:
            return np.zeros(0, np.uint32)
        places = np.array(found, dtype=np.int64) + piece.startswith("\n")
        ids = distinct(np.searchsorted(self._starts, places, side="right") - 1)
        return ids.astype(np.uint32) + np.uint32(self.first)

    def common_pieces(self, words: int) -> list[str]:
        """The pieces of one or two characters that more than `words` words contain."""
        keys, counts = np.unique(self._pieces >> _WORD, return_counts=True)
        mask = (1 << int(_CHARACTER)) - 1
        pairs = [(int(key) >> int(_CHARACTER), int(key) & mask) for key in keys[counts > words]]
        return [chr(a) + (chr(b) if b else "") for a, b in pairs]

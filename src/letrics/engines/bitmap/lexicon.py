"""Every word of a fact's texts has an id, dense from 0, lasting as long as the index.

Those known when the index was made stand in one text with a table of their hashes, both views of the saved index: a
million words of company names would be 200 MB as objects of their own. Words that came since are kept as they are.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

import numpy as np
import xxhash

from letrics.engines.bitmap.arrays import Hashes, Nums
from letrics.engines.bitmap.words import WordList


def word_hash(word: str) -> int:
    """64 bits for a word or text: that any two of ten million share them has a chance of 1 in 370,000."""
    return xxhash.xxh3_64_intdigest(word.encode("utf-8", "surrogatepass"))


class Lexicon(Sequence[str]):
    """As a sequence it gives the words. Only one thread adds; others may read meanwhile."""

    def __init__(self) -> None:
        self.known = WordList(())
        self.hashes: Hashes = np.zeros(0, np.uint64)
        self.ids: Nums = np.zeros(0, np.uint32)
        self._new: list[str] = []
        self._of_new: dict[str, int] = {}

    def __len__(self) -> int:
        return self.known.size + len(self._new)

    def __getitem__(self, at: Any) -> Any:
        late = at - self.known.size
        return self.known[at] if late < 0 else self._new[late]

    def since(self, first: int) -> list[str]:
        """The words with ids from `first` on."""
        return [self[at] for at in range(first, len(self))]

    def id_of(self, word: str) -> int:
        """The word's id; a new one where it was never met."""
        found = self._find(word)
        if found is None:
            found = self._of_new[word] = len(self)
            self._new.append(word)
        return found

    def find(self, words: Iterable[str]) -> Nums:
        """The ids of those words that were ever met, ascending."""
        return np.array(sorted({id_ for id_ in map(self._find, words) if id_ is not None}), dtype=np.uint32)

    def _find(self, word: str) -> int | None:
        found = self._of_new.get(word)
        if found is None and len(self.hashes):
            hashed = np.uint64(word_hash(word))
            at = int(np.searchsorted(self.hashes, hashed))
            if at < len(self.hashes) and self.hashes[at] == hashed:
                return int(self.ids[at])
        return found

    def settle(self) -> None:
        """Take the new words among those known."""
        if not self._new:
            return
        words = [*self.known, *self._new]
        hashed = np.fromiter(map(word_hash, words), dtype=np.uint64, count=len(words))
        order = np.argsort(hashed)
        self.known, self.hashes, self.ids = WordList(words), hashed[order], order.astype(np.uint32)
        self._new, self._of_new = [], {}

    def restore(self, known: WordList, hashes: Hashes, ids: Nums) -> None:
        """Be as saved after `settle`."""
        self.known, self.hashes, self.ids = known, hashes, ids

"""Word dictionary: an id for every word of a fact's texts, dense from 0. Ids last as long as the index.

Words known when the index was saved are one block of text with a table of their hashes, both views of the saved file: a
million words of company names would take 200 MB as Python strings. Words added since then are strings.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

import numpy as np

from letrics.engines.bitmap.kernel.arrays import Hashes, Nums
from letrics.engines.bitmap.segment.hash_index import hash_texts
from letrics.engines.bitmap.text.ngram_index import NgramIndex


class WordDictionary(Sequence[str]):
    """As a sequence it has the words. Only one thread adds; others may read at the same time."""

    def __init__(self) -> None:
        self.known = NgramIndex(())
        """The settled words."""
        self.hashes: Hashes = np.zeros(0, np.uint64)
        """The hashes of the settled words, ascending."""
        self.ids: Nums = np.zeros(0, np.uint32)
        """The id of each of `hashes`."""
        self._new: list[str] = []
        """The words added since."""
        self._of_new: dict[str, int] = {}
        """The id of each of those."""

    def __len__(self) -> int:
        return self.known.size + len(self._new)

    def __getitem__(self, at: Any) -> Any:
        late = at - self.known.size
        return self.known[at] if late < 0 else self._new[late]

    def since(self, first: int) -> list[str]:
        """The words with ids from `first` on."""
        size = self.known.size
        return [self.known[at] for at in range(first, size)] + self._new[max(first - size, 0) :]

    def ids_of(self, words: Sequence[str]) -> list[int]:
        """The id of each word. Adds new words."""
        ids = self._find(words)
        of_new, size = self._of_new, len(self)
        for at in [at for at, id_ in enumerate(ids) if id_ is None]:
            word = words[at]
            found = of_new.get(word)  # added already if the same word occurs twice
            if found is None:
                found = of_new[word] = size
                self._new.append(word)
                size += 1
            ids[at] = found
        return ids  # type: ignore[return-value]

    def find(self, words: Iterable[str]) -> Nums:
        """The ids of those words that are in the dictionary, ascending."""
        return np.array(sorted({id_ for id_ in self._find(list(words)) if id_ is not None}), dtype=np.uint32)

    def _find(self, words: Sequence[str]) -> list[int | None]:
        """The id of each word, or None."""
        ids = [self._of_new.get(word) for word in words]
        late = [at for at, id_ in enumerate(ids) if id_ is None]
        if late and len(self.hashes):
            hashed = hash_texts([words[at] for at in late])
            found = np.minimum(np.searchsorted(self.hashes, hashed), len(self.hashes) - 1)
            for place in np.flatnonzero(self.hashes[found] == hashed).tolist():
                ids[late[place]] = int(self.ids[found[place]])
        return ids

    def settle(self) -> None:
        """Move the new words into the block of text and the table."""
        if not self._new:
            return
        words = [*self.known, *self._new]
        hashed = hash_texts(words)
        order = np.argsort(hashed)
        self.known, self.hashes, self.ids = NgramIndex(words), hashed[order], order.astype(np.uint32)
        self._new, self._of_new = [], {}

    def restore(self, known: NgramIndex, hashes: Hashes, ids: Nums) -> None:
        """Load a settled dictionary."""
        self.known, self.hashes, self.ids = known, hashes, ids

"""Every word of a fact's texts has an id, dense from 0, lasting as long as the index.

Those known when the index was made stand in one text with a table of their hashes, both views of the saved index: a
million words of company names would be 200 MB as objects of their own. Words that came since are kept as they are.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

import numpy as np

from letrics.engines.bitmap.kernel.arrays import Hashes, Nums
from letrics.engines.bitmap.segment.hash_index import hash_texts
from letrics.engines.bitmap.text.ngram_index import NgramIndex


class WordDictionary(Sequence[str]):
    """As a sequence it gives the words. Only one thread adds; others may read meanwhile."""

    def __init__(self) -> None:
        self.known = NgramIndex(())
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
        size = self.known.size
        return [self.known[at] for at in range(first, size)] + self._new[max(first - size, 0) :]

    def ids_of(self, words: Sequence[str]) -> list[int]:
        """The id of each word; new ones for those never met."""
        ids = self._find(words)
        of_new, size = self._of_new, len(self)
        for at in [at for at, id_ in enumerate(ids) if id_ is None]:
            word = words[at]
            found = of_new.get(word)  # it may have come twice
            if found is None:
                found = of_new[word] = size
                self._new.append(word)
                size += 1
            ids[at] = found
        return ids  # type: ignore[return-value]

    def find(self, words: Iterable[str]) -> Nums:
        """The ids of those words that were ever met, ascending."""
        return np.array(sorted({id_ for id_ in self._find(list(words)) if id_ is not None}), dtype=np.uint32)

    def _find(self, words: Sequence[str]) -> list[int | None]:
        ids = [self._of_new.get(word) for word in words]
        late = [at for at, id_ in enumerate(ids) if id_ is None]
        if late and len(self.hashes):
            hashed = hash_texts([words[at] for at in late])
            found = np.minimum(np.searchsorted(self.hashes, hashed), len(self.hashes) - 1)
            for place in np.flatnonzero(self.hashes[found] == hashed).tolist():
                ids[late[place]] = int(self.ids[found[place]])
        return ids

    def settle(self) -> None:
        """Take the new words among those known."""
        if not self._new:
            return
        words = [*self.known, *self._new]
        hashed = hash_texts(words)
        order = np.argsort(hashed)
        self.known, self.hashes, self.ids = NgramIndex(words), hashed[order], order.astype(np.uint32)
        self._new, self._of_new = [], {}

    def restore(self, known: NgramIndex, hashes: Hashes, ids: Nums) -> None:
        """Be as saved after `settle`."""
        self.known, self.hashes, self.ids = known, hashes, ids

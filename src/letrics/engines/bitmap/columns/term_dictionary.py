"""Term dictionary: an id and a label for every distinct value of a fact. Ids last as long as the index.

Similar values are found by signatures: each text sets some of 256 bits, one for each of its trigrams, and the texts
that share most bits are compared closely. Comparing with 80,000 values takes less than a millisecond.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import Any, Final

import numpy as np
import numpy.typing as npt

from letrics.engines.bitmap.columns.column import Column
from letrics.engines.bitmap.costs import DEFAULT_COSTS, Costs
from letrics.engines.bitmap.kernel.arrays import Nums, sorted_unique
from letrics.engines.common.similarity import best_candidates, similarity
from letrics.normalize.text import fold

_SIGNATURE_BITS: Final = 256
"""Bits of a signature."""

Signatures = npt.NDArray[np.uint64]
"""Four 64-bit words for each text."""


class TermDictionary:
    """Ids of keys, dense from 0. Only one thread adds; others may read at the same time."""

    def __init__(
        self,
        key: Callable[[str], str],
        label: Callable[[str], str | None] | None = None,
        texts: Callable[[Any], Iterable[str]] | None = None,
        costs: Costs = DEFAULT_COSTS,
    ) -> None:
        self._key = key
        self._label = label
        self._texts = texts
        self._max_cached = 5 * costs.max_cached_entries
        self._known: dict[str, int] = {}
        """Cache: the id of each text in the form in which records have it."""
        self._of_item: dict[Any, int] = {}
        """Cache, for items that have several texts: the position of each item's ids in `_lists`."""
        self._lists: list[Nums] = []
        """The ids of each cached item."""
        self._of_key: dict[str, int] = {}
        """The id of each key."""
        self.keys: list[str] = []
        self.labels: list[str | None] = []
        self.folded: list[str] = []
        self._signatures = Column(np.uint64)
        self._signed = 0
        """Number of values that have a signature."""

    def __len__(self) -> int:
        return len(self.keys)

    def id_of(self, text: str) -> int:
        """The id of a record's text. Adds its key if it is new."""
        found = self._known.get(text)
        if found is None:
            key = self._key(text)
            found = self._of_key.get(key)
            if found is None:
                found = self._add(key, self._label(key) if self._label else text)
            if len(self._known) >= self._max_cached:
                self._known = {}
            self._known[text] = found
        return found

    def ids_of(self, items: Sequence[Any]) -> tuple[Nums | None, Nums]:
        """The number of ids of each item (None: one each) and the ids, item by item. Adds new keys."""
        if self._texts is not None:
            return self._lists_of(items)
        ids = list(map(self._known.get, items))
        if None in ids:
            ids = [self.id_of(text) if id_ is None else id_ for text, id_ in zip(items, ids, strict=True)]
        return None, np.array(ids, dtype=np.uint32)

    def _lists_of(self, items: Sequence[Any]) -> tuple[Nums, Nums]:
        if len(self._of_item) >= self._max_cached:
            self._of_item, self._lists = {}, []
        at = list(map(self._of_item.get, items))
        if None in at:
            at = [self._position_of(item) if place is None else place for item, place in zip(items, at, strict=True)]
        lists = [self._lists[place] for place in at]  # type: ignore[index]
        counts = np.fromiter(map(len, lists), dtype=np.uint32, count=len(lists))
        return counts, np.concatenate([np.zeros(0, np.uint32), *lists])

    def _position_of(self, item: Any) -> int:
        """The position of an item's ids in `_lists`."""
        found = self._of_item.get(item)
        if found is None:
            assert self._texts is not None
            ids = np.array([self.id_of(text) for text in self._texts(item)], dtype=np.uint32)  # first: it may fail
            found = self._of_item[item] = len(self._lists)
            self._lists.append(ids)
        return found

    def adopt(self, other: TermDictionary, id_: int) -> int:
        """The id here of a value of another dictionary. Adds its key if it is new."""
        found = self._of_key.get(other.keys[id_])
        return self._add(other.keys[id_], other.labels[id_]) if found is None else found

    def _add(self, key: str, label: str | None) -> int:
        found = self._of_key[key] = len(self.keys)
        self.keys.append(key)
        self.labels.append(label)
        self.folded.append(key if self._label is None else fold(label or ""))
        return found

    def find(self, keys: Iterable[str]) -> Nums:
        """The ids of those keys that are in the dictionary, ascending."""
        found = {self._of_key.get(key, -1) for key in keys} - {-1}
        return np.array(sorted(found), dtype=np.uint32)

    def find_one(self, key: str) -> int | None:
        """The id of a key, or None if it is not in the dictionary."""
        return self._of_key.get(key)

    def near(self, text: str, existing: Callable[[int], bool], most: int = 3) -> list[str]:
        """Up to `most` labels similar to `text`, the most similar first, of values for which `existing` is true."""
        wanted = fold(text)
        wanted_signature = _signatures([wanted])[0]
        size = self._signed
        table = self._signatures.part(0, 4 * size).reshape(size, 4)
        if not size or not wanted:
            return []
        shared_bits = np.bitwise_count(table & wanted_signature).sum(axis=1, dtype=np.int32)
        own_bits = np.bitwise_count(table).sum(axis=1, dtype=np.int32)
        candidates = best_candidates(shared_bits / np.sqrt(np.maximum(own_bits, 1)))
        similar: list[tuple[float, str]] = []
        for id_ in candidates.tolist():
            label = self.labels[id_]
            if label is None or not shared_bits[id_]:
                continue
            ratio = similarity(wanted, _cut_to_depth(self.folded[id_], wanted))
            if ratio is not None and existing(id_):
                similar.append((-ratio, label))
        return [label for _, label in sorted(set(similar))[:most]]

    def sign(self) -> None:
        """Compute the signatures of the values added since the last call, so that `near` finds them."""
        if self._signed < len(self.keys):
            self._signatures.append(_signatures(self.folded[self._signed :]).ravel())
            self._signed = len(self.keys)

    def dump(self) -> tuple[list[str], list[str | None]]:
        """The content that a snapshot stores, besides the signatures."""
        return self.keys, self.labels

    def restore(self, keys: list[str], labels: list[str | None], signatures: Signatures) -> None:
        """Load the result of `dump`, and the signatures."""
        self.keys, self.labels = keys, labels
        self.folded = keys[:] if self._label is None else [fold(label or "") for label in labels]
        self._of_key = {key: id_ for id_, key in enumerate(keys)}
        self._signatures = Column(np.uint64, data=signatures)
        self._signed = len(keys)

    @property
    def signatures(self) -> Signatures:
        """The signatures of all values that have one, one after the other."""
        signatures: Signatures = self._signatures.whole()
        return signatures


def _cut_to_depth(label: str, wanted: str) -> str:
    """The label, cut to as many comma-separated parts as the wanted text has: "Berln" is similar to "Berlin,
    Germany"."""
    return ",".join(label.split(",")[: wanted.count(",") + 1])


def _signatures(texts: list[str]) -> npt.NDArray[np.uint64]:
    """The signature of each text: one bit for each trigram of the text padded with spaces."""
    joined = "".join(f"  {text} \n" for text in texts)
    codes = np.frombuffer(joined.encode("utf-32-le", "surrogatepass"), dtype=np.uint32).astype(np.uint64)
    ends = codes == ord("\n")
    text_number = np.cumsum(ends) - ends
    inside = ~(ends[:-2] | ends[1:-1] | ends[2:])
    hashed = (codes[:-2] * np.uint64(0x9E3779B1) + codes[1:-1]) * np.uint64(0x85EBCA6B) + codes[2:]
    bits = (hashed * np.uint64(0xC2B2AE35) >> np.uint64(24)) % np.uint64(_SIGNATURE_BITS)
    set_bits = sorted_unique(text_number[:-2][inside].astype(np.uint64) * np.uint64(_SIGNATURE_BITS) + bits[inside])
    words = np.zeros(len(texts) * _SIGNATURE_BITS // 64, dtype=np.uint64)
    np.bitwise_or.at(words, (set_bits >> np.uint64(6)).astype(np.int64), np.uint64(1) << (set_bits & np.uint64(63)))
    return words.reshape(len(texts), _SIGNATURE_BITS // 64)

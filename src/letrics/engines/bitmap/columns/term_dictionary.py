"""The vocabulary of one fact: every value ever seen has an id, lasting as long as the index, and a text to show.

Near values are found by signatures: each text sets some of 256 bits, one for each run of three characters, and texts
that share most bits are compared closely. 80,000 values take under a millisecond.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from difflib import SequenceMatcher
from typing import Any, Final

import numpy as np
import numpy.typing as npt

from letrics.engines.bitmap.columns.column import Column
from letrics.engines.bitmap.kernel.arrays import Nums, sorted_unique
from letrics.normalize.text import fold

_SIGNATURE_BITS: Final = 256
_MAX_COMPARED: Final = 48
"""How many of the values that share most bits are compared closely."""
_MIN_SIMILARITY: Final = 0.6
"""From which similarity (0 to 1, difflib's ratio) on a value is near."""
_MAX_REMEMBERED: Final = 50_000
"""So many texts, and so many items, as records have them are remembered with their ids."""

Signatures = npt.NDArray[np.uint64]


class TermDictionary:
    """Ids of keys, dense from 0. Only one thread adds; others may read meanwhile."""

    def __init__(
        self, key: Callable[[str], str], label: Callable[[str], str | None] | None = None,
        texts: Callable[[Any], Iterable[str]] | None = None,
    ) -> None:  # fmt: skip
        self._key = key
        self._label = label
        self._texts = texts
        self._known: dict[str, int] = {}
        """The ids of the very texts that were met."""
        self._of_item: dict[Any, int] = {}
        """Of items that are no texts themselves but have several: the place of those met in `_lists`."""
        self._lists: list[Nums] = []
        self._of_key: dict[str, int] = {}
        self.keys: list[str] = []
        self.labels: list[str | None] = []
        self.folded: list[str] = []
        self._signatures = Column(np.uint64)
        self._signed = 0

    def __len__(self) -> int:
        return len(self.keys)

    def id_of(self, text: str) -> int:
        """The id of a record's text; a new one where its key was never seen."""
        found = self._known.get(text)
        if found is None:
            key = self._key(text)
            found = self._of_key.get(key)
            if found is None:
                found = self._add(key, self._label(key) if self._label else text)
            if len(self._known) >= _MAX_REMEMBERED:
                self._known = {}
            self._known[text] = found
        return found

    def ids_of(self, items: Sequence[Any]) -> tuple[Nums | None, Nums]:
        """How many ids each of the items of many records has (None: each one), and the ids, item by item."""
        if self._texts is not None:
            return self._lists_of(items)
        ids = list(map(self._known.get, items))
        if None in ids:
            ids = [self.id_of(text) if id_ is None else id_ for text, id_ in zip(items, ids, strict=True)]
        return None, np.array(ids, dtype=np.uint32)

    def _lists_of(self, items: Sequence[Any]) -> tuple[Nums, Nums]:
        if len(self._of_item) >= _MAX_REMEMBERED:
            self._of_item, self._lists = {}, []
        at = list(map(self._of_item.get, items))
        if None in at:
            at = [self._place_of(item) if place is None else place for item, place in zip(items, at, strict=True)]
        lists = [self._lists[place] for place in at]  # type: ignore[index]
        counts = np.fromiter(map(len, lists), dtype=np.uint32, count=len(lists))
        return counts, np.concatenate([np.zeros(0, np.uint32), *lists])

    def _place_of(self, item: Any) -> int:
        found = self._of_item.get(item)
        if found is None:
            assert self._texts is not None
            ids = np.array([self.id_of(text) for text in self._texts(item)], dtype=np.uint32)  # first: it may fail
            found = self._of_item[item] = len(self._lists)
            self._lists.append(ids)
        return found

    def adopt(self, other: TermDictionary, id_: int) -> int:
        """Our id of a value of another vocabulary; a new one where its key was never seen here."""
        found = self._of_key.get(other.keys[id_])
        return self._add(other.keys[id_], other.labels[id_]) if found is None else found

    def _add(self, key: str, label: str | None) -> int:
        found = self._of_key[key] = len(self.keys)
        self.keys.append(key)
        self.labels.append(label)
        self.folded.append(key if self._label is None else fold(label or ""))
        return found

    def find(self, keys: Iterable[str]) -> Nums:
        """The ids of those keys that were ever seen, ascending."""
        found = {self._of_key.get(key, -1) for key in keys} - {-1}
        return np.array(sorted(found), dtype=np.uint32)

    def find_one(self, key: str) -> int | None:
        """The id of a key; None where it was never seen."""
        return self._of_key.get(key)

    def near(self, text: str, existing: Callable[[int], bool], most: int = 3) -> list[str]:
        """Up to `most` labels near `text`, nearest first, of values for which `carried` holds."""
        wanted = fold(text)
        asked = _signatures([wanted])[0]
        size = self._signed
        table = self._signatures.part(0, 4 * size).reshape(size, 4)
        if not size or not wanted:
            return []
        shared = np.bitwise_count(table & asked).sum(axis=1, dtype=np.int32)
        own = np.bitwise_count(table).sum(axis=1, dtype=np.int32)
        score = shared / np.sqrt(np.maximum(own, 1))
        best = (
            np.argpartition(-score, min(_MAX_COMPARED, size - 1))[:_MAX_COMPARED]
            if size > _MAX_COMPARED
            else np.arange(size)
        )
        judged: list[tuple[float, str]] = []
        for id_ in best.tolist():
            label = self.labels[id_]
            if label is None or not shared[id_]:
                continue
            ratio = SequenceMatcher(None, wanted, _cut_to_depth(self.folded[id_], wanted)).ratio()
            if ratio >= _MIN_SIMILARITY and existing(id_):
                judged.append((-ratio, label))
        return [label for _, label in sorted(set(judged))[:most]]

    def sign(self) -> None:
        """Make the values added since the last time findable by `near`."""
        if self._signed < len(self.keys):
            self._signatures.append(_signatures(self.folded[self._signed :]).ravel())
            self._signed = len(self.keys)

    def dump(self) -> tuple[list[str], list[str | None]]:
        """What a snapshot keeps."""
        return self.keys, self.labels

    def restore(self, keys: list[str], labels: list[str | None], signatures: Signatures) -> None:
        """Take back what `dump` gave, and the signatures."""
        self.keys, self.labels = keys, labels
        self.folded = keys[:] if self._label is None else [fold(label or "") for label in labels]
        self._of_key = {key: id_ for id_, key in enumerate(keys)}
        self._signatures = Column(np.uint64, data=signatures)
        self._signed = len(keys)

    @property
    def signatures(self) -> Signatures:
        signatures: Signatures = self._signatures.whole()
        return signatures


def _cut_to_depth(label: str, wanted: str) -> str:
    """The label cut to as many parts between commas as the wanted text has: Berln is near "Berlin, Germany"."""
    return ",".join(label.split(",")[: wanted.count(",") + 1])


def _signatures(texts: list[str]) -> npt.NDArray[np.uint64]:
    """Four words of bits for each text: one bit for each run of three characters of the text between spaces."""
    joined = "".join(f"  {text} \n" for text in texts)
    codes = np.frombuffer(joined.encode("utf-32-le", "surrogatepass"), dtype=np.uint32).astype(np.uint64)
    ends = codes == ord("\n")
    text = np.cumsum(ends) - ends
    inside = ~(ends[:-2] | ends[1:-1] | ends[2:])
    hashed = (codes[:-2] * np.uint64(0x9E3779B1) + codes[1:-1]) * np.uint64(0x85EBCA6B) + codes[2:]
    bits = (hashed * np.uint64(0xC2B2AE35) >> np.uint64(24)) % np.uint64(_SIGNATURE_BITS)
    spots = sorted_unique(text[:-2][inside].astype(np.uint64) * np.uint64(_SIGNATURE_BITS) + bits[inside])
    words = np.zeros(len(texts) * _SIGNATURE_BITS // 64, dtype=np.uint64)
    np.bitwise_or.at(words, (spots >> np.uint64(6)).astype(np.int64), np.uint64(1) << (spots & np.uint64(63)))
    return words.reshape(len(texts), _SIGNATURE_BITS // 64)

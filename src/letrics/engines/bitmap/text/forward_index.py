"""Every distinct text of a fact, as the sequence of its words.

A word is a run of characters that are neither white space nor ASCII punctuation; a mark of ASCII punctuation is a word
of its own. A folded text has single spaces, so that it is its words and, for each, whether a space stands before it: no
text is kept beside them. Texts are known again by a 64-bit hash.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final

import numpy as np

from letrics.engines.bitmap.columns.column import Column
from letrics.engines.bitmap.kernel.arrays import Hashes, Ints, Nums, expand_ranges
from letrics.engines.bitmap.kernel.hash_table import HashTable
from letrics.engines.bitmap.segment.hash_index import hash_bytes, hash_texts
from letrics.engines.bitmap.text.tokenizer import tokenize_all
from letrics.engines.bitmap.text.word_dictionary import WordDictionary
from letrics.normalize.text import fold_all

_SEPARATOR_CODE: Final = 2**31 - 1
"""Stands between two texts while they are read."""
_MAX_SINGLE_LOOKUPS: Final = 16
"""Up to one text in so many is not in the saved table of hashes: made anew for them, it would be in memory twice."""
_EMPTY_HASH: Final = hash_texts([""])[0]


class ForwardIndex(Sequence[str]):
    """Every distinct folded text, ids dense from 0; as a sequence it gives the texts. Only one thread adds."""

    def __init__(self) -> None:
        self.words = WordDictionary()
        self.codes = Column(np.uint32)
        """The words of all texts, one text after the other: twice the word's id, plus one after a space."""
        self.ends = Column(np.int64)
        """Where each text's words end in `codes`."""
        self.hashes = Column(np.uint64)
        """Of the texts, in the order of their ids."""
        self._known_hashes: Hashes = np.zeros(0, np.uint64)
        self._known_ids: Nums = np.zeros(0, np.uint32)
        self._recent = HashTable()
        self._code_of = HashTable()
        """The code of each word, with the space before it or without, by its hash."""
        self._code_of.add(hash_bytes([b"\n"]), np.array([_SEPARATOR_CODE], np.uint32))

    def __len__(self) -> int:
        return len(self.ends)

    def __getitem__(self, at: Any) -> Any:
        codes = self.codes_of(np.array([at], dtype=np.int64))[0]
        words = self.words
        return "".join([f" {words[c >> 1]}" if c & 1 else words[c >> 1] for c in codes.tolist()])

    def bounds(self, ids: Nums) -> tuple[Ints, Ints]:
        """Where the words of each text begin and end in `codes`."""
        before = ids.astype(np.int64) - 1
        starts = np.where(before < 0, 0, self.ends.take(np.maximum(before, 0)))
        return starts, self.ends.take(ids)

    def codes_of(self, ids: Nums) -> tuple[Nums, Ints]:
        """(codes of the words of each text in order, place in `ids` each belongs to)."""
        starts, ends = self.bounds(ids)
        counts = ends - starts
        return self.codes.take(expand_ranges(starts, counts)), np.repeat(np.arange(len(ids)), counts)

    def ids_of(self, texts: Sequence[str | None]) -> Ints:
        """The id of each text (unfolded), -1 where there is none."""
        given = [text for text in texts if text is not None]
        if len(given) == len(texts):
            return self._look_up(given)
        ids = np.full(len(texts), -1)
        ids[[text is not None for text in texts]] = self._look_up(given)
        return ids

    def _look_up(self, texts: list[str]) -> Ints:
        folded = fold_all(texts)
        hashed = hash_texts(folded)
        ids = self._find(hashed)
        late = np.flatnonzero((ids < 0) & (hashed != _EMPTY_HASH))
        if len(late):
            marks, first, which = _sort_hashes(hashed[late])
            new = np.arange(len(self), len(self) + len(marks), dtype=np.uint32)
            self._add([folded[at] for at in late[first].tolist()], marks)
            self._recent.add(marks, new)
            ids[late] = new[which]
        return ids

    def _find(self, hashed: Hashes) -> Ints:
        """The ids of the texts with these hashes, -1 where there is none."""
        ids = self._recent.find(hashed)
        if len(self._known_hashes):
            # In order, since each is looked for near the one before, in memory that is at hand: a third of the time.
            order = np.argsort(hashed)
            ordered = hashed[order]
            at = np.minimum(np.searchsorted(self._known_hashes, ordered), len(self._known_hashes) - 1)
            same = self._known_hashes[at] == ordered
            ids[order[same]] = self._known_ids[at[same]]
        return ids

    def _settle(self) -> None:
        """Have all hashes in the table: those that came since are put between the others, which takes a third of the
        memory of sorting all."""
        first = len(self._known_hashes)
        if first == len(self):
            return
        late = self.hashes.part(first, len(self))
        order = np.argsort(late)
        marks, ids = late[order], (first + order).astype(np.uint32)
        if first:
            at = np.searchsorted(self._known_hashes, marks)
            marks, ids = np.insert(self._known_hashes, at, marks), np.insert(self._known_ids, at, ids)
        self._known_hashes, self._known_ids = marks, ids
        self._recent = HashTable()

    def _add(self, new: list[str], hashed: Hashes) -> None:
        split = tokenize_all(new)
        marks = hash_bytes(split)
        codes = self._code_of.find(marks)
        late = np.flatnonzero(codes < 0)
        if len(late):
            unknown, first, which = _sort_hashes(marks[late])
            tokens = [split[at].decode("utf-8", "surrogatepass") for at in late[first].tolist()]
            words = self.words.ids_of([token.lstrip(" ") for token in tokens])
            found = np.array(
                [2 * word + (token[0] == " ") for token, word in zip(tokens, words, strict=True)], np.uint32
            )
            self._code_of.add(unknown, found)
            codes[late] = found[which]
        flat = codes.astype(np.uint32)
        inside = flat != _SEPARATOR_CODE
        ends = np.r_[np.flatnonzero(~inside), len(flat)] - np.arange(len(new))
        start = self.codes.append(flat[inside])
        self.hashes.append(hashed)
        self.ends.append(start + ends)

    def find_hashes(self, hashed: Hashes) -> Ints:
        """The ids of the texts with these hashes, -1 where there is none."""
        return self._find(hashed)

    def add_coded(self, codes: Nums, counts: Ints, hashed: Hashes) -> None:
        """Add texts that are not known yet, each as the codes of its words, of which it has as many as `counts`."""
        start = self.codes.append(codes)
        self.hashes.append(hashed)
        self.ends.append(start + np.cumsum(counts, dtype=np.int64))
        self._settle()

    def table(self) -> tuple[Hashes, Nums]:
        """The hashes of the first texts, ascending, and the id of each: of all but the last few."""
        if len(self) - len(self._known_hashes) > len(self._known_hashes) // _MAX_SINGLE_LOOKUPS:
            self._settle()
        return self._known_hashes, self._known_ids

    def restore_table(self, hashes: Hashes, ids: Nums) -> None:
        """Have what `table` gave; the texts are there."""
        self._known_hashes, self._known_ids = hashes, ids
        late = np.arange(len(hashes), len(self), dtype=np.uint32)
        self._recent.add(self.hashes.part(len(hashes), len(self)), late)


def _sort_hashes(hashed: Hashes) -> tuple[Hashes, Ints, Ints]:
    """Hashes, each once and as they come (what stands together is read together): which they are, where each comes
    first, and which of them each of `hashed` is."""
    marks, first, which = np.unique(hashed, return_index=True, return_inverse=True)
    order = np.argsort(first)
    place = np.empty(len(order), np.int64)
    place[order] = np.arange(len(order))
    return marks[order], first[order], place[which]

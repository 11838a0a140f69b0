"""Forward index: every distinct text of a fact as a sequence of token ids.

A token is a run of characters that are neither white space nor ASCII punctuation, or one ASCII punctuation character. A
folded text has single spaces, so its tokens, with one bit each for a preceding space, are the whole text: no string is
stored. Texts are recognized by a 64-bit hash.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final

import numpy as np

from letrics.engines.bitmap.columns.column import Column
from letrics.engines.bitmap.costs import Costs
from letrics.engines.bitmap.kernel.arrays import Hashes, Ints, Nums, expand_ranges
from letrics.engines.bitmap.kernel.hash_table import HashTable
from letrics.engines.bitmap.segment.hash_index import hash_bytes, hash_texts
from letrics.engines.bitmap.text.tokenizer import tokenize_all
from letrics.engines.bitmap.text.word_dictionary import WordDictionary
from letrics.normalize.text import fold_all_words

_SEPARATOR_CODE: Final = 2**31 - 1
"""Code between two texts during tokenization."""
_EMPTY_HASH: Final = hash_texts([""])[0]
"""Hash of the empty text, which is never stored."""


class ForwardIndex(Sequence[str]):
    """Distinct folded texts with ids dense from 0. As a sequence it has the texts. Only one thread adds."""

    def __init__(self) -> None:
        self.words = WordDictionary()
        self.codes = Column(np.uint32)
        """The token codes of all texts, text by text: twice the word id, plus one after a space."""
        self.ends = Column(np.int64)
        """The end of each text in `codes`."""
        self.hashes = Column(np.uint64)
        """The hash of each text."""
        self._known_hashes: Hashes = np.zeros(0, np.uint64)
        """The hash table of the first texts, ascending."""
        self._known_ids: Nums = np.zeros(0, np.uint32)
        """The id of each of `_known_hashes`."""
        self._recent = HashTable()
        """The ids of the other texts, by hash."""
        self._code_of = HashTable()
        """The code of each token, including its space, by hash."""
        self._code_of.add(hash_bytes([b"\n"]), np.array([_SEPARATOR_CODE], np.uint32))

    def __len__(self) -> int:
        return len(self.ends)

    def __getitem__(self, at: Any) -> Any:
        if not 0 <= at < len(self):
            raise IndexError(at)
        codes = self.codes_of(np.array([at], dtype=np.int64))[0]
        words = self.words
        return "".join([f" {words[c >> 1]}" if c & 1 else words[c >> 1] for c in codes.tolist()])

    def bounds(self, ids: Nums) -> tuple[Ints, Ints]:
        """The start and end of each text in `codes`."""
        before = ids.astype(np.int64) - 1
        starts = np.where(before < 0, 0, self.ends.take(np.maximum(before, 0)))
        return starts, self.ends.take(ids)

    def codes_of(self, ids: Nums) -> tuple[Nums, Ints]:
        """The token codes of the texts, in order, and for each code the position in `ids` of its text."""
        starts, ends = self.bounds(ids)
        counts = ends - starts
        return self.codes.take(expand_ranges(starts, counts)), np.repeat(np.arange(len(ids)), counts)

    def ids_of(self, texts: Sequence[str | None]) -> Ints:
        """The id of each text (not folded yet), or -1 for an empty or missing one. Adds new texts."""
        present = [text for text in texts if text is not None]
        if len(present) == len(texts):
            return self._look_up(present)
        ids = np.full(len(texts), -1)
        ids[[text is not None for text in texts]] = self._look_up(present)
        return ids

    def _look_up(self, texts: list[str]) -> Ints:
        """The id of each text, or -1 for an empty one. Adds new texts."""
        folded = fold_all_words(texts)
        hashed = hash_texts(folded)
        ids = self._find(hashed)
        missing = np.flatnonzero((ids < 0) & (hashed != _EMPTY_HASH))
        if len(missing):
            new_hashes, first_at, which = _sort_hashes(hashed[missing])
            new_ids = np.arange(len(self), len(self) + len(new_hashes), dtype=np.uint32)
            self._add([folded[at] for at in missing[first_at].tolist()], new_hashes)
            self._recent.add(new_hashes, new_ids)
            ids[missing] = new_ids[which]
        return ids

    def _find(self, hashed: Hashes) -> Ints:
        """The ids of the texts with these hashes, or -1."""
        ids = self._recent.find(hashed)
        if len(self._known_hashes):
            # Sorted lookups touch memory that is already in the cache: a third of the time.
            order = np.argsort(hashed)
            ordered = hashed[order]
            at = np.minimum(np.searchsorted(self._known_hashes, ordered), len(self._known_hashes) - 1)
            same = self._known_hashes[at] == ordered
            ids[order[same]] = self._known_ids[at[same]]
        return ids

    def _settle(self) -> None:
        """Merge the hashes of recent texts into the sorted table, which takes a third of the memory of sorting all of
        them."""
        first = len(self._known_hashes)
        if first == len(self):
            return
        recent = self.hashes.part(first, len(self))
        order = np.argsort(recent)
        hashes, ids = recent[order], (first + order).astype(np.uint32)
        if first:
            at = np.searchsorted(self._known_hashes, hashes)
            hashes, ids = np.insert(self._known_hashes, at, hashes), np.insert(self._known_ids, at, ids)
        self._known_hashes, self._known_ids = hashes, ids
        self._recent = HashTable()

    def _add(self, texts: list[str], hashed: Hashes) -> None:
        """Add new folded texts with these hashes."""
        tokens_of_texts = tokenize_all(texts)
        token_hashes = hash_bytes(tokens_of_texts)
        codes = self._code_of.find(token_hashes)
        missing = np.flatnonzero(codes < 0)
        if len(missing):
            unknown, first, which = _sort_hashes(token_hashes[missing])
            tokens = [tokens_of_texts[at].decode("utf-8", "surrogatepass") for at in missing[first].tolist()]
            words = self.words.ids_of([token.lstrip(" ") for token in tokens])
            new_codes = np.array(
                [2 * word + (token[0] == " ") for token, word in zip(tokens, words, strict=True)], np.uint32
            )
            self._code_of.add(unknown, new_codes)
            codes[missing] = new_codes[which]
        flat = codes.astype(np.uint32)
        is_token = flat != _SEPARATOR_CODE
        ends = np.r_[np.flatnonzero(~is_token), len(flat)] - np.arange(len(texts))
        start = self.codes.append(flat[is_token])
        self.hashes.append(hashed)
        self.ends.append(start + ends)

    def find_hashes(self, hashed: Hashes) -> Ints:
        """The ids of the texts with these hashes, or -1."""
        return self._find(hashed)

    def add_coded(self, codes: Nums, counts: Ints, hashed: Hashes) -> None:
        """Add new texts given as token codes. `counts` is the number of codes of each text."""
        start = self.codes.append(codes)
        self.hashes.append(hashed)
        self.ends.append(start + np.cumsum(counts, dtype=np.int64))
        self._settle()

    def table(self, costs: Costs) -> tuple[Hashes, Nums]:
        """The sorted hashes and their ids, of all texts but possibly the most recent: rebuilding the table for few of
        them would put a second copy of it in memory."""
        if costs.sequential_share * (len(self) - len(self._known_hashes)) > len(self._known_hashes):
            self._settle()
        return self._known_hashes, self._known_ids

    def restore_table(self, hashes: Hashes, ids: Nums) -> None:
        """Load the result of `table`. The texts must have been loaded before."""
        self._known_hashes, self._known_ids = hashes, ids
        recent_ids = np.arange(len(hashes), len(self), dtype=np.uint32)
        self._recent.add(self.hashes.part(len(hashes), len(self)), recent_ids)


def _sort_hashes(hashed: Hashes) -> tuple[Hashes, Ints, Ints]:
    """Distinct hashes in the order of their first occurrence, so that texts read together get adjacent ids.

    Returns the hashes, the position of the first occurrence of each, and for each of `hashed` its position among them.
    """
    unique, first, which = np.unique(hashed, return_index=True, return_inverse=True)
    order = np.argsort(first)
    new_position = np.empty(len(order), np.int64)
    new_position[order] = np.arange(len(order))
    return unique[order], first[order], new_position[which]

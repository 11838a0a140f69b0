"""Texts searched by what they contain: job titles. The index is over the words of distinct folded texts.

A word is a run of characters that are neither white space nor ASCII punctuation; a mark of ASCII punctuation is a word
of its own. So a needle without either lies within one word wherever it occurs, in any script (Thai signs, Chinese
without spaces, full-width forms after the fold), and finding the words that contain it answers it exactly. Any other
needle names its words, and the texts that have them all are checked one by one.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

import numpy as np
from pyroaring import BitMap

from letrics.engines.bitmap.arrays import Column, Nums, members, runs
from letrics.engines.bitmap.postings import Postings
from letrics.engines.bitmap.vocabulary import Signatures, Vocabulary
from letrics.engines.bitmap.words import WordList
from letrics.normalize.text import fold

WORD: Final = re.compile(r"[^\s!-/:-@\[-`{-~]+|[!-/:-@\[-`{-~]")
_TAIL: Final = 4_096
"""So many texts may be unindexed (they are checked one by one) before the index of texts is made anew."""

_RAW: Final = 100_000
"""So many texts as records have them are remembered with their ids: most titles come again and again."""
_KEPT: Final = 4_000_000
"""So many ids of needles already resolved are kept with an index (16 MB)."""


@dataclass(frozen=True, slots=True)
class Needle:
    """What a text to find came down to: either words, any of which says yes (`by_word`), or the texts themselves."""

    text: str
    by_word: bool
    ids: Nums


class TitleBook:
    """Every distinct folded text and every word of them, with ids dense from 0. Only one thread adds."""

    def __init__(self) -> None:
        self.texts: list[str] = []
        self._of_text: dict[str, int] = {}
        self._of_raw: dict[str | None, int] = {}
        self.words = Vocabulary(str)
        self._start = Column(np.int64)
        self._restored = False
        self._count = Column(np.uint32)
        self._word_ids = Column(np.uint32)

    def ids_of(self, texts: Iterable[str | None]) -> list[int]:
        """The id of each text (unfolded), -1 where there is none."""
        if self._restored:  # what only a writer needs is made when there is something to write
            self._of_text = {text: id_ for id_, text in enumerate(self.texts)}
            self._restored = False
        seen = self._of_text
        ids: list[int] = []
        new: list[str] = []
        known = self._of_raw
        for text in texts:
            found = known.get(text)
            if found is None:
                folded = fold(text or "")
                found = seen.get(folded, -1)
                if found < 0 and folded:
                    found = seen[folded] = len(self.texts) + len(new)
                    new.append(folded)
                known[text] = found
            ids.append(found)
        self._add(new)
        if len(known) > _RAW:
            known.clear()
        return ids

    def _add(self, new: list[str]) -> None:
        if not new:
            return
        id_of = self.words.id_of
        known = self.words.known.get
        split = WORD.findall
        words = [{known(word, -1) for word in split(text)} for text in new]
        for at, ids in enumerate(words):
            if -1 in ids:
                words[at] = {id_of(word) for word in split(new[at])}
        counts = np.fromiter(map(len, words), dtype=np.uint32, count=len(words))
        at = self._word_ids.append(np.fromiter((id_ for ids in words for id_ in ids), dtype=np.uint32))
        self._start.append(at + np.cumsum(counts, dtype=np.int64) - counts)
        self._count.append(counts)
        self.texts += new

    def words_of(self, ids: Nums) -> tuple[Nums, Nums]:
        """(word ids, places in `ids` they belong to), each word of a text once."""
        counts = self._count.view[ids]
        flat = self._word_ids.view[runs(self._start.view[ids], counts)]
        return flat, np.repeat(np.arange(len(ids), dtype=np.uint32), counts)

    def dump(self) -> tuple[list[str], list[str], dict[str, Column]]:
        """What a snapshot keeps: the texts, the words, and which words each text has."""
        columns = {"start": self._start, "count": self._count, "word_ids": self._word_ids}
        return self.texts, self.words.keys, columns

    def restore(self, texts: list[str], words: list[str], signatures: Signatures) -> None:
        """Take back texts and words; the columns that `dump` names are to be filled by the caller."""
        self.texts = texts
        self._restored = True
        self.words.restore(words, list(words), signatures)


class TitleIndex:
    """A view of a book as it was when this was made, by which needles are resolved. Immutable."""

    def __init__(self, book: TitleBook, before: TitleIndex | None = None) -> None:
        self.book = book
        self._resolved: dict[str, Needle] = {}
        self._kept = 0
        self._texts = book.texts
        self._size = len(book.texts)
        words = book.words.keys
        self.words: WordList
        self._indexed: int
        self._by_word: Postings
        if before is not None and len(words) - before.words.size <= _TAIL:
            self.words = before.words
        else:
            self.words = WordList(words[:])
        self._new_words = WordList(words[self.words.size :], self.words.size)
        if before is not None and self._size - before._indexed <= _TAIL:
            self._indexed, self._by_word = before._indexed, before._by_word
        else:
            self._indexed = self._size
            words_, texts_ = book.words_of(np.arange(self._size, dtype=np.uint32))
            self._by_word = Postings.of_pairs(words_, texts_)

    def resolve(self, needle: str) -> Needle:
        """The words or texts that say yes to the folded `needle`."""
        found = self._resolved.get(needle)
        if found is None:
            tokens = WORD.findall(needle)
            by_word = len(tokens) == 1
            ids = self._words_with(needle) if by_word else self._texts_with(needle, tokens)
            found = self._resolved[needle] = Needle(needle, by_word, ids)
            self._kept += len(ids) + 100
            if self._kept > _KEPT:
                self._resolved.clear()
                self._kept = 0
        return found

    def texts_of_words(self, words: Nums) -> Nums:
        """The ids of all texts that have any of the words."""
        indexed = members(self._by_word.union(words))
        if self._indexed == self._size:
            return indexed
        tail = np.arange(self._indexed, self._size, dtype=np.uint32)
        word_ids, places = self.book.words_of(tail)
        late = tail[np.unique(places[np.isin(word_ids, words)])]
        return np.concatenate([indexed, late])

    def _word(self, word: str) -> Nums:
        return self.book.words.find((word,))

    def _words_with(self, piece: str) -> Nums:
        return np.concatenate([self.words.containing(piece), self._new_words.containing(piece)])

    def _texts_with(self, needle: str, tokens: list[str]) -> Nums:
        """The ids of the texts that contain the needle: those that have its words, checked, and the unindexed tail."""
        candidates: BitMap | None = None
        for position, token in enumerate(tokens):
            # The first word of the needle ends a word of the text, the last begins one, those between are whole.
            piece = ("" if position == 0 else "\n") + token + ("" if position == len(tokens) - 1 else "\n")
            words = self._word(token) if piece == f"\n{token}\n" else self._words_with(piece)
            texts = self._by_word.union(words)
            candidates = texts if candidates is None else candidates & texts
            if not candidates:
                break
        texts_ = self._texts
        found = [id_ for id_ in members(candidates or BitMap()).tolist() if needle in texts_[id_]]
        found += [id_ for id_ in range(self._indexed, self._size) if needle in texts_[id_]]
        return np.array(found, dtype=np.uint32)

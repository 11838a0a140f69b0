"""Texts searched by what they contain: job titles, names. The index is over the words of distinct folded texts.

A needle without space or ASCII punctuation lies within one word wherever it occurs, in any script (Thai signs, Chinese
without spaces, full-width forms after the fold), and finding the words that contain it answers it exactly. Any other
needle is a sequence of words: of the texts that have them all, those that have them one after the other contain it; its
first word may be the end of a longer one, its last the beginning.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, Final

import numpy as np
import numpy.typing as npt
from pyroaring import BitMap

from letrics.engines.bitmap.arrays import Ints, Nums, distinct, members
from letrics.engines.bitmap.books import TextBook, Token, tokens
from letrics.engines.bitmap.postings import Postings
from letrics.engines.bitmap.sets import Shelf
from letrics.engines.bitmap.words import WordList

_TAIL: Final = 16_384
"""So many texts may be unindexed (their words are looked at one by one) before the index of texts is made anew."""
_WORDS: Final = 4_096
"""The same of words."""
_KEPT: Final = 2_000_000
"""So many ids of needles already resolved are kept with an index (8 MB)."""

_NOTHING: Final[Nums] = np.zeros(0, np.uint32)


@dataclass(frozen=True, slots=True)
class Needle:
    """What a text to find came down to: either words, any of which says yes (`by_word`), or texts.

    Of texts, `groups` has for each word of the needle the words that may stand for it: the texts that have one of
    every group are `ids` and `failing`, which have them otherwise than one after the other.
    """

    text: str
    by_word: bool
    ids: Nums
    groups: tuple[Nums, ...] = ()
    failing: Nums = field(default_factory=lambda: _NOTHING)


class TextIndex:
    """A view of a book as it was when this was made, by which needles are resolved. Immutable."""

    def __init__(self, book: TextBook, before: TextIndex | None = None, by_word: Postings | None = None) -> None:
        self.book = book
        self._resolved: dict[str, Needle] = {}
        self._kept = 0
        self.size = len(book)
        words = book.words.keys
        self.words: WordList
        self.by_word: Postings
        self.indexed: int
        if before is not None and len(words) - before.words.size <= _WORDS:
            self.words = before.words
        else:
            self.words = WordList(words[:])
        self._new_words = WordList(words[self.words.size :], self.words.size)
        self._word_count = len(words)
        if before is not None and self.size - before.indexed <= _TAIL:
            self.indexed, self.by_word = before.indexed, before.by_word
        else:
            self.indexed = self.size
            if by_word is None:
                codes, places = book.codes_of(np.arange(self.size, dtype=np.uint32))
                by_word = Postings.of_pairs((codes >> 1).astype(np.uint32), places.astype(np.uint32), Shelf())
            self.by_word = by_word

    def resolve(self, needle: str) -> Needle:
        """The words or texts that say yes to the folded `needle`."""
        found = self._resolved.get(needle)
        if found is None:
            asked = tokens(needle)
            by_word = len(asked) == 1
            found = Needle(needle, True, self.words_with(needle)) if by_word else self._sequence(needle, asked)
            self._resolved[needle] = found
            self._kept += len(found.ids) + len(found.failing) + sum(map(len, found.groups)) + 100
            if self._kept > _KEPT:
                self._resolved = {needle: found}
                self._kept = 0
        return found

    def texts_of_words(self, words: Nums) -> Nums:
        """The ids of all texts that have any of the words."""
        indexed = members(self.by_word.union(words))
        if self.indexed == self.size:
            return indexed
        tail = np.arange(self.indexed, self.size, dtype=np.uint32)
        codes, places = self.book.codes_of(tail)
        return np.concatenate([indexed, tail[distinct(places[self._mask(words)[codes >> 1]])]])

    def ranks(self, needle: str, ids: Nums) -> Ints:
        """How well each of the texts, all of which contain the needle, goes with it: 0 it is the whole text, 1 its
        beginning, 2 the beginning of a later word, 3 anywhere else."""
        asked = tokens(needle)
        groups = self._groups(asked, begin=True)
        codes, places = self.book.codes_of(ids)
        at = self._matches(codes, places, asked, groups)
        ranks = np.full(len(ids), 3)
        ranks[places[at[(codes[at] & 1) > 0]]] = 2
        first = np.searchsorted(places, np.arange(len(ids)))
        begins = at[first[places[at]] == at]
        ranks[places[begins]] = 1
        last = self.book.words.find((asked[-1][0],))
        counts = np.bincount(places, minlength=len(ids))
        ends = codes[begins + len(asked) - 1] >> 1
        whole = (counts[places[begins]] == len(asked)) & np.isin(ends, last)
        ranks[places[begins[whole]]] = 0
        return ranks

    def words_with(self, piece: str) -> Nums:
        """The words that contain the piece; a line end in it stands for the beginning or end of a word."""
        return np.concatenate([self.words.containing(piece), self._new_words.containing(piece)])

    def _groups(self, asked: list[Token], begin: bool = False) -> tuple[Nums, ...]:
        """For each word of the needle the words of texts that may stand for it; `begin`: the first at its beginning."""
        groups = []
        for place, (word, _) in enumerate(asked):
            piece = ("" if place == 0 and not begin else "\n") + word + ("" if place == len(asked) - 1 else "\n")
            whole = piece == f"\n{word}\n"
            groups.append(self.book.words.find((word,)) if whole else self.words_with(piece))
        return tuple(group[group < self._word_count] for group in groups)

    def _sequence(self, needle: str, asked: list[Token]) -> Needle:
        groups = self._groups(asked)
        candidates: BitMap | None = None
        for words in groups:
            texts = self.by_word.union(words)
            candidates = texts if candidates is None else candidates & texts
            if not candidates:
                break
        found = [self._judge(members(candidates or BitMap()), asked, groups)]
        if self.indexed < self.size:
            found.append(self._judge(np.arange(self.indexed, self.size, dtype=np.uint32), asked, groups))
        yes, no = (np.concatenate(parts) for parts in zip(*found, strict=True))
        return Needle(needle, False, yes, groups, no)

    def _judge(self, ids: Nums, asked: list[Token], groups: tuple[Nums, ...]) -> tuple[Nums, Nums]:
        """Those of the texts that contain the needle, and those that have its words but do not."""
        codes, places = self.book.codes_of(ids)
        yes = np.zeros(len(ids), np.bool_)
        yes[places[self._matches(codes, places, asked, groups)]] = True
        having = np.ones(len(ids), np.bool_)
        words = codes >> 1
        for group in groups:
            has = np.zeros(len(ids), np.bool_)
            has[places[self._mask(group)[words]]] = True
            having &= has
        return ids[yes], ids[having & ~yes]

    def _matches(self, codes: Nums, places: Ints, asked: list[Token], groups: tuple[Nums, ...]) -> Ints:
        """Where in `codes` the words of the needle stand one after the other in one text."""
        length = len(codes) - len(asked) + 1
        if length <= 0:
            return np.zeros(0, np.int64)
        match: npt.NDArray[Any] = self._mask(groups[0])[codes[:length] >> 1]
        at = np.flatnonzero(match)
        for step in range(1, len(asked)):
            after = codes[at + step]
            good = self._mask(groups[step])[after >> 1] & ((after & 1) == asked[step][1])
            at = at[good & (places[at + step] == places[at])]
        return at

    def _mask(self, words: Nums) -> npt.NDArray[np.bool_]:
        mask = np.zeros(len(self.book.words), np.bool_)
        mask[words] = True
        return mask

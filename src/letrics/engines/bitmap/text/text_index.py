"""Texts searched by what they contain: job titles, names. The index is over the words of distinct folded texts.

A needle without space or ASCII punctuation lies within one word wherever it occurs, in any script (Thai signs, Chinese
without spaces, full-width forms after the fold), and finding the words that contain it answers it exactly. Any other
needle is a sequence of words: of the texts that have them all, those that have them one after the other contain it; its
first word may be the end of a longer one, its last the beginning. Where texts say the same over and over, as job titles
do, the pairs of neighbouring words tell them at once.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, Final

import numpy as np
import numpy.typing as npt
from pyroaring import BitMap

from letrics.engines.bitmap.kernel.arrays import Ints, Nums, to_array
from letrics.engines.bitmap.segment.postings import Postings
from letrics.engines.bitmap.storage.bitmap_store import BitmapCache
from letrics.engines.bitmap.text.forward_index import ForwardIndex
from letrics.engines.bitmap.text.ngram_index import NgramIndex
from letrics.engines.bitmap.text.shingles import Shingles
from letrics.engines.bitmap.text.tokenizer import Token, tokenize

_MAX_SCANNED_TEXTS: Final = 2_000
"""So few texts are looked at one by one at once."""
_MAX_CANDIDATE_WORDS: Final = 10_000
"""Of so many texts their records may be found faster by the words."""
_MAX_CACHED_IDS: Final = 2_000_000
"""So many ids of needles already resolved are kept with an index (8 MB)."""

_NO_IDS: Final[Nums] = np.zeros(0, np.uint32)


@dataclass(frozen=True, slots=True)
class ResolvedText:
    """What a text to find came down to: either words, any of which says yes (`by_word`), or texts.

    Of many texts, `groups` has for each word of the needle the words that may stand for it: the texts that have one of
    every group are `ids` and `failing`, which have them otherwise than one after the other.
    """

    text: str
    by_word: bool
    ids: Nums
    groups: tuple[Nums, ...] = ()
    failing: Nums = field(default_factory=lambda: _NO_IDS)


@dataclass(frozen=True, slots=True)
class TextIndexPart:
    """The texts with ids from `first` on, `size` of them, by their words."""

    first: int
    size: int
    by_word: Postings
    pairs: Shingles | None


class TextIndex:
    """A view of a book as it was when this was made, by which needles are resolved. Immutable.

    What came since the index before is a part of its own, and parts of like size are made into one.
    """

    def __init__(
        self, forward_index: ForwardIndex, before: TextIndex | None = None, saved: list[TextIndexPart] | None = None
    ) -> None:
        """`saved` are the parts of an index of the same book."""
        self.forward_index = forward_index
        self._resolved: dict[str, ResolvedText] = {}
        self._kept = 0
        self.size = len(forward_index)
        if before is None:
            forward_index.words.settle()
            self._lists = [forward_index.words.known]
            self.parts = saved or [self._part(0)]
            self._add_texts(sum(part.size for part in self.parts))
        else:
            self._lists, self.parts = before._lists[:], before.parts[:]
            self._add_words(sum(map(len, self._lists)))
            self._add_texts(before.size)
        self._word_count = len(forward_index.words)

    def _add_words(self, first: int) -> None:
        if first == len(self.forward_index.words):
            return
        added = NgramIndex(self.forward_index.words.since(first), first)
        while len(self._lists) > 1 and self._lists[-1].size <= 2 * added.size:
            first = self._lists.pop().first
            added = NgramIndex(self.forward_index.words.since(first), first)
        self._lists.append(added)

    def _add_texts(self, first: int) -> None:
        if first == self.size:
            return
        while len(self.parts) > 1 and self.parts[-1].size <= 2 * (self.size - first):
            first = self.parts.pop().first
        self.parts.append(self._part(first))

    def _part(self, first: int) -> TextIndexPart:
        texts = np.arange(first, self.size, dtype=np.uint32)
        codes, places = self.forward_index.codes_of(texts)
        by_word = Postings.of_pairs((codes >> 1).astype(np.uint32), texts[places], BitmapCache())
        # What came later is little, and soon part of something larger.
        return TextIndexPart(first, len(texts), by_word, None if first else Shingles.of(self.forward_index, texts))

    def resolve(self, needle: str) -> ResolvedText:
        """The words or texts that say yes to the folded `needle`."""
        found = self._resolved.get(needle)
        if found is None:
            asked = tokenize(needle)
            by_word = len(asked) == 1
            found = ResolvedText(needle, True, self.words_with(needle)) if by_word else self._sequence(needle, asked)
            self._resolved[needle] = found
            self._kept += len(found.ids) + len(found.failing) + sum(map(len, found.groups)) + 100
            if self._kept > _MAX_CACHED_IDS:
                self._resolved = {needle: found}
                self._kept = 0
        return found

    def texts_of_words(self, words: Nums) -> Nums:
        """The ids of all texts that have any of the words, ascending."""
        return np.concatenate([to_array(part.by_word.union(words)) for part in self.parts])

    def common_pieces(self, words: int) -> list[str]:
        """The pieces of one or two characters that more than `words` words contain."""
        return self._lists[0].common_pieces(words)

    def near(self, word: str, most: int) -> list[str]:
        """Up to `most` words of texts that are like `word`, nearest first."""
        judged = {(-ratio, other) for words in self._lists for ratio, other in words.near(word)}
        return [other for _, other in sorted(judged)[:most]]

    def ranks(self, needle: str, ids: Nums) -> Ints:
        """How well each of the texts, all of which contain the needle, goes with it: 0 it is the whole text, 1 its
        beginning, 2 the beginning of a later word, 3 anywhere else."""
        asked = tokenize(needle)
        groups = self._groups(asked, begin=True)
        codes, places = self.forward_index.codes_of(ids)
        at = self._matches(codes, places, asked, groups)
        ranks = np.full(len(ids), 3)
        ranks[places[at[(codes[at] & 1) > 0]]] = 2
        first = np.searchsorted(places, np.arange(len(ids)))
        begins = at[first[places[at]] == at]
        ranks[places[begins]] = 1
        last = self.forward_index.words.find((asked[-1][0],))
        counts = np.bincount(places, minlength=len(ids))
        ends = codes[begins + len(asked) - 1] >> 1
        whole = (counts[places[begins]] == len(asked)) & np.isin(ends, last)
        ranks[places[begins[whole]]] = 0
        return ranks

    def words_with(self, piece: str) -> Nums:
        """The words that contain the piece; a line end in it stands for the beginning or end of a word."""
        return np.concatenate([words.containing(piece) for words in self._lists])

    def _groups(self, asked: list[Token], begin: bool = False) -> tuple[Nums, ...]:
        """For each word of the needle the words of texts that may stand for it; `begin`: the first at its beginning."""
        groups = []
        for place, (word, _) in enumerate(asked):
            piece = ("" if place == 0 and not begin else "\n") + word + ("" if place == len(asked) - 1 else "\n")
            whole = piece == f"\n{word}\n"
            groups.append(self.forward_index.words.find((word,)) if whole else self.words_with(piece))
        return tuple(group[group < self._word_count] for group in groups)

    def _sequence(self, needle: str, asked: list[Token]) -> ResolvedText:
        groups = self._groups(asked)
        found: Nums = np.concatenate([self._saying(part, asked, groups) for part in self.parts])
        if len(found) < _MAX_CANDIDATE_WORDS:
            return ResolvedText(needle, False, found)
        having = np.concatenate([self._candidates(part, groups, 0) for part in self.parts])
        failing = np.ones(len(having), np.bool_)
        failing[np.searchsorted(having, found)] = False
        return ResolvedText(needle, False, found, groups, having[failing])

    def _saying(self, part: TextIndexPart, asked: list[Token], groups: tuple[Nums, ...]) -> Nums:
        """The texts of a part that contain the needle."""
        if part.pairs is None:
            return self._judge(self._candidates(part, groups, _MAX_SCANNED_TEXTS), asked, groups)
        at = min(range(len(asked) - 1), key=lambda at: part.by_word.count(groups[at]))
        found = part.pairs.texts_with(groups[at], self._mask(groups[at + 1]), asked[at + 1][1])
        return found if len(asked) == 2 else self._judge(found, asked, groups)

    def _candidates(self, part: TextIndexPart, groups: tuple[Nums, ...], few: int) -> Nums:
        """The texts of a part that have one word of each group; fewer than `few` of them may lack some."""
        candidates: BitMap | None = None
        for words in sorted(groups, key=part.by_word.count):
            if candidates is not None and len(candidates) < few:
                break
            texts = part.by_word.union(words)
            candidates = texts if candidates is None else candidates & texts
        return to_array(candidates or BitMap())

    def _judge(self, ids: Nums, asked: list[Token], groups: tuple[Nums, ...]) -> Nums:
        """Those of the candidates that contain the needle."""
        codes, places = self.forward_index.codes_of(ids)
        yes = np.zeros(len(ids), np.bool_)
        yes[places[self._matches(codes, places, asked, groups)]] = True
        return ids[yes]

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
        mask = np.zeros(len(self.forward_index.words), np.bool_)
        mask[words] = True
        return mask

"""Text index: which texts, such as job titles or names, contain a string. It indexes the words of distinct folded
texts.

A string without spaces and ASCII punctuation always lies within one word, in any script (Thai marks, Chinese without
spaces, full-width forms after folding), so the words that contain it are an exact result. Any other string is a
sequence of words: among the texts that have them all, those that have them in this order contain it. Its first word may
be the end of a longer word, its last one the beginning. Where texts repeat the same pairs of words, as job titles do,
shingles find them directly.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, Final

import numpy as np
import numpy.typing as npt
from pyroaring import BitMap

from letrics.engines.bitmap.costs import Costs
from letrics.engines.bitmap.kernel.arrays import Ints, Nums, to_array
from letrics.engines.bitmap.segment.postings import Postings
from letrics.engines.bitmap.storage.bitmap_store import BitmapCache
from letrics.engines.bitmap.text.forward_index import ForwardIndex
from letrics.engines.bitmap.text.ngram_index import NgramIndex
from letrics.engines.bitmap.text.shingles import Shingles
from letrics.engines.bitmap.text.tokenizer import Token, tokenize
from letrics.normalize.title_words import SKIPPED

_NO_IDS: Final[Nums] = np.zeros(0, np.uint32)
"""No ids."""


@dataclass(frozen=True, slots=True)
class ResolvedText:
    """A requested string, resolved to words or texts.

    - `by_word`: `ids` are words, each of which contains the string; otherwise they are texts.
    - `groups`: only for many texts, whose records may be found faster by the words. For each word of the string, the
      words that may stand for it.
    - `failing`: the texts that have a word of every group, but not as this sequence. `ids` and `failing` are all that
      have.
    """

    text: str
    by_word: bool
    ids: Nums
    groups: tuple[Nums, ...] = ()
    failing: Nums = field(default_factory=lambda: _NO_IDS)


@dataclass(frozen=True, slots=True)
class TextIndexPart:
    """The postings of the texts with ids from `first` on, `size` of them, by their words."""

    first: int
    size: int
    by_word: Postings
    pairs: Shingles | None


class TextIndex:
    """A view of a forward index at one moment, which resolves strings. Immutable.

    Texts added since the previous index are a separate part. Parts of similar size are merged.
    """

    def __init__(
        self,
        forward_index: ForwardIndex,
        costs: Costs,
        before: TextIndex | None = None,
        saved: list[TextIndexPart] | None = None,
    ) -> None:
        """Extend the index `before`, or build it from `saved` parts of the same forward index, or from scratch."""
        self.forward_index = forward_index
        self._costs = costs
        self._resolved: dict[str, ResolvedText] = {}
        self._cached_ids = 0
        self.size = len(forward_index)
        if before is None:
            forward_index.words.settle()
            self._ngram_indexes = [forward_index.words.known]
            self.parts = saved or [self._part(0)]
            self._add_texts(sum(part.size for part in self.parts))
        else:
            self._ngram_indexes, self.parts = before._ngram_indexes[:], before.parts[:]
            self._add_words(sum(map(len, self._ngram_indexes)))
            self._add_texts(before.size)
        self._word_count = len(forward_index.words)

    def _add_words(self, first: int) -> None:
        """Index the words from `first` on, merging smaller n-gram indexes."""
        if first == len(self.forward_index.words):
            return
        added = NgramIndex(self.forward_index.words.since(first), first)
        while len(self._ngram_indexes) > 1 and self._ngram_indexes[-1].size <= 2 * added.size:
            first = self._ngram_indexes.pop().first
            added = NgramIndex(self.forward_index.words.since(first), first)
        self._ngram_indexes.append(added)

    def _add_texts(self, first: int) -> None:
        """Index the texts from `first` on, merging smaller parts."""
        if first == self.size:
            return
        while len(self.parts) > 1 and self.parts[-1].size <= 2 * (self.size - first):
            first = self.parts.pop().first
        self.parts.append(self._part(first))

    def _part(self, first: int) -> TextIndexPart:
        """The part of all texts from `first` on."""
        texts = np.arange(first, self.size, dtype=np.uint32)
        codes, places = self.forward_index.codes_of(texts)
        by_word = Postings.of_pairs((codes >> 1).astype(np.uint32), texts[places], BitmapCache(), self._costs)
        # Later parts are small and soon merged: they have no shingles.
        pairs = None if first else Shingles.of(self.forward_index, texts, self._costs.records_per_batch)
        return TextIndexPart(first, len(texts), by_word, pairs)

    def resolve(self, string: str) -> ResolvedText:
        """Resolve a folded string, or a key of whole words, to the words or texts that contain it."""
        resolved = self._resolved.get(string)
        if resolved is None:
            resolved = self._resolve_words(string) if string.startswith("\n") else self._resolve_string(string)
            self._resolved[string] = resolved
            self._cached_ids += len(resolved.ids) + len(resolved.failing) + sum(map(len, resolved.groups)) + 100
            if self._cached_ids > 200 * self._costs.max_cached_entries:  # 8 MB
                self._resolved = {string: resolved}
                self._cached_ids = 0
        return resolved

    def _resolve_string(self, string: str) -> ResolvedText:
        """Resolve a folded string."""
        tokens = tokenize(string)
        if len(tokens) == 1:
            return ResolvedText(string, True, self.words_with(string))
        groups = self._groups(tokens)
        found: Nums = np.concatenate([self._texts_with(part, tokens, groups) for part in self.parts])
        return self._resolved_sequence(string, groups, found)

    def _resolve_words(self, key: str) -> ResolvedText:
        """Resolve a key of whole words. Punctuation between the words is skipped."""
        words = [self.forward_index.words.find((word,)) for word in key.strip("\n").split("\n")]
        groups = tuple(ids[ids < self._word_count] for ids in words)
        if not all(map(len, groups)):
            return ResolvedText(key, True, _NO_IDS)
        if len(groups) == 1:
            return ResolvedText(key, True, groups[0])
        few = self._costs.max_gathered_nums
        found = [self._verify_words(self._candidates(part, groups, few), groups) for part in self.parts]
        return self._resolved_sequence(key, groups, np.concatenate(found))

    def _verify_words(self, ids: Nums, groups: tuple[Nums, ...]) -> Nums:
        """Those of the candidate texts that have the words one after another."""
        codes, places = self.forward_index.codes_of(ids)
        words = codes >> 1
        kept = ~self._mask(self.forward_index.words.find(SKIPPED))[words]
        words, places = words[kept], places[kept]
        at = np.flatnonzero(words[: max(0, len(words) - len(groups) + 1)] == groups[0])
        for step in range(1, len(groups)):
            at = at[(words[at + step] == groups[step]) & (places[at + step] == places[at])]
        contains = np.zeros(len(ids), np.bool_)
        contains[places[at]] = True
        return ids[contains]

    def texts_of_words(self, words: Nums) -> Nums:
        """The ids of all texts that have any of the words, ascending."""
        return np.concatenate([to_array(part.by_word.union(words)) for part in self.parts])

    def common_pieces(self, words: int) -> list[str]:
        """The unigrams and bigrams that more than `words` words contain."""
        return self._ngram_indexes[0].common_pieces(words)

    def near(self, word: str, most: int) -> list[str]:
        """Up to `most` words similar to `word`, the most similar first."""
        judged = {(-ratio, other) for words in self._ngram_indexes for ratio, other in words.near(word)}
        return [other for _, other in sorted(judged)[:most]]

    def ranks(self, string: str, ids: Nums) -> Ints:
        """How well each of the texts, which all contain the string, matches it.

        0: it is the whole text. 1: it is the beginning. 2: it is the beginning of a later word. 3: anything else.
        """
        tokens = tokenize(string)
        groups = self._groups(tokens, at_word_start=True)
        codes, places = self.forward_index.codes_of(ids)
        at = self._matches(codes, places, tokens, groups)
        ranks = np.full(len(ids), 3)
        ranks[places[at[(codes[at] & 1) > 0]]] = 2
        first = np.searchsorted(places, np.arange(len(ids)))
        begins = at[first[places[at]] == at]
        ranks[places[begins]] = 1
        last = self.forward_index.words.find((tokens[-1][0],))
        counts = np.bincount(places, minlength=len(ids))
        ends = codes[begins + len(tokens) - 1] >> 1
        whole = (counts[places[begins]] == len(tokens)) & np.isin(ends, last)
        ranks[places[begins[whole]]] = 0
        return ranks

    def words_with(self, piece: str) -> Nums:
        """The words that contain the string. A line break in it stands for the beginning or end of a word."""
        return np.concatenate([words.containing(piece) for words in self._ngram_indexes])

    def _groups(self, tokens: list[Token], at_word_start: bool = False) -> tuple[Nums, ...]:
        """For each token of the string, the words that may stand for it.

        With `at_word_start`, the first token must be the beginning of a word.
        """
        groups = []
        for place, (word, _) in enumerate(tokens):
            piece = (
                ("" if place == 0 and not at_word_start else "\n") + word + ("" if place == len(tokens) - 1 else "\n")
            )
            whole = piece == f"\n{word}\n"
            groups.append(self.forward_index.words.find((word,)) if whole else self.words_with(piece))
        return tuple(group[group < self._word_count] for group in groups)

    def _resolved_sequence(self, string: str, groups: tuple[Nums, ...], found: Nums) -> ResolvedText:
        """The result for a string of several words that the texts `found` contain."""
        if len(found) < self._costs.max_gathered_nums:
            return ResolvedText(string, False, found)
        having = np.concatenate([self._candidates(part, groups) for part in self.parts])
        failing = np.ones(len(having), np.bool_)
        failing[np.searchsorted(having, found)] = False
        return ResolvedText(string, False, found, groups, having[failing])

    def _texts_with(self, part: TextIndexPart, tokens: list[Token], groups: tuple[Nums, ...]) -> Nums:
        """The texts of a part that contain the string."""
        if part.pairs is None:
            return self._verify(self._candidates(part, groups, self._costs.max_gathered_nums), tokens, groups)
        at = min(range(len(tokens) - 1), key=lambda at: part.by_word.count(groups[at]))
        found = part.pairs.texts_with(groups[at], self._mask(groups[at + 1]), tokens[at + 1][1])
        return found if len(tokens) == 2 else self._verify(found, tokens, groups)

    def _candidates(self, part: TextIndexPart, groups: tuple[Nums, ...], few: int = 1) -> Nums:
        """The texts of a part that have a word of each group. If fewer than `few` are left, the other groups are
        skipped: they may have very many texts."""
        candidates: BitMap | None = None
        for words in sorted(groups, key=part.by_word.count):
            if candidates is not None and len(candidates) < few:
                break
            texts = part.by_word.union(words)
            candidates = texts if candidates is None else candidates & texts
        return to_array(candidates or BitMap())

    def _verify(self, ids: Nums, tokens: list[Token], groups: tuple[Nums, ...]) -> Nums:
        """Those of the candidate texts that contain the string."""
        codes, places = self.forward_index.codes_of(ids)
        contains = np.zeros(len(ids), np.bool_)
        contains[places[self._matches(codes, places, tokens, groups)]] = True
        return ids[contains]

    def _matches(self, codes: Nums, places: Ints, tokens: list[Token], groups: tuple[Nums, ...]) -> Ints:
        """The positions in `codes` where the tokens of the string follow each other within one text."""
        length = len(codes) - len(tokens) + 1
        if length <= 0:
            return np.zeros(0, np.int64)
        is_first: npt.NDArray[Any] = self._mask(groups[0])[codes[:length] >> 1]
        at = np.flatnonzero(is_first)
        for step in range(1, len(tokens)):
            after = codes[at + step]
            fits = self._mask(groups[step])[after >> 1] & ((after & 1) == tokens[step][1])
            at = at[fits & (places[at + step] == places[at])]
        return at

    def _mask(self, words: Nums) -> npt.NDArray[np.bool_]:
        """A mask of all words that contains these."""
        mask = np.zeros(len(self.forward_index.words), np.bool_)
        mask[words] = True
        return mask

"""Every distinct text of a fact, as the sequence of its words.

A word is a run of characters that are neither white space nor ASCII punctuation; a mark of ASCII punctuation is a word
of its own. A folded text has single spaces, so that it is its words and, for each, whether a space stands before it: no
text is kept beside them. Texts are known again by a 64-bit hash.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from typing import Any, Final

import numpy as np

from letrics.engines.bitmap.arrays import Column, Hashes, Ints, Nums, runs
from letrics.engines.bitmap.keys import hashes
from letrics.engines.bitmap.lexicon import Lexicon
from letrics.normalize.text import fold_all

_TOKEN: Final = re.compile(r"\n| ?(?:[^\s!-/:-@\[-`{-~]+|[!-/:-@\[-`{-~])")
"""A word with the space before it, or the line end that stands between two texts: none is in a folded text."""
_BETWEEN: Final = 2**32 - 1
"""Stands between two texts while they are read."""
_RAW: Final = 100_000
"""So many texts as records have them are remembered with their ids: most titles come again and again."""
_RECENT: Final = 1_000_000
"""So many hashes of texts are kept in a dictionary before they are sorted into the table of hashes."""

Token = tuple[str, bool]
"""A word, and whether a space stands before it."""


def tokens(folded: str) -> list[Token]:
    """The words of a folded text in order."""
    return [(token.lstrip(" "), token[0] == " ") for token in _TOKEN.findall(folded)]


class TextBook(Sequence[str]):
    """Every distinct folded text, ids dense from 0; as a sequence it gives the texts. Only one thread adds."""

    def __init__(self) -> None:
        self.words = Lexicon()
        self.codes = Column(np.uint32)
        """The words of all texts, one text after the other: twice the word's id, plus one after a space."""
        self.ends = Column(np.int64)
        """Where each text's words end in `codes`."""
        self.hashes = Column(np.uint64)
        """Of the texts, in the order of their ids."""
        self._known_hashes: Hashes = np.zeros(0, np.uint64)
        self._known_ids: Nums = np.zeros(0, np.uint32)
        self._recent: dict[int, int] = {}
        self._code_of: dict[str, int] = {"\n": _BETWEEN}
        self._of_raw: dict[str | None, int] = {}

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
        return self.codes.take(runs(starts, counts)), np.repeat(np.arange(len(ids)), counts)

    def ids_of(self, texts: Iterable[str | None]) -> list[int]:
        """The id of each text (unfolded), -1 where there is none."""
        given = list(texts)
        known = self._of_raw
        if None not in known:
            known[None] = -1
        ids = [known.get(text) for text in given]
        if None in ids:
            unknown = dict.fromkeys(text for text, id_ in zip(given, ids, strict=True) if id_ is None)
            found = self._look_up([text for text in unknown if text is not None])
            ids = [found[text] if id_ is None else id_ for text, id_ in zip(given, ids, strict=True)]  # type: ignore[index]
            known.update(found)
            if len(known) > _RAW:
                known.clear()
        return ids  # type: ignore[return-value]

    def _look_up(self, texts: list[str]) -> dict[str, int]:
        """The ids of texts, new ones given to those never met."""
        folded = fold_all(texts)
        marks = hashes(folded)
        hashed = marks.tolist()
        recent = self._recent
        ids = list(map(recent.get, hashed))
        if len(self._known_hashes):
            known = self._find(marks).tolist()
            ids = [old if old >= 0 else id_ for old, id_ in zip(known, ids, strict=True)]
        new: list[str] = []
        new_hashes: list[int] = []
        next_id = len(self.ends)
        for at, id_ in enumerate(ids):
            if id_ is None:
                mark = hashed[at]
                found = recent.get(mark)  # met before among these
                if found is None and folded[at]:
                    found = recent[mark] = next_id
                    next_id += 1
                    new.append(folded[at])
                    new_hashes.append(mark)
                ids[at] = -1 if found is None else found
        self._add(new, new_hashes)
        if len(recent) > _RECENT:
            self._settle()
        return dict(zip(texts, ids, strict=True))  # type: ignore[arg-type]

    def _find(self, hashed: Hashes) -> Ints:
        """The ids of those hashes that are in the table, -1 of the others."""
        if not len(self._known_hashes):
            return np.full(len(hashed), -1)
        at = np.minimum(np.searchsorted(self._known_hashes, hashed), len(self._known_hashes) - 1)
        return np.where(self._known_hashes[at] == hashed, self._known_ids[at].astype(np.int64), -1)

    def _settle(self) -> None:
        """Sort all hashes into the table."""
        every = self.hashes.whole()
        order = np.argsort(every)
        self._known_hashes, self._known_ids = every[order], order.astype(np.uint32)
        self._recent = {}

    def _add(self, new: list[str], hashed: list[int]) -> None:
        if not new:
            return
        code_of = self._code_of
        split = _TOKEN.findall("\n".join(new))  # all at once, a line end between two texts
        codes = list(map(code_of.get, split))
        if None in codes:
            late = list(dict.fromkeys(token for token, code in zip(split, codes, strict=True) if code is None))
            words = self.words.ids_of([token.lstrip(" ") for token in late])
            code_of.update((token, 2 * word + (token[0] == " ")) for token, word in zip(late, words, strict=True))
            codes = list(map(code_of.get, split))
        flat = np.array(codes, dtype=np.uint32)
        inside = flat != _BETWEEN
        ends = np.r_[np.flatnonzero(~inside), len(flat)] - np.arange(len(new))
        start = self.codes.append(flat[inside])
        self.hashes.append(np.array(hashed, dtype=np.uint64))
        self.ends.append(start + ends)

    def find_hashes(self, hashed: Hashes) -> Ints:
        """The ids of the texts with these hashes, -1 where there is none."""
        self._settle()
        return self._find(hashed)

    def add_coded(self, codes: Nums, counts: Ints, hashed: Hashes) -> None:
        """Add texts that are not known yet, each as the codes of its words, of which it has as many as `counts`."""
        start = self.codes.append(codes)
        self.hashes.append(hashed)
        self.ends.append(start + np.cumsum(counts, dtype=np.int64))
        self._settle()

    def table(self) -> tuple[Hashes, Nums]:
        """Every text's hash, ascending, and the id of each."""
        self._settle()
        return self._known_hashes, self._known_ids

    def restore_table(self, hashes: Hashes, ids: Nums) -> None:
        self._known_hashes, self._known_ids = hashes, ids

"""Splitting of job titles into words, and phrases of words that are looked up in them."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import lru_cache
from typing import Final, Generic, TypeVar

from letrics.normalize.text import fold_name
from letrics.normalize.title_words import abbreviations

Value = TypeVar("Value")
Match = tuple[int, int, Value]
"""The first word of a match, the word after its last, and the value of the phrase."""

BREAK: Final = ","
"""The token that stands for punctuation between parts of a title."""
AND: Final = frozenset(("and", "und", "et", "y", "e", "en"))
"""Words for "and", which also end a part of a title."""
ENDS: Final = AND | {BREAK}
"""The tokens that end a part of a title."""

_GENDER: Final = re.compile(
    r"\((?:m|w|f|d|x|h|gn|all genders?)(?:[/|,](?:m|w|f|d|x|h|i))*\)"  # (m/w/d)
    r"|[*:_·/]-?(?:innen|in|a|e|ne|rice|trice|ère)\b"  # Leiter/in, Leiter:in, directeur·rice, Director/a
    r"|\((?:in|innen|a|e|ne|rice|trice)\)"  # Leiter(in), chargé(e)
)
"""Matches the marks of further grammatical genders."""
_ABBREVIATED: Final = re.compile(r"\b(?:\w\.){2,}")
"""Matches an abbreviation with dots, such as `V.P.`."""
_TOKEN: Final = re.compile(r"[^\W_]+|[&+@]|[,;:|/()\[\]–—•·*_]|(?<=\s)-+(?=\s)")
"""Matches a word or the punctuation that ends a part."""
_SYMBOLS: Final = {"&": "and", "+": "and", "@": "at"}
"""The words that symbols stand for."""
_MAX_GAP: Final = 5
"""The maximum number of words in the gap of a phrase `chief ... officer`."""
_GAP: Final = "..."
_MIN_STEM: Final = 3
"""The minimum number of letters before an ending such as `*leiter`."""
_CACHED_WORDS: Final = 50_000
"""The capacity of the cache of endings and beginnings, in words."""


def split_title(title: str) -> list[str]:
    """Split a title into folded words and `BREAK`.

    "Sr. VP, Sales & Marketing (m/w/d)" becomes sr, vp, BREAK, sales, and, marketing.
    """
    text = title.lower() if title.isascii() else fold_name(_GENDER.sub("", title))
    if "/" in text or "(" in text or ":" in text or "_" in text or "*" in text:
        text = _GENDER.sub("", text)
    if "." in text:
        text = _ABBREVIATED.sub(lambda match: match.group().replace(".", "") + " ", text)
    if "'" in text or "’" in text:
        text = text.replace("’", "'").replace("d'", "d ").replace("l'", "l ").replace("'", "")
    return [
        token if token[0].isalnum() else _SYMBOLS.get(token, BREAK) for token in _TOKEN.findall(text.replace(".", " "))
    ]


class Phrases(Generic[Value]):
    """Phrases with a value each, found in the words of a title: the longest at each position, from left to right.

    A phrase is one or more words, `word*` (a beginning), `*word` (an ending), or `first ... last` (a gap of up to
    `_MAX_GAP` words). Of a phrase added twice, the first value counts. Whole words precede plurals in -s, these
    endings, and these beginnings.
    """

    def __init__(self) -> None:
        self._by_first: dict[str, list[tuple[tuple[str, ...], Value]]] = {}
        self._gaps: dict[str, tuple[str, Value]] = {}
        self._beginnings: dict[str, Value] = {}
        self._endings: dict[str, Value] = {}
        self._affix = lru_cache(_CACHED_WORDS)(self._find_affix)

    def add(self, phrases: str, value: Value) -> None:
        """Add phrases separated by commas."""
        for phrase in _spellings(phrases):
            if phrase.endswith("*"):
                self._beginnings.setdefault(split_title(phrase[:-1])[0], value)
            elif phrase.startswith("*"):
                self._endings.setdefault(split_title(phrase[1:])[0], value)
            elif _GAP in phrase:
                first, _, last = phrase.partition(f" {_GAP} ")
                self._gaps.setdefault(first, (last, value))
            elif words := tuple(split_title(phrase)):
                others = self._by_first.setdefault(words[0], [])
                if all(words != known for known, _ in others):
                    others.append((words, value))
                    others.sort(key=lambda entry: -len(entry[0]))

    def add_abbreviations(self, choose: Callable[[list[Value]], Value]) -> None:
        """Add the one-word abbreviations of `title_abbreviations.csv` that are not known, with the value that `choose`
        returns for those found in the long form."""
        for short, long in abbreviations():
            if len(short) == 1 and short[0] not in self:
                values = [value for _, _, value in self.find(long)]
                if values:
                    self.add(short[0], choose(values))

    def find(self, words: Sequence[str]) -> Iterator[Match[Value]]:
        """Yield the matches in order; none overlaps another."""
        at = 0
        while at < len(words):
            found = self._longest(words, at)
            if found is None:
                at += 1
            else:
                yield found
                at = found[1]

    def __contains__(self, word: str) -> bool:
        return self._longest([word], 0) is not None

    def _longest(self, words: Sequence[str], at: int) -> Match[Value] | None:
        word = words[at]
        phrases = self._by_first.get(word)
        single: Match[Value] | None = None
        if phrases is not None:
            for phrase, value in phrases:
                length = len(phrase)
                if length == 1:
                    single = (at, at + 1, value)
                elif tuple(words[at : at + length]) == phrase:
                    return at, at + length, value
        gap = self._gaps.get(word)
        if gap is not None:
            last, value = gap
            for end in range(at + 2, min(at + 2 + _MAX_GAP, len(words))):
                if words[end] == BREAK:
                    break
                if words[end] == last:
                    return at, end + 1, value
        if single is not None:
            return single
        affix = self._affix(word)
        return None if affix is None else (at, at + 1, affix[0])

    def _find_affix(self, word: str) -> tuple[Value] | None:
        # No plural ends in -ss. Without this check, a word of many s would be shortened letter by letter.
        if word.endswith("s") and not word.endswith("ss") and (singular := self._longest([word[:-1]], 0)):
            return (singular[2],)
        for values, parts in (
            (self._endings, (word[at:] for at in range(_MIN_STEM, len(word)))),
            (self._beginnings, (word[:end] for end in range(len(word), 1, -1))),
        ):
            for part in parts:
                if part in values:
                    return (values[part],)
        return None


_UMLAUTS: Final = str.maketrans({"ä": "ae", "ö": "oe", "ü": "ue", "ß": "ss"})


def _spellings(phrases: str) -> list[str]:
    """The phrases of a text, and their spellings without umlauts."""
    spelled = [phrase.strip() for phrase in phrases.replace("\n", " ").split(",")]
    return [*spelled, *(other for phrase in spelled if (other := phrase.translate(_UMLAUTS)) != phrase)]


def by_language(texts: Mapping[str, str]) -> str:
    """The phrases of all languages, which are looked up together."""
    return ", ".join(texts.values())

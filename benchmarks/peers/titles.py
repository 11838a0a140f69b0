"""Titles as tokens, such that a text contains a needle exactly when it contains the needle's tokens in a row.

A token is a run of letters, digits and marks, or any other character by itself, spaces included; spaces are not indexed
but keep their positions, so that `r&d`, `r & d` and `r &d` stay apart. The first token of a needle may be the end of a
word, the last the beginning of one, a single one any part of one.
"""

from __future__ import annotations

import sys
import unicodedata
from bisect import bisect_left, bisect_right
from collections.abc import Iterable
from typing import Final

TOKEN: Final = r"[\p{L}\p{N}\p{M}]+|[^\p{L}\p{N}\p{M}]"
"""A token, as a regular expression of Rust."""


def is_word(token: str) -> bool:
    """Whether a token is a run of letters, digits and marks, which a needle may hold in part."""
    return unicodedata.category(token[0])[0] in "LNM"


class Words:
    """The distinct words of all titles, to find those that contain a text: some tens of thousands, half a megabyte."""

    def __init__(self, words: Iterable[str]) -> None:
        self._sorted = sorted(words)
        self._backwards = sorted(word[::-1] for word in self._sorted)
        self._text = "\n".join(["", *self._sorted, ""])

    def containing(self, part: str) -> list[str]:
        found: list[str] = []
        at = self._text.find(part)
        while at >= 0:
            begin, end = self._text.rindex("\n", 0, at) + 1, self._text.index("\n", at)
            found.append(self._text[begin:end])
            at = self._text.find(part, end)
        return found

    def beginning(self, part: str) -> list[str]:
        return _range(self._sorted, part)

    def ending(self, part: str) -> list[str]:
        return [word[::-1] for word in _range(self._backwards, part[::-1])]


def _range(words: list[str], prefix: str) -> list[str]:
    last = chr(sys.maxunicode)
    return words[bisect_left(words, prefix) : bisect_right(words, prefix + last)]

"""Titles as tokens, such that a text contains a needle exactly when it contains the needle's tokens in a row.

A token is a run of letters, digits and marks, or any other character but a space by itself. Positions count tokens and
the spaces between them, so that `r&d`, `r & d` and `r &d` stay apart. The first token of a needle may be the end of a
word, the last the beginning of one, a single one any part of one.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from typing import Final

Token = tuple[int, str]
"""A position and the text there."""


class _Spaced(dict[int, str]):
    """What a character becomes for `str.translate`: itself, with marks around it where it is a token by itself."""

    def __missing__(self, character: int) -> str:
        text = chr(character)
        wordlike = unicodedata.category(text)[0] in "LNM" or text == " "
        self[character] = text if wordlike else f"{_BREAK}{text}{_BREAK}"
        return self[character]


_BREAK: Final = "\x00"
_PARTS: Final = re.compile(f" |[^ {_BREAK}]+")
_SPACED: Final = _Spaced()


def tokens(folded: str) -> list[Token]:
    """The tokens of a folded text, its first at position 0."""
    parts = _PARTS.findall(folded.translate(_SPACED))
    return [(position, part) for position, part in enumerate(parts) if part != " "]


def is_word(token: str) -> bool:
    """Whether a token is a run of letters, digits and marks, which a needle may hold in part."""
    return unicodedata.category(token[0])[0] in "LNM"


class Words:
    """The distinct words of all titles, to find those that contain a text: some tens of thousands, half a megabyte."""

    def __init__(self, words: Iterable[str]) -> None:
        self._text = "\n".join(["", *words, ""])

    def containing(self, part: str) -> list[str]:
        found: list[str] = []
        at = self._text.find(part)
        while at >= 0:
            inside = at + part.startswith("\n")
            begin, end = self._text.rindex("\n", 0, inside + 1) + 1, self._text.index("\n", inside)
            found.append(self._text[begin:end])
            at = self._text.find(part, end)
        return found

    def ending(self, part: str) -> list[str]:
        return self.containing(f"{part}\n")

    def beginning(self, part: str) -> list[str]:
        return self.containing(f"\n{part}")

"""Domains that somebody may have meant: one slip of the pen away, or the same name under another suffix."""

from __future__ import annotations

import string
from collections.abc import Sequence
from typing import Final

from letrics.query.clauses import Term

_LETTERS: Final = string.ascii_lowercase + "-"
_BETWEEN: Final = "\n"
"""Stands between two domains, and in none."""
# Each letter twice, once before a mark and once after it: marks are replaced by what surrounds the letter, which makes
# all the slips at a place at once.
_PUT, _REPLACED = "\0", "\1"
_TWICE: Final = _REPLACED.join(f"{letter}{_PUT}{letter}" for letter in _LETTERS)


def slips_of_domain(term: Term, suffixes: Sequence[str]) -> list[bytes]:
    """Every such domain, each once, in UTF-8; none for a text far from any domain."""
    given = term.keys[0] if term.keys else term.value.lower().replace(" ", "")
    name, dot, suffix = given.partition(".")
    if not name or len(given) > 60 or not given.isprintable():
        return []
    tried = [f"{name}.{other}" for other in suffixes[:200]]
    if suffix:
        tried += _slips("", name, dot + suffix)
        tried += _slips(name + dot, suffix, "")
    every = _BETWEEN.join(tried).encode()
    return list(dict.fromkeys(every.split(_BETWEEN.encode())))


def _slips(before: str, word: str, after: str) -> list[str]:
    """The word, between the other two, with one letter left out, exchanged with the next, replaced or put in: all that
    begin alike in one text, with line ends between them."""
    slips: list[str] = []
    for at in range(len(word)):
        head, tail = before + word[:at], word[at:] + after
        slips.append(head + tail[1:])
        if at + 1 < len(word):
            slips.append(head + tail[1] + tail[0] + tail[2:])
        next_one = _BETWEEN + head
        letters = _TWICE.replace(_PUT, tail + next_one).replace(_REPLACED, tail[1:] + next_one)
        slips.append(head + letters + tail[1:])
    slips.append(before + word + (after + _BETWEEN + before + word).join(_LETTERS) + after)
    return slips

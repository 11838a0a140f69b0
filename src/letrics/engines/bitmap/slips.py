"""Domains that somebody may have meant: one slip of the pen away, or the same name under another suffix."""

from __future__ import annotations

import string
from collections.abc import Sequence
from typing import Final

from letrics.query.clauses import Term

_LETTERS: Final = string.ascii_lowercase + "-"


def slips_of_domain(term: Term, suffixes: Sequence[str]) -> list[str]:
    """Every such domain, each once; none for a text far from any domain."""
    given = term.keys[0] if term.keys else term.value.lower().replace(" ", "")
    name, dot, suffix = given.partition(".")
    if not name or len(given) > 60:
        return []
    tried = [f"{name}.{other}" for other in suffixes[:200]]
    if suffix:
        tried += _slips("", name, dot + suffix)
        tried += _slips(name + dot, suffix, "")
    return list(dict.fromkeys(tried))


def _slips(before: str, word: str, after: str) -> list[str]:
    """The word, between the other two, with one letter left out, exchanged with the next, replaced or put in."""
    slips: list[str] = []
    for at in range(len(word) + 1):
        head, tail = before + word[:at], word[at:] + after
        ends = [tail, tail[1:]] if at < len(word) else [tail]
        slips += [head + end for end in ends[1:]]
        if at + 1 < len(word):
            slips.append(head + tail[1] + tail[0] + tail[2:])
        slips += [head + letter + end for letter in _LETTERS for end in ends]
    return slips

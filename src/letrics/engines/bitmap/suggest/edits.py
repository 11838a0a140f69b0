"""Domains that somebody may have meant: one slip of the pen away, or the same name under another suffix."""

from __future__ import annotations

import string
from collections.abc import Sequence
from typing import Final

from letrics.query.clauses import Term

_LETTERS: Final = string.ascii_lowercase + "-"
_SEPARATOR: Final = "\n"
"""Stands between two domains, and in none."""
# Every letter before a mark: marks are replaced by what surrounds a letter, which makes all slips at a place at once.
_INSERTED, _REPLACED = "\0", "\1"
_ALL_INSERTED: Final = "".join(f"{letter}{_INSERTED}" for letter in _LETTERS)
_ALL_REPLACED: Final = "".join(f"{letter}{_REPLACED}" for letter in _LETTERS)
_ALL_INSERTED_OR_REPLACED: Final = "".join(f"{letter}{_INSERTED}{letter}{_REPLACED}" for letter in _LETTERS)


def given_domain(term: Term) -> str:
    """The domain that was given, or what was given in its place."""
    return term.keys[0] if term.keys else term.value.lower().replace(" ", "")


def domain_edits(term: Term, suffixes: Sequence[str], known: Sequence[bool]) -> list[bytes]:
    """Every such domain, each once, in UTF-8; none for a text far from any domain. `known` tells which of the forms of
    the text (see `letrics.engines.bitmap.suggest.deletion_filter`) a domain may have: those that share none of them are
    left out."""
    given = given_domain(term)
    name, dot, suffix = given.partition(".")
    if not name or len(given) > 60 or not given.isprintable() or not any(known):
        return []
    whole, of_name, *without = known
    tried = [f"{name}.{other}" for other in suffixes[:200]] if of_name else []
    if suffix:
        tried += _edits_of_word("", name, dot + suffix, without[: len(name)], whole)
        tried += _edits_of_word(name + dot, suffix, "", without[len(name) + 1 :], whole)
    every = _SEPARATOR.join(tried).encode()
    return list(dict.fromkeys(every.split(_SEPARATOR.encode()))) if tried else []


def _edits_of_word(before: str, word: str, after: str, without: Sequence[bool], whole: bool) -> list[str]:
    """The word, between the other two, with one letter left out, exchanged with the next, replaced or put in: all that
    begin alike in one text, with line ends between them. Those with a letter put in are the word `whole` without it;
    the others are the word `without` the letter at their place, but for that place."""
    slips: list[str] = []
    for at, known in enumerate(without):
        head, tail = before + word[:at], word[at:] + after
        if known:
            slips.append(head + tail[1:])
            if at + 1 < len(word) and without[at + 1]:
                slips.append(head + tail[1] + tail[0] + tail[2:])
        if known or whole:
            letters = _ALL_INSERTED_OR_REPLACED if known and whole else _ALL_INSERTED if whole else _ALL_REPLACED
            next_one = _SEPARATOR + head
            made = head + letters.replace(_INSERTED, tail + next_one).replace(_REPLACED, tail[1:] + next_one)
            slips.append(made[: -len(next_one)])
    if whole:
        slips.append(before + word + (after + _SEPARATOR + before + word).join(_LETTERS) + after)
    return slips

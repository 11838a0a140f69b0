"""Domain edits: candidates at edit distance 1 from a domain, and the same name with other suffixes."""

from __future__ import annotations

import string
from collections.abc import Sequence
from typing import Final

from letrics.query.clauses import Term

_LETTERS: Final = string.ascii_lowercase + "-"
"""Characters that are inserted or replaced."""
_SEPARATOR: Final = "\n"
"""Separator of candidates. No domain contains it."""
# Replacing the marks after every letter by the text around it makes all edits of a position at once.
_INSERTED: Final = "\0"
"""Mark for the text around an inserted letter."""
_REPLACED: Final = "\1"
"""Mark for the text around a replacing letter."""
_ALL_INSERTED: Final = "".join(f"{letter}{_INSERTED}" for letter in _LETTERS)
"""Every letter, marked as inserted."""
_ALL_REPLACED: Final = "".join(f"{letter}{_REPLACED}" for letter in _LETTERS)
"""Every letter, marked as replacing another."""
_ALL_INSERTED_OR_REPLACED: Final = "".join(f"{letter}{_INSERTED}{letter}{_REPLACED}" for letter in _LETTERS)
"""Every letter, marked as each."""


def given_domain(term: Term) -> str:
    """The normalized domain, or the raw input if it has none."""
    return term.keys[0] if term.keys else term.value.lower().replace(" ", "")


def domain_edits(term: Term, suffixes: Sequence[str], known: Sequence[bool]) -> list[bytes]:
    """The distinct candidates, in UTF-8. None for input that is no domain at all.

    `known` says which forms of the input a domain may have (see `deletion_filter`). Candidates that share none of them
    are left out.
    """
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
    """`before` + edit + `after` for every deletion, transposition, replacement and insertion in the word.

    Insertions have the form `whole`; all other edits have the form of the word `without` the letter at their position.
    The edits of one position are a single string with separators.
    """
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

"""Domains that somebody may have meant: one slip of the pen away, or the same name under another suffix."""

from __future__ import annotations

import string
from collections.abc import Iterator, Sequence

from letrics.query.clauses import Term


def slips_of_domain(term: Term, suffixes: Sequence[str]) -> list[str]:
    """Every such domain, each once; none for a text far from any domain."""
    given = term.keys[0] if term.keys else term.value.lower().replace(" ", "")
    name, _, suffix = given.partition(".")
    if not name or len(given) > 60:
        return []
    tried = [f"{name}.{other}" for other in suffixes[:200]]
    if suffix:
        tried += [f"{slip}.{suffix}" for slip in _slips(name)]
        tried += [f"{name}.{slip}" for slip in _slips(suffix)]
    return list(dict.fromkeys(tried))


def _slips(word: str) -> Iterator[str]:
    """The word with one letter left out, doubled, exchanged with the next, replaced or put in."""
    for at in range(len(word) + 1):
        head, tail = word[:at], word[at:]
        if tail:
            yield head + tail[1:]
        if len(tail) > 1:
            yield head + tail[1] + tail[0] + tail[2:]
        for letter in string.ascii_lowercase + "-":
            yield head + letter + tail
            if tail:
                yield head + letter + tail[1:]

"""Whether two names can be the names of one person, for contacts with the same email address.

A mailbox may have several users, so an address alone does not make two rows one person. Names agree if one side has
none, if they are the same words in any order, if the first names agree and the last names agree or one is missing, or
if the first names are equal. A part agrees if it equals the other, or is an initial or the beginning of it.

The fields of first and last name go before the full name. A full name is `First … Last`, or `Last, First …` with a
comma. All words after the first may be last names, so that particles (`van der Berg`) and double names (`García López`)
agree with each of their parts. A single word may be either name. Case, accents, punctuation, titles and academic
degrees do not count. In scripts without spaces between words, a name is compared as a whole.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from itertools import starmap
from typing import Final

from letrics.normalize.text import fold_name
from letrics.records import ContactBody

_APOSTROPHES: Final = re.compile("['’‘ʼ`´]")
"""Matches characters that are left out: `O'Brien` equals `OBrien`."""
_BETWEEN: Final = re.compile(r'[\s.,;:"/_\u2010-\u2015-]+')
"""Matches what separates the words of a name."""
_ADDED: Final = re.compile(r"\([^)]*+(\)?)")
"""Matches a remark in brackets, such as a nickname or a pronoun. Group 1 is empty if the bracket is not closed."""
_DEGREE: Final = re.compile(r"\bph\.? ?d\b\.?")
"""Matches the degree of two words, so that it becomes one."""
_TITLES: Final = frozenset(
    ("dr", "prof", "mr", "mrs", "ms", "miss", "mx", "sir", "herr", "frau", "mme", "mlle", "dott", "ing", "dipl", "mag")
)
"""Words before a name that are not part of it."""
_SUFFIXES: Final = frozenset(
    ("jr", "sr", "ii", "iii", "iv", "phd", "md", "mba", "msc", "bsc", "cpa", "cfa", "esq", "pmp", "llm")
)
"""Words after a name that are not part of it."""
_UNSPACED: Final = re.compile(
    "[\u0e00-\u0eff\u1000-\u109f\u1100-\u11ff\u1780-\u17ff\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af]"
)
"""Matches a letter of a script without spaces between words, or of one whose names are written without."""

Words = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class _Name:
    """The words of a name. `single` is a word that may be the first or the last name."""

    first: Words = ()
    last: Words = ()
    single: str = ""

    @property
    def words(self) -> Words:
        return (self.single,) if self.single else (*self.first, *self.last)

    @property
    def joined(self) -> frozenset[str]:
        """The name without spaces, with the first name at either end."""
        return frozenset(("".join(self.words), "".join((*self.last, *self.first)) or self.single))


def names_agree(some: ContactBody, other: ContactBody) -> bool:
    """Whether the names of two contacts can be those of one person."""
    if some.full_name and other.full_name and fold_name(some.full_name) == fold_name(other.full_name):
        return True
    a, b = _name_of(some), _name_of(other)
    if not a.words or not b.words:
        return True
    if _is_same(a, b):
        return True
    if a.single or b.single:
        return _word_agrees(a, b) if a.single else _word_agrees(b, a)
    if not a.first or not b.first:
        return bool(a.last and b.last) and _last_agree(a.last, b.last)
    if _are_equal(a.first, b.first):
        return True
    return _first_agree(a.first, b.first) and (not a.last or not b.last or _last_agree(a.last, b.last))


def _name_of(contact: ContactBody) -> _Name:
    first, last = _words(contact.first_name), _words(contact.last_name)
    if first or last:
        return _Name(first, last)
    full = contact.full_name or ""
    before, comma, after = full.partition(",")
    if comma and (first := _words(after)) and not _SUFFIXES.issuperset(first):
        return _Name(first, _words(before))
    words = _words(before if comma else full)
    return _Name(words[:1], words[1:]) if len(words) > 1 else _Name(single="".join(words))


def _words(text: str | None) -> Words:
    if not text:
        return ()
    folded = _DEGREE.sub("phd", _ADDED.sub(_without, _APOSTROPHES.sub("", fold_name(text))))
    words = [word for word in _BETWEEN.split(folded) if word]
    while len(words) > 1 and words[0] in _TITLES:
        del words[0]
    while len(words) > 2 and words[-1] in _SUFFIXES:
        del words[-1]
    return tuple(words)


def _without(added: re.Match[str]) -> str:
    """Return what a remark is replaced by; a bracket that is not closed stays."""
    return " " if added[1] else added[0]


def _is_same(a: _Name, b: _Name) -> bool:
    """Whether the names have the same words, in any order and however they are separated."""
    return sorted(a.words) == sorted(b.words) or not a.joined.isdisjoint(b.joined)


def _word_agrees(a: _Name, b: _Name) -> bool:
    """Whether the single word `a` can be the first name or a last name of `b`."""
    if b.single:
        return _begins(a.single, b.single)
    return (bool(b.first) and _first_agree((a.single,), b.first)) or a.single in b.last


def _are_equal(a: Words, b: Words) -> bool:
    """Whether first names are equal. Two initials are not, as they may stand for different names."""
    joined = "".join(a)
    return joined == "".join(b) and (len(joined) > 1 or _UNSPACED.search(joined) is not None)


def _first_agree(a: Words, b: Words) -> bool:
    return _begins("".join(a), "".join(b)) or all(starmap(_begins, zip(a, b, strict=False)))


def _last_agree(a: Words, b: Words) -> bool:
    return a[-1] in b or b[-1] in a or _begins(a[-1], b[-1]) or _begins("".join(a), "".join(b))


def _begins(a: str, b: str) -> bool:
    """Whether the words are equal, or one is an initial or the beginning of the other."""
    if a == b:
        return True
    return (a.startswith(b) or b.startswith(a)) and _UNSPACED.search(a + b) is None

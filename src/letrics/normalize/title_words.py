"""Whole words of job titles, and the spellings of a phrase with common abbreviations and their long forms.

A key of whole words has a line break before, between and after its words, which folded text never contains. So a title
contains the words in this order if the key of its words contains the key of the phrase.
"""

from __future__ import annotations

import csv
import re
from functools import cache
from importlib.resources import files
from typing import Final

from letrics.normalize.text import fold_words

Words = tuple[str, ...]

SKIPPED: Final = "!\"$%&'()*,-./:;<=>?@[\\]^_`{|}~"
"""The ASCII punctuation between words, which is not compared. `+` and `#` are compared, as in C++ and C#."""
_WORD: Final = re.compile(rf"[+#]|[^\s+#{re.escape(SKIPPED)}]+")
"""Matches a word of a folded text."""
MAX_SPELLINGS: Final = 64
"""The maximum number of spellings of a phrase that are searched."""
_MAX_WORDS: Final = 12
"""The maximum number of words of a phrase that has other spellings."""


def split_words(text: str) -> Words:
    """The words of a text, folded."""
    return tuple(_WORD.findall(fold_words(text)))


def words_key(words: Words) -> str:
    """The key of whole words."""
    return "\n".join(("", *words, ""))


def word_keys(phrase: str) -> tuple[str, ...]:
    """The keys of all spellings of a phrase, its own first. None if it has no words."""
    words = split_words(phrase)
    return tuple(map(words_key, spellings(words))) if words else ()


def spellings(words: Words) -> list[Words]:
    """The words, and the other spellings that replace abbreviations by their long form or the other way round.

    Returns the first MAX_SPELLINGS: those with the fewest replacements come first. A phrase of more than `_MAX_WORDS`
    has no other spellings.
    """
    queue = [words]
    found = {words}
    for spelled in queue if len(words) <= _MAX_WORDS else ():
        for at, word in enumerate(spelled):
            for form, other in _forms_by_first_word().get(word, ()):
                if len(form) > 1 and spelled[at : at + len(form)] != form:
                    continue
                replaced = (*spelled[:at], *other, *spelled[at + len(form) :])
                if replaced not in found:
                    found.add(replaced)
                    queue.append(replaced)
                    if len(queue) == MAX_SPELLINGS:
                        return queue
    return queue


@cache
def abbreviations() -> tuple[tuple[Words, Words], ...]:
    """Each abbreviation and its long form. `C.T.O.` has the words c, t, o: an abbreviation of initials is listed
    twice."""
    text = (files("letrics.normalize") / "data" / "title_abbreviations.csv").read_text("utf-8")
    rows = [(split_words(row["short"]), split_words(row["long"])) for row in csv.DictReader(text.splitlines())]
    initials = [(tuple(short[0]), long) for short, long in rows if short == ("".join(word[0] for word in long),)]
    return (*rows, *initials)


@cache
def _forms_by_first_word() -> dict[str, list[tuple[Words, Words]]]:
    """By the first word of each form: the form, and what it can be replaced by."""
    forms: dict[str, list[tuple[Words, Words]]] = {}
    for short, long in abbreviations():
        forms.setdefault(short[0], []).append((short, long))
        forms.setdefault(long[0], []).append((long, short))
    return forms

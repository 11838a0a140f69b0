"""Names of people in one text: written with the last name first, or a salutation without a name."""

from __future__ import annotations

import re
from typing import Final

_CREDENTIALS: Final = frozenset(
    (
        *("jr", "sr", "ii", "iii", "iv", "esq", "junior", "senior", "phd", "md", "mba", "emba", "msc", "bsc", "meng"),
        *("beng", "llm", "llb", "cpa", "pmp", "cfa", "dds", "dvm", "dba", "edd", "mph", "rn", "ing", "dipl-ing", "mdb"),
    )
)
"""Words after a comma that are no first names, without points: `Jr.`, `PhD`."""
_MAX_CODE: Final = 6
"""The maximum length of a word in capitals that is a credential: `SHRM`."""
_NO_LETTER: Final = re.compile(r"[\d@/()\[\]&+]")
"""Matches a character that a name of a person lacks."""
_MAX_WORDS: Final = 4
"""The maximum number of words of a first or last name."""
_MAX_NAME: Final = 200
"""The maximum length of a name that is looked at, in characters."""
_SALUTATIONS: Final = frozenset(
    (
        *("mr", "mrs", "ms", "miss", "mx", "sir", "madam", "dr", "prof", "professor", "doctor", "rev", "hon"),
        *("herr", "frau", "herrn", "dipl", "ing", "mag", "med", "jur", "phil", "rer", "nat", "habil", "hc"),
        *("m", "mme", "mlle", "monsieur", "madame", "mademoiselle", "me", "docteur"),
        *("sr", "sra", "srta", "señor", "señora", "señorita", "don", "doña", "dra", "d", "dª", "da"),
        *("sig", "ra", "signor", "signora", "signore", "dott", "dottore", "dottoressa", "avv", "geom"),
        *("senhor", "senhora", "dona", "eng", "exmo", "exma", "ssa", "profa"),
        *("dhr", "mevr", "mw", "heer", "mevrouw", "drs", "ir", "de", "meneer", "und", "et", "y", "e", "en", "and", "a"),
    )
)
"""Words of salutations and academic titles in seven languages, without points."""
_BEFORE_NAMES: Final = frozenset(
    (
        *("mr", "mrs", "ms", "mx", "dr", "prof", "herr", "herrn", "frau", "monsieur", "madame", "mme", "mlle", "sr"),
        *("sra", "srta", "señor", "señora", "dra", "sig", "sig.ra", "signor", "signora", "dott", "dott.ssa", "senhor"),
        *("senhora", "dhr", "mevr", "mevrouw", "drs", "dipl.-ing", "dr.-ing"),
    )
)
"""Those that are no names or parts of names themselves, unlike `Don`, `De` and `Miss`."""
_WORDS: Final = re.compile(r"[\s.,/&-]+")
"""Matches what separates the words of a salutation."""


def first_name_first(name: str) -> str:
    """Return a name written `Abel, Ann` as `Ann Abel`, and `ABEL Ann` or `Abel Ann` too, of two words or capitals.

    A name in another form stays. The caller knows from the header that the column has last names first.
    """
    words = name.split() if len(name) <= _MAX_NAME and "," not in name else []
    if len(words) < 2:
        return turn_at_comma(name)
    capitals = next((number for number, word in enumerate(words) if not _is_capital(word)), 0)
    if capitals:
        return " ".join(words[capitals:] + words[:capitals])
    return f"{words[1]} {words[0]}" if len(words) == 2 and not _is_capital(words[1]) else name


def turn_at_comma(name: str) -> str:
    """Return a name written `Abel, Ann` as `Ann Abel`. A name in another form stays."""
    if not is_last_name_first(name):
        return name
    last, _, first = name.partition(",")
    return f"{first.strip()} {last.strip()}"


def is_last_name_first(name: str) -> bool:
    """Return whether a name has the form `Abel, Ann`: a comma, and no title such as `MBA` after it."""
    if len(name) > _MAX_NAME or name.count(",") != 1 or _NO_LETTER.search(name):
        return False
    last, first = (part.split() for part in name.split(","))
    if not (0 < len(last) <= _MAX_WORDS and 0 < len(first) <= _MAX_WORDS):
        return False
    shouted = name.isupper()
    return not all(_is_credential(word, shouted) for word in first)


def is_salutation(text: str) -> bool:
    """Return whether a text is a salutation or an academic title without a name: `Frau Dr.`, `Mr`."""
    if len(text) > _MAX_NAME:
        return False
    words = [word for word in _WORDS.split(text.casefold().replace("'", "")) if word]
    return bool(words) and all(word in _SALUTATIONS for word in words)


def without_salutation(name: str) -> str:
    """Return a name without the salutation and titles before it: `Frau Dr. Ann Abel`. A name of one word stays."""
    words = name.split() if len(name) <= _MAX_NAME else []
    start = 0
    while start < len(words) - 1 and words[start].casefold().strip(".,") in _BEFORE_NAMES:
        start += 1
    return " ".join(words[start:]) if start else name


def _is_capital(word: str) -> bool:
    return len(word) > 1 and word.isupper()


def _is_credential(word: str, shouted: bool) -> bool:
    """Return whether a word is one of a credential. In a name all in capitals, these say nothing."""
    bare = word.replace(".", "")
    if bare.casefold() in _CREDENTIALS:
        return True
    return not shouted and bare.isupper() and 1 < len(bare) <= _MAX_CODE and "." not in word

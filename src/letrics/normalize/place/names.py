"""Place names: the form in which they are compared, and the parts of a location."""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache
from typing import Final

from letrics.normalize.text import CharacterTable, fold_name

_DROPPED: Final = ".'`´’‘ʼʻʹ·"
_ASCII: Final = str.maketrans(
    {c: None if c in _DROPPED else " " for c in map(chr, range(128)) if not c.isalnum()} | {"&": " and "}
)
_COMMAS: Final = re.compile("[,，、;；،]")
"""Matches a comma or semicolon of several scripts, which separates the parts of a location."""


_MAX_NAME: Final = 10_000
"""The maximum length of a text that is compared with names, in characters. What is stored is never as long."""
_MAX_CACHED: Final = 200
"""The maximum length of a name whose key is cached, in characters."""


def name_key(text: str) -> str:
    """Return a name without case, accents and punctuation, and without a leading "the". Never raises.

    Examples: `st gallen` for `St. Gallen`, `baden wurttemberg` for `Baden-Württemberg`, `usa` for `U.S.A.`. Returns ""
    for a text without a letter or digit, and for one of more than 10,000 characters, which is no name: comparing a
    megabyte of it could take seconds, since a character such as U+FDFA expands to 18.
    """
    if len(text) > _MAX_NAME:
        return ""
    return _cached_key(text) if len(text) <= _MAX_CACHED else _key(text)


def _key(text: str) -> str:
    if text.isascii():
        key = " ".join(text.lower().translate(_ASCII).split())
    else:
        key = " ".join(fold_name(text).translate(_PLAIN).split())
    if key.startswith("the ") and len(key) > 4:
        key = key[4:]
    return key


_cached_key: Final = lru_cache(maxsize=50_000)(_key)


def _plain(character: str) -> str:
    if character in _DROPPED:
        return ""
    if character == "&":
        return " and "
    return " " if unicodedata.category(character)[0] in "PSZC" else character


_PLAIN: Final = CharacterTable(_plain)


def split_parts(text: str) -> list[str]:
    """Split a location into its parts, from narrow to wide, trimmed and without empty ones."""
    return [part for piece in _COMMAS.split(text) if (part := piece.strip())]

"""Names of companies in the form in which they are compared: folded, without punctuation and legal form.

`Acme, Inc.` equals `ACME Ltd`. The legal forms are listed in the file `legal_forms.txt`.
"""

from __future__ import annotations

import re
from functools import cache, lru_cache
from importlib.resources import files
from typing import Final

from letrics.normalize.text import fold_name

_DROPPED: Final = re.compile(r"[.'’`´\"“”„«»®™©]")
"""Matches characters inside words that are not compared: `S.A.` equals `SA`."""
_INITIAL: Final = re.compile(r"\b(\w)\.\s+(?=\w\.)")
"""Matches an initial and the space before the next one, because `S. A.` equals `S.A.` in names."""
_BETWEEN: Final = re.compile(r"[^\w&+/]+")
"""Matches the characters between words."""
_IN_FRONT: Final = frozenset(
    (
        *("ооо", "оао", "зао", "пао", "ао", "ип", "тоо", "ooo", "oao", "zao", "pao", "pt", "cv", "sarl", "sas", "eurl"),
        *("sci", "株式会社", "合同会社", "有限会社", "주식회사"),
    )
)
"""Legal forms that can also precede the name."""
_EAST_ASIAN: Final = (
    "株式会社",
    "合同会社",
    "有限会社",
    "주식회사",
    "유한회사",
    "股份有限公司",
    "有限责任公司",
    "有限公司",
)
"""Legal forms that are written without a space before or after the name."""
_MAX_CACHED: Final = 200
"""The maximum length of a name whose key is cached, in characters."""


def company_name_key(name: str) -> str:
    """Return the form of a company name in which names are compared; empty for a name without letters and digits."""
    return _cached_key(name) if len(name) <= _MAX_CACHED else _key(name)


def _key(name: str) -> str:
    words = _words(name)
    return " ".join(_without_form(words)) if any(map(_has_letter, words)) else ""


_cached_key: Final = lru_cache(maxsize=100_000)(_key)


def has_legal_form(name: str) -> bool:
    """Return whether a name has a legal form besides other words: `Acme GmbH`, not `Ann Abel`."""
    words = _words(name)
    return len(_without_form(words)) < len(words)


def _words(name: str) -> list[str]:
    return _BETWEEN.sub(" ", _DROPPED.sub("", _INITIAL.sub(r"\1.", fold_name(name)))).split()


def _has_letter(word: str) -> bool:
    return any(character.isalnum() for character in word)


def _without_form(words: list[str]) -> list[str]:
    """Remove legal forms from both ends, as long as another word remains."""
    forms = _legal_forms()
    start, end = 0, len(words)
    while True:
        length = next(
            (
                length
                for length in range(min(_longest_form(), end - 1), 0, -1)
                if " ".join(words[end - length : end]) in forms
            ),
            0,
        )
        if not length:
            break
        end -= length
    while end - start > 1 and words[start] in _IN_FRONT:
        start += 1
    while end - start > 1 and words[end - 1] in ("&", "and", "und", "et", "y", "e"):
        end -= 1
    rest = words[start:end]
    if len(rest) == 1:
        rest = [_without_joined_form(rest[0])]
    return rest


def _without_joined_form(word: str) -> str:
    for form in _EAST_ASIAN:
        bare = word.removeprefix(form).removesuffix(form)
        if bare and bare != word:
            return bare
    return word


@cache
def _legal_forms() -> frozenset[str]:
    """Return the listed forms, in the form in which names are compared."""
    text = (files("letrics.normalize") / "data" / "legal_forms.txt").read_text("utf-8")
    lines = (line for line in text.splitlines() if line and not line.startswith("#"))
    return frozenset(" ".join(_BETWEEN.sub(" ", fold_name(line)).split()) for line in lines)


@cache
def _longest_form() -> int:
    return max(form.count(" ") + 1 for form in _legal_forms())

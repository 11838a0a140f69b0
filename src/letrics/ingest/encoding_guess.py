"""Guess of the encoding of text that is not UTF-8, for the advice in an error.

Each candidate decodes a sample and scores its characters beyond ASCII: letters that its languages use speak for it, and
characters that text seldom has speak against it: symbols inside words, capitals after small letters, long runs of
accented letters, and characters of another script next to Latin letters. General detectors need longer texts than the
few names that a file of contacts may have: charset-normalizer takes `Müller` in cp1252 for cp1250.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final, Literal

_MARKS: Final = "“”„‘’–—…•€°©®™«»¿¡´·"
"""Punctuation that is common in texts of all languages."""
_WESTERN: Final = "àáâãäåæçèéêëìíîïñòóôõöøùúûüýÿœßÀÁÂÃÄÅÆÇÈÉÊËÌÍÎÏÑÒÓÔÕÖØÙÚÛÜŒ" + _MARKS
"""The letters of Western European languages, and the punctuation."""
_CENTRAL: Final = (
    "ąćęłńóśźżĄĆĘŁŃÓŚŹŻáčďéěíňřšťúůýžÁČĎÉĚÍŇŘŠŤÚŮÝŽőűöüŐŰÖÜăâîșțşţäôľĺŕđĐß\u015e\u015f\u0162\u0163" + _MARKS
)
"""The letters of Central European languages and Romanian, also with cedillas as in cp1250, and the punctuation."""
_TURKISH: Final = "çğıöşüâîûÇĞİÖŞÜ" + _MARKS
"""The letters of Turkish, and the punctuation."""
_BALTIC: Final = "āčēģīķļņšūžąęėįųĀČĒĢĪĶĻŅŠŪŽĄĘĖĮŲõäöüÕÄÖÜ" + _MARKS
"""The letters of Baltic languages, and the punctuation."""
_ORDINALS: Final = frozenset("ºª")
"""The marks after a number or its abbreviation: `Nº de empleados`. In cp1250 they are letters of Romanian."""
_BEFORE_ORDINALS: Final = frozenset("0123456789.nNmMdD")
"""The characters that these follow."""
_RUN: Final = 3
"""The number of accented letters in a row that words of Latin languages seldom have."""
_MIN_SCORE: Final = 0.5
"""The score that a guess must exceed. It is 1 if all characters fit."""
_SMALL_SAMPLE: Final = 4096
"""The maximum number of characters beyond ASCII that are scored."""

Script = Literal["latin", "other", "cjk"]


@dataclass(frozen=True, slots=True)
class _Candidate:
    """An encoding, the characters that its languages use, and its script."""

    encoding: str
    common: frozenset[str]
    script: Script


def _ranges(*bounds: tuple[int, int]) -> frozenset[str]:
    return frozenset(chr(code) for first, last in bounds for code in range(first, last + 1))


def _level(encoding: str, leads: Iterable[int]) -> frozenset[str]:
    """Return the characters of a double-byte encoding with one of these lead bytes."""
    decoded = (bytes((lead, trail)).decode(encoding, "ignore") for lead in leads for trail in range(0x40, 0xFF))
    return frozenset(char for char in decoded if len(char) == 1)


_CYRILLIC: Final = _ranges((0x410, 0x44F)) | frozenset("ёЁіІїЇєЄґҐ№" + _MARKS)
"""The Cyrillic letters and the punctuation."""
_GREEK: Final = _ranges((0x386, 0x3CE)) | frozenset(_MARKS)
"""The Greek letters and the punctuation."""
_KANA: Final = _ranges((0x3001, 0x3011), (0x3041, 0x3093), (0x30A1, 0x30FC))
"""The kana and the Japanese punctuation."""
_FULL_WIDTH: Final = _ranges((0x3001, 0x3011), (0xFF01, 0xFF5E))
"""The full-width forms and the Chinese and Japanese punctuation."""
_HANGUL: Final = _ranges((0xAC00, 0xD7A3)) | _FULL_WIDTH
"""The syllables of Korean."""


def _candidates() -> tuple[_Candidate, ...]:
    """Return the candidates. Of equal ones, the first is the guess."""
    western = frozenset(_WESTERN)
    return (
        _Candidate("cp1252", western, "latin"),
        _Candidate("mac-roman", western, "latin"),
        _Candidate("cp1254", frozenset(_TURKISH), "latin"),
        _Candidate("cp1250", frozenset(_CENTRAL), "latin"),
        _Candidate("cp1257", frozenset(_BALTIC), "latin"),
        _Candidate("iso8859-2", frozenset(_CENTRAL), "latin"),
        _Candidate("cp850", western, "latin"),
        _Candidate("cp1251", _CYRILLIC, "other"),
        _Candidate("koi8-r", _CYRILLIC, "other"),
        _Candidate("cp866", _CYRILLIC, "other"),
        _Candidate("cp1253", _GREEK, "other"),
        _Candidate("shift_jis", _KANA | _FULL_WIDTH | _level("shift_jis", range(0x88, 0x98)), "cjk"),
        _Candidate("euc_kr", _HANGUL, "cjk"),
        _Candidate("gb18030", _FULL_WIDTH | _level("gb2312", range(0xB0, 0xD8)), "cjk"),
        _Candidate("euc_jp", _KANA | _FULL_WIDTH | _level("euc_jp", range(0xB0, 0xD0)), "cjk"),
        _Candidate("big5", _FULL_WIDTH | _level("big5", range(0xA4, 0xC7)), "cjk"),
    )


def guess_encoding(sample: bytes) -> str | None:
    """Return the most probable encoding of text that is not UTF-8; None if none is probable."""
    lines = [line for line in sample.split(b"\n") if not line.isascii()]
    if b"\n" in sample and not sample.endswith(b"\n") and len(lines) > 1 and lines[-1] == sample.split(b"\n")[-1]:
        lines.pop()  # it may end within a character
    best, best_score = None, _MIN_SCORE
    for candidate in _candidates():
        score = _score(b"\n".join(lines), candidate)
        if score > best_score:
            best, best_score = candidate.encoding, score
    return best


def _score(sample: bytes, candidate: _Candidate) -> float:
    """Return the share of characters beyond ASCII that fit the candidate, minus that of those that do not."""
    try:
        text = sample.decode(candidate.encoding)
    except UnicodeDecodeError:
        return -1.0
    points, count, run = 0, 0, 0
    before = " "
    for place, char in enumerate(text):
        if char.isascii():
            run = 0
        else:
            count += 1
            run = run + 1 if char.isalpha() else 0
            after = text[place + 1 : place + 2]
            points += 1 if _fits(char, before, after, run, candidate) else -1
            if count == _SMALL_SAMPLE:
                break
        before = char
    return points / count if count else 0.0


def _fits(char: str, before: str, after: str, run: int, candidate: _Candidate) -> bool:
    if char in _ORDINALS:
        return candidate.script == "latin" and before in _BEFORE_ORDINALS and not after.isalpha()
    if char not in candidate.common:
        return False
    if candidate.script == "latin":
        return run < _RUN and not (char.isupper() and before.islower())
    beside_latin = any(beside.isascii() and beside.isalpha() for beside in (before, after))
    if candidate.script == "cjk":
        return not beside_latin
    return not (char.isalpha() and beside_latin) and not (char.isupper() and before.islower())

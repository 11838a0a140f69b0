"""Text: the one fold by which values are compared, and the cleaning that imported text goes through.

The fold is Unicode NFKC, then case folding, then runs of white space as one space, trimmed, on both sides of every
comparison.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Sequence
from typing import Final

UNICODE_VERSION: Final = unicodedata.unidata_version
"""The Unicode data the fold uses; an index folded under another version is rebuilt."""

_IRREGULAR: Final = ("  ", " \n", "\n ", "\n\n", *filter(str.isspace, map(chr, [*range(10), *range(11, 32)])))
"""What white space a fold would change is among these, in texts on a line each, where all is ASCII; and empty texts."""
_WIDE: Final = tuple(c for c in map(chr, range(128, 0x10000)) if c.isspace())
"""Further white space."""
_TOGETHER: Final = 1_000
"""So many texts are folded together: where one of them has white space to mend, all are folded one by one."""
_CONTROL: Final = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029]")
_SURROGATE: Final = re.compile(r"[\ud800-\udfff]")
_MAX_MARKS: Final = 30
"""The most combining marks in a row that are compared: the limit of Unicode's stream-safe format (UAX #15, section 13).
Putting marks into their canonical order takes time quadratic in the length of the run."""
_LONG: Final = 1_000
"""Shorter texts are normalised within a millisecond whatever they hold, and are not searched for marks."""


def fold(text: str) -> str:
    """The form in which text is compared. Never raises; a blank text folds to ""."""
    if text.isascii():
        return " ".join(text.lower().split())
    return " ".join(unicodedata.normalize("NFKC", _with_few_marks(text)).casefold().split())


def _with_few_marks(text: str) -> str:
    """The text with at most `_MAX_MARKS` combining marks in a row, so that normalising takes linear time."""
    if len(text) < _LONG:
        return text
    kept: list[str] = []
    marks = 0
    for character in text:
        marks = marks + 1 if unicodedata.combining(character) else 0
        if marks <= _MAX_MARKS:
            kept.append(character)
    return "".join(kept)


def fold_all(texts: Sequence[str]) -> list[str]:
    """As `fold` of each text, for thousands at once: several times faster, as nearly all have nothing to mend."""
    if len(texts) > _TOGETHER:
        return [text for at in range(0, len(texts), _TOGETHER) for text in fold_all(texts[at : at + _TOGETHER])]
    joined = "\n".join(texts)
    if joined.isascii():
        return _folded(texts, joined.lower(), _IRREGULAR)
    wide = [text for text in texts if not text.isascii()]
    if max(map(len, wide)) >= _LONG:
        return [fold(text) for text in texts]
    if len(wide) == len(texts):
        return _folded(texts, unicodedata.normalize("NFKC", joined).casefold(), _IRREGULAR + _WIDE)
    narrow = iter(fold_all([text for text in texts if text.isascii()]))
    folded = iter(fold_all(wide))
    return [next(narrow if text.isascii() else folded) for text in texts]


def _folded(texts: Sequence[str], together: str, irregular: tuple[str, ...]) -> list[str]:
    """The texts folded, which stand folded on a line each in `together` unless there is white space to mend."""
    lines = f"\n{together}\n"
    if together.count("\n") == len(texts) - 1 and not any(map(lines.__contains__, irregular)):
        return together.split("\n")
    return [fold(text) for text in texts]


def fold_name(text: str) -> str:
    """The fold for names of places: as `fold`, and without accents and other marks ("Łódź" and "Lodz" are one)."""
    decomposed = unicodedata.normalize("NFKD", _with_few_marks(text)).casefold()
    return " ".join(decomposed.translate(_WITHOUT_MARKS).split())


class CharacterTable(dict[int, str]):
    """A table for `str.translate` that asks `replace` for each character it meets. Only those of the Basic Multilingual
    Plane are cached, so that the table stays small."""

    def __init__(self, replace: Callable[[str], str]) -> None:
        super().__init__()
        self._replace = replace

    def __missing__(self, code: int) -> str:
        replacement = self._replace(chr(code))
        if code < 0x10000:
            self[code] = replacement
        return replacement


_LETTERS: Final = {"ł": "l", "ø": "o", "đ": "d", "ð": "d", "þ": "th", "æ": "ae", "œ": "oe", "ı": "i", "ħ": "h"}


def _without_mark(character: str) -> str:
    return "" if unicodedata.combining(character) else _LETTERS.get(character, character)


_WITHOUT_MARKS: Final = CharacterTable(_without_mark)


def clean(text: str) -> str | None:
    """Imported text as it is kept: control characters become spaces, the ends are trimmed, blank is None.

    Inner white space is otherwise left as it was given. Raises ValueError on half a surrogate pair, which UTF-8
    cannot hold.
    """
    if not text.isprintable():
        if _SURROGATE.search(text):
            raise ValueError("the text has half a surrogate pair, which is not a character")
        text = _CONTROL.sub(" ", text)
    return text.strip() or None


def forbidden_character(text: str) -> str | None:
    """The first character that no request value may hold (a control character that is not white space, or half a
    surrogate pair) as `U+0000`, or None."""
    if text.isprintable():
        return None
    for character in text:
        if (_CONTROL.match(character) and not character.isspace()) or _SURROGATE.match(character):
            return f"U+{ord(character):04X}"
    return None

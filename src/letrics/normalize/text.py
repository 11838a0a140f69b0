"""Text: the folds for comparing values, and the cleaning of imported text.

A fold is applied to both sides of each comparison. `fold` compares whole values: Unicode NFKC, then case folding, then
each run of white space becomes one space, and the ends are trimmed. `fold_words` finds strings within texts: also
without the diacritics of Latin and Greek letters, and with ASCII apostrophes, quotes and dashes.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Sequence
from typing import Final

UNICODE_VERSION: Final = unicodedata.unidata_version
"""The version of the Unicode data that the fold uses. An index folded with another version is rebuilt."""

_IRREGULAR: Final = ("  ", " \n", "\n ", "\n\n", *filter(str.isspace, map(chr, [*range(10), *range(11, 32)])))
"""The white space that a fold changes in ASCII texts written one per line; also detects empty texts."""
_WIDE: Final = tuple(c for c in map(chr, range(128, 0x10000)) if c.isspace())
"""White space outside ASCII."""
_TOGETHER: Final = 1_000
"""The number of texts folded at once. If one of them has irregular white space, each is folded separately."""
_CONTROL: Final = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029]")
"""Matches a control character or a line or paragraph separator."""
_SURROGATE: Final = re.compile(r"[\ud800-\udfff]")
"""Matches a surrogate code point, which UTF-8 cannot encode."""
_MAX_MARKS: Final = 30
"""The maximum number of consecutive combining marks that are compared.

This is the limit of Unicode's stream-safe format (UAX #15, section 13). Canonical ordering of marks takes time
quadratic in the length of the run.
"""
_BECOME_MARKS: Final = frozenset("\u0f73\u0f75\u0f81\uff9e\uff9f")
"""The characters that are no combining marks themselves and are decomposed into nothing else."""
_LONG: Final = 1_000
"""The length in characters from which texts are bounded and checked for runs of marks. Shorter texts normalise within
a few milliseconds."""
MAX_FOLDED: Final = 100_000
"""The number of characters that are compared of a text that is not ASCII. No stored text is longer.

NFKC expands some characters, U+FDFA to 18, so that folding a megabyte of them would take seconds.
"""


def fold(text: str) -> str:
    """Return the form in which text is compared. Never raises; a blank text folds to ""."""
    if text.isascii():
        return " ".join(text.lower().split())
    return " ".join(unicodedata.normalize("NFKC", _bounded(text)).casefold().split())


def _bounded(text: str) -> str:
    """Limit a text to MAX_FOLDED, and runs of combining marks to `_MAX_MARKS`, so that normalisation takes little
    time."""
    if len(text) < _LONG:
        return text
    kept: list[str] = []
    marks = 0
    for character in text[:MAX_FOLDED]:
        marks = marks + 1 if unicodedata.combining(character) or character in _BECOME_MARKS else 0
        if marks <= _MAX_MARKS:
            kept.append(character)
    return "".join(kept)


def fold_all(texts: Sequence[str]) -> list[str]:
    """Fold thousands of texts at once. Several times faster than `fold`, as few texts have irregular white space."""
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
    """Split `together`, the folded texts on one line each. Folds each of `texts` if there is irregular white space."""
    lines = f"\n{together}\n"
    if together.count("\n") == len(texts) - 1 and not any(map(lines.__contains__, irregular)):
        return together.split("\n")
    return [fold(text) for text in texts]


def fold_words(text: str) -> str:
    """Return the form in which a string is searched within texts: "José’s" becomes "jose's"."""
    return fold(text) if text.isascii() else _bare(fold(text.replace(_ACUTE, "'")))


def fold_all_words(texts: Sequence[str]) -> list[str]:
    """`fold_words` of thousands of texts at once."""
    if all(map(str.isascii, texts)):
        return fold_all(texts)
    folded = fold_all([text.replace(_ACUTE, "'") for text in texts])
    bare = iter(_bare("\n".join([text for text in folded if not text.isascii()])).split("\n"))
    return [text if text.isascii() else next(bare) for text in folded]


def _bare(folded: str) -> str:
    """Remove the diacritics of a folded text, and replace its typographic punctuation."""
    return _AFTER_LETTER.sub(_without_first_marks, folded.translate(_BARE))


def _without_first_marks(found: re.Match[str]) -> str:
    """The text found without the combining marks at its beginning."""
    text = found[0]
    return text[next((at for at, sign in enumerate(text) if not unicodedata.combining(sign)), len(text)) :]


def fold_name(text: str) -> str:
    """Fold a place name: like `fold`, but also without accents and other marks ("Łódź" equals "Lodz")."""
    decomposed = unicodedata.normalize("NFKD", _bounded(text)).casefold()
    return " ".join(decomposed.translate(_WITHOUT_MARKS).split())


class CharacterTable(dict[int, str]):
    """Table for `str.translate` that calls `replace` for each character.

    Caches only characters of the Basic Multilingual Plane, so that the table stays small.
    """

    def __init__(self, replace: Callable[[str], str]) -> None:
        super().__init__()
        self._replace = replace

    def __missing__(self, code: int) -> str:
        replacement = self._replace(chr(code))
        if code < 0x10000:
            self[code] = replacement
        return replacement


_ACUTE: Final = "´"
"""The acute accent, often typed as an apostrophe. NFKC would replace it by a space and a combining mark."""
_PUNCTUATION: Final = dict.fromkeys("‘’‚‛′ʼʹ‵", "'") | dict.fromkeys("“”„‟«»", '"') | dict.fromkeys("‐‑‒–—―−", "-")
"""Typographic apostrophes, quotes and dashes, and their ASCII counterparts."""
_LATIN_OR_GREEK: Final = r"a-z\u00df-\u02af\u0370-\u03ff\u1d00-\u1dbf\u1e00-\u1fff\u2c60-\u2c7f\ua720-\ua7ff"
"""Ranges of Latin and Greek letters, as in a character class."""
_AFTER_LETTER: Final = re.compile(rf"(?<=[{_LATIN_OR_GREEK}])[^\x00-\u02ff\w\s]+")
"""Matches signs after a letter. The first ones can be combining marks with which Unicode has no composed character."""
_LETTER: Final = re.compile(rf"[{_LATIN_OR_GREEK}]")
"""Matches a Latin or Greek letter."""
_WITH: Final = re.compile(r"LATIN SMALL LETTER (?:DOTLESS )?([A-Z])(?: WITH .+)?")
"""Matches the Unicode name of a letter with a diacritic or stroke (`ø`, `ł`), and of the dotless i."""


def _without_diacritic(character: str) -> str:
    if not _LETTER.match(character):
        return _PUNCTUATION.get(character, character)
    letter = unicodedata.normalize("NFD", character)[0]
    named = _WITH.fullmatch(unicodedata.name(letter, ""))
    return named[1].lower() if named else letter


_BARE: Final = CharacterTable(_without_diacritic)
_LETTERS: Final = {"ł": "l", "ø": "o", "đ": "d", "ð": "d", "þ": "th", "æ": "ae", "œ": "oe", "ı": "i", "ħ": "h"}


def _without_mark(character: str) -> str:
    return "" if unicodedata.combining(character) else _LETTERS.get(character, character)


_WITHOUT_MARKS: Final = CharacterTable(_without_mark)


def clean(text: str) -> str | None:
    """Clean imported text: control characters become spaces, and the ends are trimmed. Returns None for blank text.

    Other inner white space stays as it is. Raises ValueError on half a surrogate pair, which UTF-8 cannot encode.
    """
    if not text.isprintable():
        if _SURROGATE.search(text):
            raise ValueError("contains half a surrogate pair, which is not a character")
        text = _CONTROL.sub(" ", text)
    return text.strip() or None


def forbidden_character(text: str) -> str | None:
    """Return the first character that request values must not contain, in the form `U+0000`; None without one.

    These are control characters other than white space, and halves of surrogate pairs.
    """
    if text.isprintable():
        return None
    for character in text:
        if (_CONTROL.match(character) and not character.isspace()) or _SURROGATE.match(character):
            return f"U+{ord(character):04X}"
    return None

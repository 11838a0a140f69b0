"""Encodings of text files: the name of an encoding, and its detection from the first bytes."""

from __future__ import annotations

import codecs
import encodings.aliases
from difflib import get_close_matches
from typing import Final

_BOMS: Final = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
"""The byte order marks at the start of a file, and its encoding. That of UTF-32 begins with that of UTF-16."""
_NOT_FOR_FILES: Final = frozenset({"idna", "punycode", "undefined", "unicode_escape", "raw_unicode_escape"})
"""The text encodings of Python that are not for files."""
_MIN_ZEROS: Final = 0.05
"""The minimum share of zero bytes at every second place of UTF-16 text. Delimiters and line ends have them in any
language."""
_MAX_OTHER_ZEROS: Final = 0.4
"""The maximum number of zero bytes at the other places, as a share of these."""
_SUGGESTED: Final = 3
"""The maximum number of suggestions for an unknown name."""


class UnknownEncoding(ValueError):
    """The name is not that of an encoding. The text suggests similar names."""


def find_encoding(name: str) -> str:
    """Return the standard name of the encoding `name`. Raises UnknownEncoding."""
    plain = name.strip()
    if not _is_for_files(plain):
        raise UnknownEncoding(f"{name!r} is not an encoding{_suggestions(name)}")
    return codecs.lookup(plain).name


def _is_for_files(name: str) -> bool:
    """Return whether `name` is that of an encoding of text files."""
    try:
        found = codecs.lookup(name).name
        b"a".decode(found, "replace")  # raises LookupError for encodings that are not of text
    except (LookupError, ValueError):
        return False
    return found.replace("-", "_") not in _NOT_FOR_FILES


def _suggestions(name: str) -> str:
    known = {*encodings.aliases.aliases.values(), *encodings.aliases.aliases}
    plain = name.strip().lower().replace("-", "_").replace(" ", "_")
    similar = get_close_matches(plain, sorted(filter(_is_for_files, known)), _SUGGESTED)
    return f": similar names are {', '.join(similar)}" if similar else ": examples are cp1252, mac-roman and shift_jis"


def detect_encoding(head: bytes, given: str | None = None) -> str:
    """Return the encoding of a file that begins with `head`.

    A byte order mark decides, then the encoding that the user gave, then the pattern of zero bytes of UTF-16. Any other
    file is UTF-8. UTF-16 without a byte order mark gets its byte order from the pattern if that has one.
    """
    for mark, encoding in _BOMS:
        if head.startswith(mark):
            return encoding
    if given is not None and given != "utf-16":
        return given
    return _utf16_by_zeros(head) or given or "utf-8"


def _utf16_by_zeros(head: bytes) -> str | None:
    """Return UTF-16 with the byte order that the zero bytes of `head` show, or None."""
    pairs = len(head) // 2
    even, odd = head[: 2 * pairs : 2].count(0), head[1 : 2 * pairs : 2].count(0)
    if max(even, odd) >= max(1, _MIN_ZEROS * pairs) and min(even, odd) <= _MAX_OTHER_ZEROS * max(even, odd):
        encoding = "utf-16-le" if odd > even else "utf-16-be"
        try:
            head[: 2 * pairs - 2].decode(encoding)  # without the last pair, which may be half of a character
        except UnicodeDecodeError:
            return None
        return encoding
    return None

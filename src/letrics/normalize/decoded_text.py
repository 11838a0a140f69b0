"""Text of a cell as it was meant: without HTML entities, Excel's text formula and invisible characters at the ends."""

from __future__ import annotations

import re
from html import unescape
from html.entities import html5
from typing import Final

_ENTITY: Final = re.compile(
    r"&(?:(?:amp|AMP|#38|#x26);)*+(?P<last>(?:#[0-9]{1,7}|#[xX][0-9A-Fa-f]{1,6}|[A-Za-z][A-Za-z0-9]{1,31});)?"
)
"""Matches `&`, also encoded several times (`&amp;amp;`), and the rest of a character reference with its semicolon."""
_MAX_PASSES: Final = 5
"""The maximum number of passes over a text. A second one is needed only where decoding makes a new entity."""
_FORMULA: Final = re.compile(r'="([^"]*)"', re.DOTALL)
"""Matches the formula with which Excel keeps a text from becoming a number: `="0301"`."""
_INVISIBLE: Final = frozenset(
    "\u00ad\u180e\u200b\u200c\u200d\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2060\u2061\u2062\u2063\u2064\u2066\u2067"
    "\u2068\u2069\ufeff"
)
"""Format characters without a visible form."""
_ENDS: Final = "".join(filter(str.isspace, map(chr, range(0x10000)))) + "".join(sorted(_INVISIBLE))
"""The characters that are removed at the ends of a text."""


def decode_entities(text: str) -> str:
    """Decode HTML entities such as `&amp;` and `&#39;`. Text without a semicolon (`AT&T`, `a&copy`) stays."""
    for _ in range(_MAX_PASSES):
        if "&" not in text:
            break
        decoded = _ENTITY.sub(_decode, text)
        if decoded == text:
            break
        text = decoded
    return text


def _decode(match: re.Match[str]) -> str:
    last = match["last"] or ""
    if last[:1] == "#" or last in html5:
        return unescape(f"&{last}")
    return f"&{last}"


def trim(text: str) -> str:
    """Remove white space and invisible characters at both ends."""
    text = text.strip()
    if text and (text[0] in _INVISIBLE or text[-1] in _INVISIBLE):
        text = text.strip(_ENDS)
    return text


def cell_text(text: str) -> str:
    """Return the text of a cell as it was meant. Applying it again changes nothing."""
    if "&" in text:
        text = decode_entities(text)
    text = trim(text)
    while text[:1] == "=" and (formula := _FORMULA.fullmatch(text)) is not None:
        text = trim(formula[1])
    return text

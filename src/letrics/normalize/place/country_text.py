"""The country that a column of countries means: a name, a code, or both (`Germany (DE)`, `DE - Germany`)."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Final

from letrics.normalize.place.matching import wide_or_country
from letrics.normalize.place.wording import drop_work_words, replace_flags

_PIECES: Final = re.compile(r"(?:(?<!\s)\s++)?[()\[\]/|;,:]\s*|(?<!\s)\s++[-–—]\s+")
"""Matches what separates a country's name and code, or its name and a remark."""
_FORMAL: Final = re.compile(
    r"(?<!\w)(?:the |la |le |les |l['’]|el |los |las |il |der |die |das |den |de |het |o |a |os |as )?"
    r"(?:(?:\w++ )?(?:republic|république|república|repubblica|republik|republiek|kingdom|royaume|reino|regno|"
    r"königreich|koninkrijk|state|states|état|estado|estados|stato|staat|principality|principauté|principado|sultanate|sultanat|"
    r"sultanía|emirate|duchy|grand-duché|ducado|commonwealth|union|unión)(?: \w++)? "
    r"(?:of|de|du|des|del|della|di|do|da|dos|van|von|d['’]) ?(?:the |la |le |les |los |las |l['’])?)?(?=\w)",
    re.IGNORECASE,
)
"""Matches the words before the short name of a country: `the Kingdom of`, `la République de`, `el`."""
_TWO_STATES: Final = re.compile("d[eé]mo[ck]r", re.IGNORECASE)
"""Matches a word that distinguishes two countries with one short name: Congo, Korea."""
_ARTICLES: Final = frozenset(("the", "la", "le", "les", "l'", "l’", "el", "los", "las"))
"""Articles that follow a name in brackets: `Belgique (la)`."""
_MAX_TEXT: Final = 200
"""The maximum length of a text that is looked up in pieces, in characters."""


@lru_cache(maxsize=5_000)
def read_country(text: str) -> int | None:
    """Return the country, continent or group that a text means; None if it means none or several. Never raises."""
    found = wide_or_country(text)
    if found is not None or len(text) > _MAX_TEXT:
        return found
    text = _without_remarks(text)
    pieces = split_country(text)
    for order in ("{1} {0}", "{0}, {1}") if len(pieces) == 2 else ():
        if (inverted := wide_or_country(order.format(*pieces))) is not None:
            return inverted  # `Korea (the Republic of)`, `Congo (Dem. Rep.)`
    named = {place for piece in pieces if (place := wide_or_country(piece)) is not None}
    for name in (text, *pieces) if not named else ():
        short = name if _TWO_STATES.search(name) else _FORMAL.sub("", name, count=1)
        if short != name and (place := wide_or_country(short)) is not None:
            named.add(place)
    return named.pop() if len(named) == 1 else None


def split_country(text: str) -> list[str]:
    """Split a text at what separates a country's name and code: `Germany (DE)`, `Chicago, IL`."""
    return [piece for piece in _PIECES.split(_without_remarks(text)) if piece and piece not in _ARTICLES]


def _without_remarks(text: str) -> str:
    return drop_work_words(text if text.isascii() else replace_flags(text)).strip()

"""Several locations in one text: `Berlin, Germany; Paris, France`, `Berlin / Paris`, `New York, London, Tokyo`."""

from __future__ import annotations

import re
from typing import Final

from letrics.normalize.place.area import area_locations
from letrics.normalize.place.free_text import resolve_pair, resolve_text
from letrics.normalize.place.gazetteer import gazetteer
from letrics.normalize.place.interpretation import MAX_LOCATION, MAX_PARTS, understand
from letrics.normalize.place.matching import country_named, the_one
from letrics.normalize.place.names import name_key, split_parts
from letrics.normalize.place.wording import DIGIT, drop_work_words

_LISTED: Final = re.compile(r"[;；\r\n|]| ::: ")
"""Matches what separates the items of a list."""
_BULLET: Final = re.compile(r"([-*•–])\s+(?=\S)")
"""Matches the bullet of a list in one line: `- Berlin - Paris`."""
_ITEMS: Final = {bullet: re.compile(rf"(?:^|\s)[{bullet}]\s") for bullet in "-*•–"}
"""Matches what separates the items of such a list, by its bullet."""
_WORDS: Final = re.compile(
    r"(?:(?<!\s)\s++)?[/•·]\s*|(?<!\s)\s++(?:[&+]|and|or|und|oder|et|ou|y|o|e|en|of)\s+", re.IGNORECASE
)
"""Matches what joins locations, but can also be a part of a name (`Bosnia and Herzegovina`) or join one's parts."""
_JOINED: Final = re.compile(rf"(?:(?<!\s)\s++)?,(?:\s*(?:and|und|et|y|e|en|&)\s)?\s*|{_WORDS.pattern}", re.IGNORECASE)
"""Matches the same and commas: `Berlin, Paris and London`."""
_BRACKETS: Final = re.compile(r"(?:(?<!\s)\s++)?\(([^()]*)\)")
"""Matches a country or region in brackets: `Lviv (Ukraine)`."""
_LARGE: Final = 200_000
"""The population from which a city is recognised in a list whose only separators are commas."""
_MAX_PARTS: Final = 3
"""The maximum number of parts of a location in such a list: city, region and country."""


def split_places(text: str) -> tuple[str, ...]:
    """Split a text into its locations; a text of one location gives that text. Never raises.

    Semicolons, vertical lines and line breaks always separate locations, unless they stand for the commas of a single
    one (`Berlin | Germany`). Commas, slashes and words such as `and` do if each piece is certainly a place.
    """
    if len(text) > MAX_LOCATION:
        return tuple(part for piece in _LISTED.split(text) if (part := piece.strip())) or (text,)
    return _split_places(text)


def _split_places(text: str) -> tuple[str, ...]:
    pieces = [part for piece in _LISTED.split(text) if (part := piece.strip())]
    if len(pieces) > 1:
        if _is_one(pieces):
            return (text,)
        return tuple(found for piece in pieces for found in _split_places(piece))
    if bullet := _BULLET.match(text):
        items = [item for piece in _ITEMS[bullet[1]].split(text) if (item := piece.strip())]
        return tuple(found for item in items for found in _split_places(item)) or (text,)
    if DIGIT.search(text) or not _JOINED.search(text):
        return (text,)
    parts = split_parts(text)
    if len(parts) > MAX_PARTS or resolve_pair(text) or understand(text).entities or name_key(text) in area_locations():
        return (text,)
    joined = [part for piece in _WORDS.split(text) if (part := piece.strip())]
    if len(joined) > 1 and not _is_one(joined) and _are_different(joined):
        return tuple(joined)
    pieces = [part for piece in _JOINED.split(drop_work_words(text)) if (part := piece.strip(" ."))]
    if not 1 < len(pieces) <= MAX_PARTS or _is_one(pieces):
        return (text,)
    return tuple(_groups(pieces)) or (text,)


def _is_one(parts: list[str]) -> bool:
    """Return whether the parts, in this order or from wide to narrow, are those of a single place."""
    return any(the_one(list(understand(", ".join(order)).entities)) is not None for order in (parts, parts[::-1]))


def _are_different(pieces: list[str]) -> bool:
    """Return whether each piece is certainly a place, and each another one."""
    found = {resolve_text(piece) for piece in pieces}
    return len(found) == len(pieces) and all(one.country is not None and not one.unknown for one in found)


def _groups(parts: list[str]) -> list[str]:
    """Group the parts of a list with commas into its locations; empty unless all are countries, or large cities."""
    if all(country_named(part) is not None for part in parts):
        return parts
    groups: list[str] = []
    start = 0
    while start < len(parts):
        for count in range(min(_MAX_PARTS, len(parts) - start), 0, -1):
            group = ", ".join(parts[start : start + count])
            if _is_large(group, alone=count == 1):
                groups.append(group)
                start += count
                break
        else:
            return []
    return groups if len(groups) > 1 else []


def _is_large(group: str, alone: bool) -> bool:
    known = gazetteer()
    place = the_one(list(understand(_BRACKETS.sub(r", \1", group)).entities))
    # A country or region can be that of the part before it: of a town that the gazetteer lacks.
    return (
        place is not None and known.is_city(place) and (not alone or "(" in group or known.populations[place] >= _LARGE)
    )

"""Interpretation of the free text of a stored location, such as an address or the name of a metropolitan area.

It is more lenient than the interpretation of a query's location: it also accepts postal codes, streets, names of
areas, `Remote - US`, `Berlin (Germany)`, `Berlin Germany` and parts from wide to narrow. A variant of the text is only
accepted if the gazetteer has a place for it, so a wrong cut of the text gives no place instead of a wrong one.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache
from typing import Final

from letrics.normalize.place.address import around_unknown, known_parts, split_tail
from letrics.normalize.place.area import resolve_area
from letrics.normalize.place.gazetteer import gazetteer
from letrics.normalize.place.interpretation import MAX_LOCATION, MAX_PARTS, understand
from letrics.normalize.place.matching import country_named, regions_named
from letrics.normalize.place.names import name_key, split_parts
from letrics.normalize.place.resolved import Resolved, common_place
from letrics.normalize.place.wording import drop_work_words

_FLAG: Final = re.compile("[\U0001f1e6-\U0001f1ff]{2}")
"""Matches the flag of a country, which consists of two letters of its code."""
_JOINTS: Final = re.compile(r"\s+[-–—]+\s+|[–—:]\s+|\s*[/|•·→>\t\r\n]\s*|\s*[()\[\]]\s*")
"""Matches what separates parts besides commas: dashes between spaces, slashes, brackets."""
_BRACKETS: Final = re.compile(r"\([^()]*\)|\[[^][]*\]")
"""Matches a remark in brackets."""


@lru_cache(maxsize=5_000)
def resolve_text(text: str) -> Resolved:
    """Resolve the text of a stored location. Never raises.

    Returns an empty result if the text names no place, or several places without a common country.
    """
    if len(text) > MAX_LOCATION:
        return Resolved()
    if not any(map(str.isdecimal, text)) and (found := _resolve_fully(text)) != Resolved():
        return found
    found = _resolve_variants(text)
    if found == Resolved() and (without := _BRACKETS.sub(" ", text)) != text:
        return _resolve_variants(without)
    return found


def _resolve_variants(text: str) -> Resolved:
    known = gazetteer()
    parts, country = known_parts(_parts(_FLAG.sub(_flag_code, text)))
    if len(parts) > 2 and country_named(parts[-1]) is None and country_named(", ".join(parts[-2:])) is not None:
        parts = [*parts[:-2], f"{parts[-1]} {parts[-2]}"]  # `Seoul, Korea, Republic of`
    if not parts or len(parts) > MAX_PARTS:
        return Resolved(country)
    last = country_named(parts[-1])
    if country is not None and last != country and (last is None or regions_named(parts[-1], codes=False)):
        found = _resolve_parts([*parts, known.label(country)])
        if found.city is not None or found.region is not None:
            return found
    return _resolve_parts(parts)


def _resolve_parts(parts: list[str]) -> Resolved:
    for variant in _variants(parts):
        found = _resolve_fully(", ".join(variant))
        if found != Resolved():
            return found
    found = resolve_area(parts)
    if found == Resolved():
        found = around_unknown([*parts[:-1], *(split_tail(parts[-1]) or parts[-1:])])
    if found == Resolved() and len(parts) > 1 and country_named(parts[0]) is not None:
        found = around_unknown(parts[::-1])
    return found


def _variants(parts: list[str]) -> Iterator[list[str]]:
    """Yield the parts in their order, from wide to narrow, and with the words at the end of a part as a wider place."""
    yield parts
    if len(parts) > 1:
        yield parts[::-1]
    for position in range(len(parts) - 1, -1, -1):
        if split := split_tail(parts[position]):
            yield [*parts[:position], *split, *parts[position + 1 :]]


def _resolve_fully(text: str) -> Resolved:
    """Resolve a text of which the gazetteer has every part."""
    meaning = understand(text)
    if not meaning.entities:
        return Resolved()
    found = common_place(meaning.entities)
    several_cities = len(meaning.entities) > 1 and all(map(gazetteer().is_city, meaning.entities))
    if found.country is not None and found.city is None and several_cities:
        return Resolved(found.country, found.region, unknown=tuple(split_parts(text)[:1]))
    return found


def _flag_code(match: re.Match[str]) -> str:
    code = "".join(chr(ord(letter) - 0x1F1E6 + ord("A")) for letter in match[0])
    # A flag next to other words is dropped, since it only repeats the country.
    return f" {code} " if len(match.string.strip()) == len(match[0]) else " "


def _parts(text: str) -> list[str]:
    parts = split_parts(drop_work_words(text.strip()))
    found: list[str] = []
    for part in parts:
        pieces = [part] if gazetteer().find(name_key(part)) else [piece for piece in _JOINTS.split(part) if piece]
        for piece in pieces:
            if name := drop_work_words(piece.strip(" -–—.")).strip():
                found.append(name)
    return found

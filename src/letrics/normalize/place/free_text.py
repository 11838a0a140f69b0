"""Interpretation of the free text of a stored location, such as an address or the name of a metropolitan area.

It is more lenient than the interpretation of a query's location: it also accepts postal codes, streets, names of
areas, `Remote - US`, `Berlin (Germany)`, `Berlin Germany` and parts from wide to narrow. A variant of the text is only
accepted if the gazetteer has a place for it, so a wrong cut of the text gives no place instead of a wrong one.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from functools import lru_cache
from typing import Final

from letrics.normalize.place.address import around_unknown, is_known, known_parts, split_province, split_tail
from letrics.normalize.place.area import names_area, resolve_area
from letrics.normalize.place.gazetteer import gazetteer
from letrics.normalize.place.interpretation import MAX_LOCATION, MAX_PARTS, country_code, understand
from letrics.normalize.place.matching import bare, country_named, inside, regions_named, the_one
from letrics.normalize.place.names import name_key, split_parts
from letrics.normalize.place.postal import fits_country
from letrics.normalize.place.resolved import Resolved, common_place
from letrics.normalize.place.wording import (
    DIGIT,
    drop_work_words,
    has_work_words,
    is_street,
    is_surely_street,
    replace_flags,
)

_JOINTS: Final = re.compile(
    r"(?<!\s)\s{2,}+|(?<!\s)\s++[-–—]++\s+|[–—:]\s+|(?:(?<!\s)\s+)?[/|•·→>\t\r\n]\s*|(?:(?<!\s)\s++)?[()\[\]]\s*"
)
"""Matches what separates parts besides commas: dashes between spaces, slashes, brackets, several spaces."""
_BRACKETS: Final = re.compile(r"\([^()]*\)|\[[^][]*\]")
"""Matches a remark in brackets."""
_MAX_SPACES: Final = 25
"""The maximum number of spaces of a location; a longer text is prose, which can name places without being there."""


@lru_cache(maxsize=5_000)
def resolve_text(text: str) -> Resolved:
    """Resolve the text of a stored location. Never raises.

    Returns an empty result if the text names no place, or several places without a common country.
    """
    if len(text) > MAX_LOCATION or text.count(" ") > _MAX_SPACES:
        return Resolved()
    if not DIGIT.search(text) and (found := resolve_pair(text) or _resolve_fully(text)) != Resolved():
        return found
    found = _resolve_address(text)
    if found == Resolved() and (remarks := _BRACKETS.findall(text)) and not any(map(_is_wide, remarks)):
        return _resolve_address(_BRACKETS.sub(" ", text))
    return found


def _is_wide(name: str) -> bool:
    return country_named(name) is not None or bool(regions_named(name, codes=False))


def resolve_pair(text: str) -> Resolved | None:
    """Resolve `City, Country`, the most frequent form, faster than in general; None for another form."""
    narrow, comma, wide = text.partition(",")
    country = _country(wide) if comma and "," not in wide else None
    if country is None:
        return None
    if found := inside(narrow, country):
        return _in_common(found, narrow)
    # The town is too small for the gazetteer, unless the text before the comma needs a closer look.
    if (
        regions_named(wide, codes=False)
        or is_known(narrow)
        or has_work_words(narrow)
        or _JOINTS.search(narrow)
        or names_area(narrow)
        or split_tail(narrow)
    ):
        return None
    return Resolved(country, unknown=(narrow.strip(),)) if name_key(narrow) else None


@lru_cache(maxsize=5_000)
def _country(text: str) -> int | None:
    return country_named(text)


def _resolve_address(text: str) -> Resolved:
    parts = _parts(text if text.isascii() else replace_flags(text))
    if len(parts) > MAX_PARTS:
        return Resolved()
    if len(parts) > 1 and is_surely_street(parts[0]):
        # Most streets are new, but their towns are not: resolving the rest alone uses the cache.
        rest, country, digits = known_parts(parts[1:])
        found = _resolve_known(tuple(rest), country, digits)
        if found.city is not None:
            return found
    names, country, digits = known_parts(parts)
    return _resolve_known(tuple(names), country, digits)


@lru_cache(maxsize=20_000)
def _resolve_known(names: tuple[str, ...], country: int | None, digits: int) -> Resolved:
    found = _resolve_names(list(names), country)
    if not digits or not names or (_is_wide(names[-1]) and not all(map(is_street, names[:-1]))):
        return found
    known = gazetteer()
    if found.country is not None and fits_country(digits, known.code(found.country)):
        return found
    # The number of digits excludes some countries: `48145 Munster` is in Germany, not in Ireland.
    towns = [e for e in bare(names[-1]) if known.is_city(e) and fits_country(digits, country_code(e) or "")]
    town = the_one(towns)
    return Resolved() if town is None else common_place((town,))


def _resolve_names(parts: list[str], country: int | None) -> Resolved:
    if (
        len(parts) > 2
        and country_named(parts[-1]) is None
        and (inverted := country_named(", ".join(parts[-2:]))) is not None
    ):
        parts = [*parts[:-2], gazetteer().label(inverted)]  # `Seoul, Korea, Republic of`
    if not parts or len(parts) > MAX_PARTS:
        return Resolved(country)
    last = country_named(parts[-1])
    if country is not None and last != country and (last is None or regions_named(parts[-1], codes=False)):
        found = _resolve_parts([*parts, gazetteer().label(country)])
        if found.city is not None or found.region is not None:
            return found
    return _resolve_parts(parts)


def _resolve_parts(parts: list[str]) -> Resolved:
    for variant in _variants(parts):
        found = _resolve_fully(", ".join(variant))
        if found != Resolved():
            return found
    if len(parts) == 1 and (town := split_province(parts[0])):
        return _resolve_fully(f"{town}, Italy")
    found = resolve_area(parts)
    if found == Resolved():
        found = around_unknown([*parts[:-1], *(split_tail(parts[-1]) or parts[-1:])])
    if found == Resolved() and len(parts) > 1 and country_named(parts[0]) is not None:
        found = around_unknown(parts[::-1])
    return found


def _variants(parts: list[str]) -> Iterator[list[str]]:
    """Yield the parts in their order, from wide to narrow, and with the words at the end of a part as a wider place."""
    yield parts
    if len(parts) > 1 and is_known(parts[0]):
        yield parts[::-1]
    for position in range(len(parts) - 1, -1, -1):
        if split := split_tail(parts[position]):
            yield [*parts[:position], *split, *parts[position + 1 :]]


def _resolve_fully(text: str) -> Resolved:
    """Resolve a text of which the gazetteer has every part."""
    entities = understand(text).entities
    return _in_common(entities, split_parts(text)[0]) if entities else Resolved()


def _in_common(entities: tuple[int, ...], name: str) -> Resolved:
    """Return the place that entities of a name have in common; the name of several cities is unknown."""
    found = common_place(entities)
    if (
        found.city is None
        and found.country is not None
        and len(entities) > 1
        and all(map(gazetteer().is_city, entities))
    ):
        return Resolved(found.country, found.region, unknown=(name.strip(),))
    return found


def _parts(text: str) -> list[str]:
    text = text.strip()
    plain = not _JOINTS.search(text)
    worded = has_work_words(text)
    if plain and not worded:
        return split_parts(text)
    drop: Callable[[str], str] = drop_work_words if worded else str.strip
    found: list[str] = []
    for part in split_parts(drop(text)):
        for piece in [part] if plain or is_known(part) else _JOINTS.split(part):
            if piece and (name := drop(piece.strip(" -–—.")).strip()):
                found.append(name)
    return found

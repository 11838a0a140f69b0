"""Interpretation of a location: from text, written from narrow to wide, to the keys of the places it means.

Each place has one canonical key: `country:DE`, `region:DE.02`, `city:2950159`, `continent:EU`, `group:EEA`. A company
matches if one of its places has one of the location's keys. Words that the gazetteer does not know become keys of those
words: `own:country:DE|kleinstadt` matches a company's city or region of that name in Germany, and `text:…` matches the
whole text of a place.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from typing import Final, Literal

import msgspec

from letrics.normalize.place.gazetteer import gazetteer
from letrics.normalize.place.matching import bare, inside, regions_named, wide_or_country
from letrics.normalize.place.names import name_key, split_parts
from letrics.normalize.text import fold_name


class ReadAs(msgspec.Struct, frozen=True):
    """A meaning of a location. `country_code` is ISO 3166-1 alpha-2; null if it is not in a single country."""

    kind: Literal["country", "region", "city", "continent", "group", "text"]
    name: str
    country_code: str | None = None


@dataclass(frozen=True, slots=True)
class Reading:
    """Interpretation of a location: the keys of places inside it, and its meanings for display."""

    keys: tuple[str, ...]
    read_as: tuple[ReadAs, ...]


@dataclass(frozen=True, slots=True)
class Meaning:
    """Meaning of a location: known entities, and keys of unknown words, each with its meaning for display."""

    entities: tuple[int, ...] = ()
    own: tuple[tuple[str, ReadAs], ...] = ()
    extra: tuple[str, ...] = ()  # keys of the same words, for stored places whose name was ambiguous


MAX_LOCATION: Final = 1_000
"""The maximum length of a location that is looked up in the gazetteer, in characters."""
MAX_PARTS: Final = 30
"""The maximum number of parts of a location that is looked up in the gazetteer.

A location with more parts is compared as a whole text.
"""


def read_location(text: str) -> Reading:
    """Interpret a location. Never raises.

    A location without any known part is compared with the whole text of places, and so is one that is too long.
    """
    if len(text) > MAX_LOCATION:
        return Reading((text_key(text),), (ReadAs("text", text.strip()),))
    return _read_location(text)


@lru_cache(maxsize=20_000)
def _read_location(text: str) -> Reading:
    meaning = understand(text)
    known = gazetteer()
    keys = [known.key(e) for e in meaning.entities] + [key for key, _ in meaning.own] + list(meaning.extra)
    read_as = [describe(e) for e in meaning.entities] + [as_read for _, as_read in meaning.own]
    if not keys:
        keys, read_as = [text_key(text)], [ReadAs("text", text.strip())]
    return Reading(tuple(dict.fromkeys(keys)), tuple(dict.fromkeys(read_as)))


def understand(text: str) -> Meaning:
    """Return the meaning of a location; an empty one if no part of it is known, or if it is too long."""
    return _understand(text) if len(text) <= MAX_LOCATION else Meaning()


@lru_cache(maxsize=20_000)
def _understand(text: str) -> Meaning:
    whole = wide_or_country(text)
    if whole is not None:
        return Meaning((whole,))
    parts = split_parts(text)
    if len(parts) > MAX_PARTS:
        return Meaning()
    if len(parts) > 1:
        return _nested(parts)
    found = bare(text)
    return Meaning(tuple(found), extra=(own_key(None, text),)) if found else Meaning()


def _nested(parts: list[str]) -> Meaning:
    *rest, last = parts
    widest = wide_or_country(last)
    known = gazetteer()
    if widest is not None and known.is_wide(widest):
        return _in_group(", ".join(rest), widest)
    for scopes in _candidate_scopes(widest, last):
        held = [(scope, found) for scope in scopes if (found := _within(scope, rest))]
        if held:
            entities = dict.fromkeys(e for _, found in held for e in found)
            extra = [own_key(scope, rest[0]) for scope in _just_around([scope for scope, _ in held], rest)]
            return Meaning(tuple(entities), extra=tuple(extra))
    # No country or region contains a place of that name. It may be too small for the gazetteer.
    scopes = ([] if widest is None else [widest]) + regions_named(last, codes=False)
    return Meaning(own=tuple(own for scope in scopes for own in _unknown(scope, rest)))


def _candidate_scopes(country: int | None, last: str) -> Iterator[list[int]]:
    """Yield the meanings of the last part: as a country, as a region's name, and as a region's code."""
    if country is not None:
        yield [country]
    yield regions_named(last, codes=False)
    yield regions_named(last, codes=True)


def _within(scope: int, rest: list[str]) -> list[int]:
    """Return the entities that the parts, from narrow to wide, name inside a scope; none if a part is not found."""
    found = inside(rest[-1], scope)
    if len(rest) == 1:
        return list(found)
    known = gazetteer()
    entities: list[int] = []
    for wider in found:
        if not known.is_city(wider):
            entities += _within(wider, rest[:-1])
        elif all(wider in inside(part, scope) for part in rest[:-1]):
            entities.append(wider)  # the same city repeated: `Singapore, Singapore, Singapore`
    return entities


def _just_around(scopes: list[int], rest: list[str]) -> list[int]:
    """Return the narrowest scopes around the first part."""
    known = gazetteer()
    for part in reversed(rest[1:]):
        scopes = [e for scope in scopes for e in inside(part, scope) if not known.is_city(e)] or scopes
    return scopes


def _unknown(scope: int, rest: list[str]) -> list[tuple[str, ReadAs]]:
    known = gazetteer()
    if len(rest) > 1:
        wider = [e for e in inside(rest[-1], scope) if not known.is_city(e) and e != scope]
        if wider:
            return [own for e in wider for own in _unknown(e, rest[:-1])]
    as_read = ReadAs("text", ", ".join([*rest, full_name(scope)]), country_code(scope))
    keys = [own_key(scope, *reversed(rest))]
    if len(rest) == 2:
        # A known city in an unknown region (`Dublin, County Dublin, Ireland`), by any of the city's names.
        keys += [own_key(scope, rest[1], city=e) for e in inside(rest[0], scope) if known.is_city(e)]
    return [(key, as_read) for key in keys]


def _in_group(text: str, group: int) -> Meaning:
    """Return the meaning of the narrower parts, limited to a group or continent: `Berlin, Europe`."""
    known = gazetteer()
    inner = understand(text)
    kept = tuple(e for e in inner.entities if lies_in(e, group))
    if kept or not inner.own:
        return Meaning(kept)
    scoped = {name: known.country_by_code(name or "") for name in {as_read.country_code for _, as_read in inner.own}}
    return Meaning(
        own=tuple(
            (key, as_read)
            for key, as_read in inner.own
            if (country := scoped[as_read.country_code]) is not None and lies_in(country, group)
        )
    )


def lies_in(entity: int, wide: int) -> bool:
    """Return whether the country of an entity belongs to a continent or group."""
    known = gazetteer()
    country = known.country_of(entity)
    return country is not None and (known.continent_of(country) == wide or wide in known.groups_of.get(country, ()))


def own_key(scope: int | None, *words: str, city: int | None = None) -> str:
    """Return the key of words that are not in the gazetteer, from wide to narrow, inside a scope (None: anywhere)."""
    known = gazetteer()
    folded = [folded_name(word) for word in words] + ([] if city is None else [known.key(city)])
    return "own:" + "|".join(["world" if scope is None else known.key(scope), *folded])


def text_key(text: str) -> str:
    """Return the key of a whole text."""
    return "text:" + folded_name(text)


def folded_name(text: str) -> str:
    """Return the form in which a text is compared, also for a text of punctuation only."""
    return name_key(text) or fold_name(text)


def country_code(entity: int) -> str | None:
    """Return the ISO 3166-1 alpha-2 code of an entity's country; None without one."""
    country = gazetteer().country_of(entity)
    return None if country is None else gazetteer().code(country)


def full_name(entity: int) -> str:
    """Return the name of an entity with its region and country: `New York City, New York, United States`."""
    known = gazetteer()
    region, country = known.region_of(entity), known.country_of(entity)
    labels = [known.label(entity)]
    if region is not None and known.label(region) != labels[0]:
        labels.append(known.label(region))
    if country is not None and country != entity:
        labels.append(known.label(country))
    return ", ".join(labels)


def describe(entity: int) -> ReadAs:
    return ReadAs(gazetteer().kind(entity), full_name(entity), country_code(entity))

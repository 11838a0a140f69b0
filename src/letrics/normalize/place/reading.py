"""How a location is read: text, narrow to wide, into the keys of the places it means.

Every asked place is one canonical key, so a hit is a company one of whose places carries one of a reading's keys:
`country:DE`, `region:DE.02`, `city:2950159`, `continent:EU`, `group:EEA`. What the gazetteer does not know becomes a
key of the asked words: `own:country:DE|kleinstadt` is met by a company's own city or region within Germany, and
`text:…` by a place's whole text.
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
    """One meaning of a location. `country_code` is ISO 3166-1 alpha-2; null outside a single country."""

    kind: Literal["country", "region", "city", "continent", "group", "text"]
    name: str
    country_code: str | None = None


@dataclass(frozen=True, slots=True)
class Reading:
    """The keys that places in the location carry, and how it was read, for people."""

    keys: tuple[str, ...]
    read_as: tuple[ReadAs, ...]


@dataclass(frozen=True, slots=True)
class Meaning:
    """What a location means: known entities, and keys of words unknown there, each with its words for people."""

    entities: tuple[int, ...] = ()
    own: tuple[tuple[str, ReadAs], ...] = ()
    extra: tuple[str, ...] = ()  # keys of the same words for places that could not be told apart when they were stored


MAX_LOCATION: Final = 1_000
"""The most characters of a location that is looked up in the gazetteer."""
MAX_PARTS: Final = 30
"""The most parts of such a location. Longer ones are compared as whole texts."""


def read_location(text: str) -> Reading:
    """How a location is read. Never raises.

    A text of which no part is known is compared with the whole text of places, and so is one that is too long.
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
    """What a location means; an empty meaning where no part of it is known, or where it is too long."""
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
    for scopes in _scopes_in_turn(widest, last):
        held = [(scope, found) for scope in scopes if (found := _within(scope, rest))]
        if held:
            entities = dict.fromkeys(e for _, found in held for e in found)
            extra = [own_key(scope, rest[0]) for scope in _just_around([scope for scope, _ in held], rest)]
            return Meaning(tuple(entities), extra=tuple(extra))
    # Neither the country nor a region holds it: it may be too small to be known in either.
    scopes = ([] if widest is None else [widest]) + regions_named(last, codes=False)
    return Meaning(own=tuple(own for scope in scopes for own in _unknown(scope, rest)))


def _scopes_in_turn(country: int | None, last: str) -> Iterator[list[int]]:
    """The last part as a country, as a region, and as a region's bare code."""
    if country is not None:
        yield [country]
    yield regions_named(last, codes=False)
    yield regions_named(last, codes=True)


def _within(scope: int, rest: list[str]) -> list[int]:
    """The entities that the parts, narrow to wide, name inside a scope; none where a part is not found."""
    found = inside(rest[-1], scope)
    if len(rest) == 1:
        return list(found)
    known = gazetteer()
    entities: list[int] = []
    for wider in found:
        if not known.is_city(wider):
            entities += _within(wider, rest[:-1])
        elif all(wider in inside(part, scope) for part in rest[:-1]):
            entities.append(wider)  # the same city, said again: `Singapore, Singapore, Singapore`
    return entities


def _just_around(scopes: list[int], rest: list[str]) -> list[int]:
    """The scopes just around the narrowest part."""
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
        # A known city in a region that is not known (`Dublin, County Dublin, Ireland`), by whatever of its names.
        keys += [own_key(scope, rest[1], city=e) for e in inside(rest[0], scope) if known.is_city(e)]
    return [(key, as_read) for key in keys]


def _in_group(text: str, group: int) -> Meaning:
    """`Berlin, Europe`: what the narrower parts mean, as far as it lies there."""
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
    """Whether an entity's country belongs to a continent or group."""
    known = gazetteer()
    country = known.country_of(entity)
    return country is not None and (known.continent_of(country) == wide or wide in known.groups_of.get(country, ()))


def own_key(scope: int | None, *words: str, city: int | None = None) -> str:
    """The key of words that the gazetteer does not know, wide to narrow, inside a scope (None: anywhere)."""
    known = gazetteer()
    folded = [folded_name(word) for word in words] + ([] if city is None else [known.key(city)])
    return "own:" + "|".join(["world" if scope is None else known.key(scope), *folded])


def text_key(text: str) -> str:
    """The key of a whole text."""
    return "text:" + folded_name(text)


def folded_name(text: str) -> str:
    """The compared form of any text, also of one that holds nothing but punctuation."""
    return name_key(text) or fold_name(text)


def country_code(entity: int) -> str | None:
    """ISO 3166-1 alpha-2 of an entity's country."""
    country = gazetteer().country_of(entity)
    return None if country is None else gazetteer().code(country)


def full_name(entity: int) -> str:
    """An entity's name with the wider ones around it: `New York City, New York, United States`, `Berlin, Germany`."""
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

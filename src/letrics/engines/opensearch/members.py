"""Encodes the facts of records as members of JSON objects, column by column.

Most values occur in thousands of records, so the members are cached by value.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any, Final

import msgspec

from letrics.engines.common.decode import decode_members
from letrics.engines.common.timestamps import ABSENT, read_times
from letrics.engines.opensearch.dictionary import NewEntries
from letrics.engines.opensearch.mapping import END, facet_name, field_name, flags_name, has_facet_field
from letrics.fields import FACTS, Fact, Owner

_MAX_NUMBER: Final = 2**62
"""Larger numbers are indexed as this one, smaller ones than its negative as that."""
_MAX_CACHED: Final = 100_000
"""Maximum cached values of a fact. All are dropped when there are more."""

_encode: Final = msgspec.json.Encoder().encode
Times = list[int | None]
"""A time of each record in milliseconds since 1970."""


@dataclass(frozen=True, slots=True)
class Encoded:
    """Records of one owner. Every list has an entry for each record."""

    members: dict[str, list[bytes]]
    """By the name of a fact, its members: each begins with a comma, and is empty without a value."""
    flags: dict[str, list[bool]]
    """By the name of a fact, whether the flag is set."""
    times: dict[str, Times]
    """By the name of a fact, the times."""

    def joined(self, facts: Sequence[Fact]) -> list[bytes]:
        """The members of these facts of each record, one after the other."""
        columns = [self.members[fact.name] for fact in facts if fact.kind != "flag"]
        flags = [fact for fact in facts if fact.kind == "flag"]
        if flags:
            names = [_encode(fact.name) for fact in flags]
            prefix = b',"%s":[' % flags_name(flags[0].owner).encode()
            known = {
                bits: prefix + b",".join(name for name, is_set in zip(names, bits, strict=True) if is_set) + b"]"
                for bits in set(zip(*(self.flags[fact.name] for fact in flags), strict=True))
            }
            columns.append([known[bits] for bits in zip(*(self.flags[fact.name] for fact in flags), strict=True)])
        return list(map(b"".join, zip(*columns, strict=True)))


class MemberEncoder:
    """Encodes the records of `owner`. Values that are new to the dictionary are added to `entries`."""

    def __init__(self, owner: Owner, entries: NewEntries, max_cached: int = _MAX_CACHED) -> None:
        self._owner = owner
        self._entries = entries
        self._max_cached = max_cached
        self._facts = tuple(fact for fact in FACTS if fact.owner == owner and fact.later_of is None)
        self._cached = {
            fact.name: _CachedMembers(partial(_text if fact.kind == "text" else self._values, fact))
            for fact in self._facts
            if fact.kind in ("text", "values")
        }

    def encode(self, documents: Sequence[bytes]) -> Encoded:
        """Encode stored documents. Raises one of MALFORMED."""
        given = decode_members(self._owner, documents, {fact.member for fact in self._facts})
        encoded = Encoded({}, {}, {})
        for fact in self._facts:
            values = given[fact.member] if fact.part is None else list(map(fact.part, given[fact.member]))
            match fact.kind:
                case "values" | "text":
                    cached = self._cached[fact.name]
                    if len(cached) > self._max_cached:
                        cached.clear()
                    encoded.members[fact.name] = list(map(cached.__getitem__, values))
                case "keys":
                    encoded.members[fact.name] = [_keys(fact, items) for items in values]
                case "flag":
                    encoded.flags[fact.name] = values
                case "number":
                    encoded.members[fact.name] = time_members(fact, [_clamped(number) for number in values])
                case "time":
                    encoded.times[fact.name] = _times(values)
                    encoded.members[fact.name] = time_members(fact, encoded.times[fact.name])
        return encoded

    def _values(self, fact: Fact, items: Sequence[Any]) -> bytes:
        texts = items if fact.texts is None else [text for item in items for text in fact.texts(item)]
        keys: dict[str, str] = {}
        for text in texts:
            keys.setdefault(fact.key(text), text)
        if not keys:
            return b""
        for key, text in keys.items():
            self._entries.add(fact, key, text)
        member = _member(field_name(fact), list(keys))
        if fact.facet_key is not None and has_facet_field(fact):
            member += _member(facet_name(fact), list(filter(fact.facet_key, keys)))
        return member


class _CachedMembers(dict[Any, bytes]):
    """Members by the value of a fact, made by `encode` when they are first looked up."""

    def __init__(self, encode: Callable[[Any], bytes]) -> None:
        super().__init__()
        self._encode = encode

    def __missing__(self, value: Any) -> bytes:
        member = self[value] = self._encode(value)
        return member


def time_members(fact: Fact, times: Times) -> list[bytes]:
    """The members of a time or number."""
    form = b',"%s":%%d' % field_name(fact).encode()
    return [b"" if time is None else form % time for time in times]


def _member(name: str, value: object) -> bytes:
    return b',"%s":%s' % (name.encode(), _encode(value))


def _text(fact: Fact, text: str | None) -> bytes:
    return b"" if text is None else _member(field_name(fact), fact.key(text) + END)


def _keys(fact: Fact, items: Sequence[Any]) -> bytes:
    if not items:
        return b""
    texts = items if fact.texts is None else [text for item in items for text in fact.texts(item)]
    return _member(field_name(fact), [fact.key(text) for text in texts])


def _clamped(number: int | None) -> int | None:
    return None if number is None else max(-_MAX_NUMBER, min(number, _MAX_NUMBER))


def _times(texts: list[str | None]) -> Times:
    """The times of stored timestamps; None for a malformed one."""
    known = [text for text in texts if text is not None]
    read = iter([None if time == ABSENT else time for time in read_times(known).tolist()])
    return [None if text is None else next(read) for text in texts]

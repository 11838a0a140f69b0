"""The query: a flat conjunction of clauses, independent of any engine's query language.

The clause types are a closed set. An engine matches on them exhaustively (`typing.assert_never`), so that a new type
fails type checking until every engine handles it.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import msgspec

from letrics.fields import Fact
from letrics.records import Kind

Order = Literal["oldest", "newest"]


class Term(msgspec.Struct, frozen=True, gc=False):
    """One value of an array field: the trimmed string, and its keys. A record with any of the keys matches.

    Most values have one key. A location has one key per place that it may mean. A value that no record can have has no
    key. A request may have 10,000 terms: a Struct, because it is created four times as fast as a dataclass.
    """

    value: str
    keys: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class AnyOf:
    """The record has at least one key of at least one term. `fact.kind` is values or keys."""

    field: str
    fact: Fact
    terms: tuple[Term, ...]


@dataclass(frozen=True, slots=True)
class NoneOf:
    """The record has no key of any term. A record without values matches."""

    field: str
    fact: Fact
    terms: tuple[Term, ...]


@dataclass(frozen=True, slots=True)
class AllOf:
    """The record has a key of every term. With `exclude`, it lacks every key of at least one term."""

    field: str
    fact: Fact
    terms: tuple[Term, ...]
    exclude: bool = False


@dataclass(frozen=True, slots=True)
class Contains:
    """The folded text contains a key of at least one term. With `exclude`, it contains none, or there is no text.

    A key that begins with a line break is one of whole words (`letrics.normalize.title_words`).
    """

    field: str
    fact: Fact
    terms: tuple[Term, ...]
    exclude: bool = False


@dataclass(frozen=True, slots=True)
class Flag:
    """The flag is set. With `exclude`, it is not."""

    field: str
    fact: Fact
    exclude: bool = False


@dataclass(frozen=True, slots=True)
class Between:
    """The time (milliseconds) or number is from `low` to `high`, both inclusive. None means no bound."""

    field: str
    fact: Fact
    low: int | None
    high: int | None


Clause = AnyOf | NoneOf | AllOf | Contains | Flag | Between


@dataclass(frozen=True, slots=True)
class Query:
    """A query for the records of `kind` that match every clause."""

    kind: Kind
    clauses: tuple[Clause, ...] = ()

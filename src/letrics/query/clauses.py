"""The query: a flat conjunction of clauses of a closed set of types. No engine's own language crosses this seam.

An engine matches on the clause type exhaustively (`typing.assert_never`), so that a new type fails type checking until
every engine handles it.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import msgspec

from letrics.fields import Fact
from letrics.records import Kind

Order = Literal["oldest", "newest"]


class Term(msgspec.Struct, frozen=True, gc=False):
    """One value of an array field: the text as given (trimmed), and the keys any one of which hits it.
    A request may have 10,000: it is a Struct because those are made four times as fast.

    Most values have one key; a location has one for each place it may mean; a value that nothing can carry has none.
    """

    value: str
    keys: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class AnyOf:
    """The record carries at least one key of at least one term. `fact.kind` is values or keys."""

    field: str
    fact: Fact
    terms: tuple[Term, ...]


@dataclass(frozen=True, slots=True)
class NoneOf:
    """The record carries no key of any term; a record that carries nothing passes."""

    field: str
    fact: Fact
    terms: tuple[Term, ...]


@dataclass(frozen=True, slots=True)
class AllOf:
    """The record carries a key of every term; with `exclude`, it does not carry one of each."""

    field: str
    fact: Fact
    terms: tuple[Term, ...]
    exclude: bool = False


@dataclass(frozen=True, slots=True)
class Contains:
    """The folded text contains the key of at least one term; with `exclude`, of none (no text at all passes)."""

    field: str
    fact: Fact
    terms: tuple[Term, ...]
    exclude: bool = False


@dataclass(frozen=True, slots=True)
class Flag:
    """The flag is set."""

    field: str
    fact: Fact


@dataclass(frozen=True, slots=True)
class Between:
    """The time (milliseconds) or number lies between `low` and `high`, both inclusive; None is open."""

    field: str
    fact: Fact
    low: int | None
    high: int | None


Clause = AnyOf | NoneOf | AllOf | Contains | Flag | Between


@dataclass(frozen=True, slots=True)
class Query:
    """Which records are asked for: all of `kind` that pass every clause."""

    kind: Kind
    clauses: tuple[Clause, ...] = ()

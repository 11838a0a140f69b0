"""The seam every search engine stands behind: a few methods, proved by one conformance suite."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Protocol

from letrics.fields import Fact, Field
from letrics.query.clauses import Order, Query
from letrics.records import Kind
from letrics.store.base import Position


@dataclass(frozen=True, slots=True)
class Window:
    """Which part of the hits to return: `size` of them in `order`, from `offset` (0-based) on, or those that come
    after the record `after` where that is given (it need not be a hit any more)."""

    order: Order = "oldest"
    offset: int = 0
    after: int | None = None
    size: int = 25


@dataclass(frozen=True, slots=True)
class Hits:
    """`total` hits of the whole query; the `nums` of the window, in its order; whether `more` follow the window.
    `position` is the position of the log that all of this is true of."""

    total: int
    nums: list[int]
    more: bool
    position: Position | None = field(default=None, compare=False)


@dataclass(frozen=True, slots=True)
class Unmatched:
    """A value of a query that no record of the searched kind carries, with up to three near values."""

    field: str
    value: str
    suggestions: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class ValueCount:
    """A value, and how many records carry it."""

    value: str
    count: int


class EngineLoading(Exception):
    """The engine cannot answer yet."""


class OutOfTime(Exception):
    """The query exceeded its time budget."""


class SearchEngine(Protocol):
    """Answers from what it has applied of the log. A method that searches gives way to others between its steps,
    raises EngineLoading until the index is ready, and OutOfTime past the time budget."""

    async def search(self, query: Query, window: Window) -> Hits:
        """The hits of `query`: their exact number and those of the window."""
        ...

    async def unmatched(self, query: Query) -> list[Unmatched]:
        """The values of `query`, included or excluded, that no record of its kind carries, in the query's order;
        suggestions for the first 10."""
        ...

    async def facets(self, query: Query, fields: Sequence[Field], size: int) -> list[list[ValueCount]]:
        """For each field (of `facet_fields`) its `size` commonest values among the hits of the query without the
        field's own include filter."""
        ...

    async def values(self, kind: Kind, fact: Fact, typed: str, limit: int) -> list[ValueCount]:
        """Values that records of `kind` carry and that go with the typed text, best and commonest first."""
        ...

    def ready(self) -> bool:
        """Whether it can answer searches."""
        ...

    def seq(self) -> int:
        """The log's number up to which answers are true; 0 before the first."""
        ...

    def position(self) -> Position | None:
        """The position of the log up to which responses are true; None until the index is ready."""
        ...

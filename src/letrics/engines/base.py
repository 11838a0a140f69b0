"""The interface of search engines. One conformance suite tests every implementation."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Protocol

from letrics.budget import OutOfTime as OutOfTime
from letrics.fields import Fact, Field
from letrics.query.clauses import Order, Query
from letrics.records import Kind
from letrics.store.base import Position


@dataclass(frozen=True, slots=True)
class Window:
    """Which part of the matches to return: `size` of them in `order`.

    They begin at `offset` (0-based), or after the record `after` if it is given. That record need not match any more.
    """

    order: Order = "oldest"
    offset: int = 0
    after: int | None = None
    size: int = 25


@dataclass(frozen=True, slots=True)
class Unmatched:
    """A value of a query that no record of the searched kind has, with up to three suggestions."""

    field: str
    value: str
    suggestions: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class ValueCount:
    """A value and the number of records that have it."""

    value: str
    count: int


@dataclass(frozen=True, slots=True)
class SearchRequest:
    """One question to an engine: the `window` of the matches of `query`, and what else is wanted about them.

    `facets` are fields of `facet_fields`, whose `facet_size` most common values are counted among the matches.
    `unmatched` asks for the values of the query that no record has.
    """

    query: Query
    window: Window = Window()
    facets: tuple[Field, ...] = ()
    facet_size: int = 10
    unmatched: bool = False


@dataclass(frozen=True, slots=True)
class SearchResult:
    """The result of a search: `total` matches, the `nums` of the window in its order, and whether `more` follow it.

    `unmatched` and `facets` are empty unless the request asks for them. All of it is as of `position` in the log.
    """

    total: int
    nums: list[int]
    more: bool
    position: Position | None = field(default=None, compare=False)
    unmatched: Sequence[Unmatched] = ()
    facets: Sequence[list[ValueCount]] = ()


LoadProgress = Callable[[str, int, int], None]
"""Called with the current task, the number of records done, and their total (0 if unknown). If both are 0, the text is
a notice."""


@dataclass(frozen=True, slots=True)
class SavedIndex:
    """An index on disk: its size, when it was saved, and how many changes of the log it lacks.

    Without `lacks`, it cannot be used because of the `damage`, or nothing is known about it because it is `away`: on a
    cluster that cannot be reached. `problem` is what keeps an index that is there from being searched or changed.
    """

    bytes: int
    saved_ms: int
    lacks: int | None
    damage: str | None = None
    away: str | None = None
    problem: str | None = None


def count_lacking(indexed: Position, end: Position) -> int | None:
    """How many changes of a log that ends at `end` an index lacks.

    None if the index is of another log, or of what the log was before an older state of it was restored.
    """
    if indexed.log != end.log or indexed.seq > end.seq or (indexed.seq == end.seq and indexed.batch != end.batch):
        return None
    return end.seq - indexed.seq


class EngineLoading(Exception):
    """The index is still loading."""


class EngineBroken(Exception):
    """The index cannot be loaded, because of a bug or because the database is damaged."""


class EngineAway(Exception):
    """The engine runs elsewhere and cannot be reached. Try again after `retry_after` seconds.

    `reason` is the part of the text that callers of the API may read: without addresses, and empty if there is none.
    """

    def __init__(self, text: str = "", retry_after: int = 5, reason: str = "") -> None:
        super().__init__(text)
        self.retry_after = retry_after
        self.reason = reason


@dataclass(frozen=True, slots=True)
class Capabilities:
    """What an engine can do beyond exact totals and pages by `Window.after`."""

    any_offset: bool
    """Whether `Window.offset` can be any number."""
    exact_facets: bool
    """Whether the counts of facets are exact for any number of different values."""
    suggestions: bool
    """Whether unmatched values have suggestions."""


class SearchEngine(Protocol):
    """Executes queries on the part of the log that it has applied.

    Methods that search let other tasks run between their steps. They raise EngineLoading until the index is loaded,
    OutOfTime past the time budget, and EngineAway while a remote engine cannot be reached.
    """

    @property
    def capabilities(self) -> Capabilities:
        """What this engine can do."""
        ...

    async def search(self, request: SearchRequest) -> SearchResult:
        """The exact number of matches, the matches of the window, and the unmatched values and facets asked for.

        Unmatched values, included or excluded, are in the order of the query; the first 10 have suggestions. A facet
        counts the matches of the query without the field's own include filter. All of it is of one log position.
        """
        ...

    async def values(self, kind: Kind, fact: Fact, typed: str, limit: int) -> list[ValueCount]:
        """The values of records of `kind` that match the typed text, the best and most common first."""
        ...

    async def position(self) -> Position | None:
        """The position of the log up to which responses are true; None until the index is ready."""
        ...

    def close(self) -> None:
        """Release what the engine holds. No further search is possible."""
        ...

"""Caches of lookups in one searcher. A searcher never changes, so the results stay valid as long as it exists."""

from __future__ import annotations

from typing import Final, Generic, TypeVar

from letrics.fields import Fact
from letrics.query.clauses import Term
from letrics.records import Kind

_MAX_RECENT: Final = 4
"""Number of term lists whose lookups are cached."""

_Found = TypeVar("_Found")


class RecentLookups(Generic[_Found]):
    """The results for the last few term lists.

    A request needs them twice, for its matches and for its unmatched values.
    """

    def __init__(self) -> None:
        self._entries: tuple[tuple[Fact, tuple[Term, ...], _Found], ...] = ()

    def of(self, fact: Fact, terms: tuple[Term, ...]) -> _Found | None:
        """The cached result, or None."""
        return next(
            (found for its_fact, its_terms, found in self._entries if (its_fact, its_terms) == (fact, terms)), None
        )

    def keep(self, fact: Fact, terms: tuple[Term, ...], found: _Found) -> None:
        """Cache a result."""
        self._entries = ((fact, terms, found), *self._entries[: _MAX_RECENT - 1])


class ExistenceCache:
    """Whether any live record of a kind has a value or contains a text, and the suggestions for values that none has.

    A client that fetches page after page asks for the same values each time.
    """

    def __init__(self, max_entries: int) -> None:
        """`max_entries` limits the texts per fact, and the values with suggestions."""
        self._max_entries = max_entries
        self._ids: dict[tuple[Kind, str], dict[int, bool]] = {}
        self._texts: dict[tuple[Kind, str], dict[str, bool]] = {}
        self._near: dict[tuple[Kind, str, Term], tuple[str, ...]] = {}

    def ids(self, kind: Kind, fact: Fact) -> dict[int, bool]:
        """Whether each value id seen so far exists. It is limited by the size of the dictionary."""
        return self._ids.setdefault((kind, fact.name), {})

    def texts(self, kind: Kind, fact: Fact) -> dict[str, bool]:
        """Whether each text seen so far exists. The caller adds to it."""
        known = self._texts.setdefault((kind, fact.name), {})
        if len(known) >= self._max_entries:
            known = self._texts[kind, fact.name] = {}
        return known

    def near(self, kind: Kind, fact: Fact, term: Term) -> tuple[str, ...] | None:
        """The cached suggestions for a value, or None if they have not been looked for."""
        return self._near.get((kind, fact.name, term))

    def keep_near(self, kind: Kind, fact: Fact, term: Term, near: tuple[str, ...]) -> None:
        """Cache the suggestions for a value."""
        if len(self._near) >= self._max_entries:
            self._near = {}
        self._near[kind, fact.name, term] = near

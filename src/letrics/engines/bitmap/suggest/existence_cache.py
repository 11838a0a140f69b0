"""What was found out about a state, kept as long as it is the state: it never changes, so that this stays true."""

from __future__ import annotations

from typing import Final, Generic, TypeVar

from letrics.fields import Fact
from letrics.query.clauses import Term
from letrics.records import Kind

_MAX_TEXTS: Final = 10_000
"""Of so many texts it is remembered whether any record contains them, for each fact;"""
_MAX_SUGGESTIONS: Final = 10_000
"""and of so many values which others are near."""
_MAX_RECENT: Final = 4

_Found = TypeVar("_Found")


class RecentLookups(Generic[_Found]):
    """What was found for the last few lists of terms. A request needs it twice, for its hits and for what is unmatched,
    and a list may have thousands: it is told by being the very same object."""

    def __init__(self) -> None:
        self._kept: tuple[tuple[Fact, tuple[Term, ...], _Found], ...] = ()

    def of(self, fact: Fact, terms: tuple[Term, ...]) -> _Found | None:
        """What was found for them; None where it is not kept."""
        return next((found for of, asked, found in self._kept if asked is terms and of is fact), None)

    def keep(self, fact: Fact, terms: tuple[Term, ...], found: _Found) -> None:
        self._kept = ((fact, terms, found), *self._kept[: _MAX_RECENT - 1])


class ExistenceCache:
    """Whether any live record of a kind has a value (by its id) or contains a text, and what is near values that none
    has: whoever fetches page after page of a list asks for the same each time."""

    def __init__(self) -> None:
        self._ids: dict[tuple[Kind, str], dict[int, bool]] = {}
        self._texts: dict[tuple[Kind, str], dict[str, bool]] = {}
        self._near: dict[tuple[Kind, str, Term], tuple[str, ...]] = {}

    def ids(self, kind: Kind, fact: Fact) -> dict[int, bool]:
        """What is known of values; there are no more than the vocabulary has."""
        return self._ids.setdefault((kind, fact.name), {})

    def texts(self, kind: Kind, fact: Fact) -> dict[str, bool]:
        """What is known of texts."""
        known = self._texts.setdefault((kind, fact.name), {})
        if len(known) >= _MAX_TEXTS:
            known = self._texts[kind, fact.name] = {}
        return known

    def near(self, kind: Kind, fact: Fact, term: Term) -> tuple[str, ...] | None:
        """The values near one that no record has; None where they have not been looked for."""
        return self._near.get((kind, fact.name, term))

    def keep_near(self, kind: Kind, fact: Fact, term: Term, near: tuple[str, ...]) -> None:
        if len(self._near) >= _MAX_SUGGESTIONS:
            self._near = {}
        self._near[kind, fact.name, term] = near

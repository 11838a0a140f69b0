"""Deletion of confirmed records: deletes only records that still match, and never more than the user confirmed.

Other processes may change records between their selection and their deletion. The store skips the changed ones.
They are then selected again and retried, at most `ROUNDS` times.
"""

from __future__ import annotations

import asyncio
from array import array
from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final, Protocol

from letrics.records import Kind

if TYPE_CHECKING:
    from letrics.engines.base import SearchEngine
    from letrics.query import Query
    from letrics.store.base import Position, Store

BATCH: Final = 10_000
"""The number of records deleted in one transaction."""
ROUNDS: Final = 5
"""The maximum number of times that changed records are selected again before they are left."""


@dataclass(frozen=True, slots=True)
class Judged:
    """The selected records as of a log position, and the contacts of those that are companies.

    `contact_nums` has the nums of the contacts, `contact_companies` the num of the company of each: 16 bytes a contact.
    """

    position: Position
    nums: array[int]
    contact_companies: array[int] = field(default_factory=lambda: array("Q"))
    contact_nums: array[int] = field(default_factory=lambda: array("Q"))


class Selection(Protocol):
    """The records that the user asked to delete."""

    def judge(self, among: Collection[int] | None = None) -> Judged:
        """Select the records as of the current log position. With `among`, only records with one of those nums."""
        ...


class LoadableEngine(Protocol):
    """An engine that can be brought up to date."""

    @property
    def engine(self) -> SearchEngine:
        """The engine, for searching."""
        ...

    def load(self, store: Store) -> None:
        """Bring the engine up to the end of the log."""
        ...


class ByFilter:
    """Selection of the records that match a query."""

    def __init__(self, kind: Kind, store: Store, engine: LoadableEngine, query: Query) -> None:
        self._kind = kind
        self._store = store
        self._engine = engine
        self._query = query

    def judge(self, among: Collection[int] | None = None) -> Judged:
        from letrics.cli.index import windows

        self._engine.load(self._store)
        position = asyncio.run(self._engine.engine.position())
        assert position is not None, "a loaded engine has a position"
        nums = array("Q")
        for part in windows(self._engine.engine, self._query):
            nums.extend(part if among is None else (num for num in part if num in among))
        return _judged(self._kind, self._store, position, nums)


class ByIds:
    """Selection of the records with these ids, in the form that the store uses (a company's id is its domain)."""

    def __init__(self, kind: Kind, store: Store, ids: Iterable[str]) -> None:
        self._kind = kind
        self._store = store
        self._ids = tuple(ids)
        self.missing: list[str] = []
        """The ids that had no record in the last selection."""
        self.found: dict[int, str] = {}
        """The num of each record in the last selection → the id that was given for it."""

    def judge(self, among: Collection[int] | None = None) -> Judged:
        position = self._store.position()  # read before the look-up, so that concurrent changes count as newer
        found = {id: self._store.find(self._kind, id) for id in self._ids}
        self.missing = [id for id, record in found.items() if record is None]
        self.found = {record.num: id for id, record in found.items() if record is not None}
        return _judged(
            self._kind, self._store, position, array("Q", [n for n in self.found if among is None or n in among])
        )  # fmt: skip


def _judged(kind: Kind, store: Store, position: Position, nums: array[int]) -> Judged:
    return Judged(position, nums, *(store.contacts_of(nums) if kind == "companies" else ()))


@dataclass(slots=True)
class Outcome:
    """Result of a deletion. `deleted` includes the contacts of companies.

    The other counts are records that were not deleted: `unmatched` no longer match, `grown` are companies with contacts
    that the user did not confirm, and `unsettled` changed again in every round.
    """

    deleted: int = 0
    unmatched: int = 0
    grown: int = 0
    unsettled: int = 0

    @property
    def left(self) -> int:
        return self.unmatched + self.grown + self.unsettled


def delete_confirmed(
    store: Store, kind: Kind, selection: Selection, confirmed: Judged, with_contacts: bool,
    tell: Callable[[int, int], None] | None = None,
) -> Outcome:  # fmt: skip
    """Delete the `confirmed` records that still match the selection when they are deleted.

    A company that got a contact after the confirmation is not deleted, because the user did not confirm that contact.
    `tell` is called with the number of records tried and the number of records deleted.
    """
    outcome = Outcome()
    judged, nums = confirmed, confirmed.nums
    for _ in range(1 + ROUNDS):
        changed: list[int] = []
        for start in range(0, len(nums), BATCH):
            part = nums[start : start + BATCH].tolist()
            done = store.delete(kind, part, with_contacts, judged.position)
            outcome.deleted += done.records
            changed += done.changed
            if tell is not None:
                tell(start + len(part), outcome.deleted)
        if not changed:
            return outcome
        judged = selection.judge(frozenset(changed))
        outcome.unmatched += len(changed) - len(judged.nums)
        grown = _grown(judged, confirmed)
        nums = array("Q", [n for n in judged.nums if n not in grown])
        outcome.grown += len(judged.nums) - len(nums)
    outcome.unsettled = len(nums)
    return outcome


def _grown(judged: Judged, confirmed: Judged) -> set[int]:
    """The companies of `judged` that have contacts which no confirmed company had."""
    import numpy as np

    known = np.isin(np.asarray(judged.contact_nums), np.asarray(confirmed.contact_nums))
    return set(np.asarray(judged.contact_companies)[~known].tolist())

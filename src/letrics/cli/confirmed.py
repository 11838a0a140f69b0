"""Deleting records that a person confirmed: only those that are still meant when they are deleted, and never more.

Between the moment records are judged and the moment they are deleted, other processes may change them. The store
leaves the changed ones; they are judged again and tried again, a few times.
"""

from __future__ import annotations

from array import array
from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final, Protocol

from letrics.records import Kind

if TYPE_CHECKING:
    from letrics.cli.index import LoadableEngine
    from letrics.query import Query
    from letrics.store.base import Position, Store

BATCH: Final = 10_000
"""How many records are deleted in one transaction."""
ROUNDS: Final = 5
"""How often changed records are judged again before they are left."""


@dataclass(frozen=True, slots=True)
class Judged:
    """The records that are meant as of a position of the log, and the contacts of those that are companies: the nums
    in `contact_nums`, the num of the company of each in `contact_companies`. 16 bytes a contact."""

    position: Position
    nums: array[int]
    contact_companies: array[int] = field(default_factory=lambda: array("Q"))
    contact_nums: array[int] = field(default_factory=lambda: array("Q"))


class Selection(Protocol):
    """What a person asked to delete."""

    def judge(self, among: Collection[int] | None = None) -> Judged:
        """The records that are meant as the log stands now; of those `among`, where given."""
        ...


class ByFilter:
    """The records that a query matches."""

    def __init__(self, kind: Kind, store: Store, engine: LoadableEngine, query: Query) -> None:
        self._kind = kind
        self._store = store
        self._engine = engine
        self._query = query

    def judge(self, among: Collection[int] | None = None) -> Judged:
        from letrics.cli.index import windows

        while self._engine.catch_up(self._store):
            pass
        position = self._engine.position()
        assert position is not None, "a loaded engine has a position"
        nums = array("Q")
        for part in windows(self._engine, self._query):
            nums.extend(part if among is None else (num for num in part if num in among))
        return _judged(self._kind, self._store, position, nums)


class ByIds:
    """The records that have these ids, as the store knows them (a company's is its domain)."""

    def __init__(self, kind: Kind, store: Store, ids: Iterable[str]) -> None:
        self._kind = kind
        self._store = store
        self._ids = tuple(ids)
        self.missing: list[str] = []
        """The ids that no record had when they were judged last."""
        self.found: dict[int, str] = {}
        """The id that was given for each record, by its num, when they were judged last."""

    def judge(self, among: Collection[int] | None = None) -> Judged:
        position = self._store.position()  # before the ids are looked up: what changes meanwhile is newer
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
    """What became of the confirmed records: `deleted` counts contacts of companies too. Left were those that are not
    meant any more (`unmatched`), companies that have contacts that were not confirmed (`grown`), and those that
    changed again whenever they were judged (`unsettled`)."""

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
    """Delete those of the `confirmed` records that the selection still means when they are deleted.

    A company that has a contact that no confirmed company had is left: one added or moved to it after the confirmation.
    `tell` is called with how many records were tried, and how many were deleted.
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

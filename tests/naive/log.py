"""A log as plain values. A batch makes a new state, so that readers of the one before are not disturbed."""

from __future__ import annotations

import secrets
import threading
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any, Final, TypeVar

from letrics.records import Kind
from letrics.store.base import Position
from letrics.store.forgotten_list import ForgottenList
from letrics.store.import_record import ImportRecord
from tests.store.model import Model

_Result = TypeVar("_Result")


@dataclass(frozen=True)
class Imported:
    """An import: for each of its records, the person or the values of the company before it, None for a new one, and
    the record that it left. `touched` are the nums of the records that its rows found or made."""

    record: ImportRecord
    before: Mapping[tuple[Kind, int], Any] = field(default_factory=dict)
    after: Mapping[tuple[Kind, int], Any] = field(default_factory=dict)
    touched: Mapping[Kind, frozenset[int]] = field(default_factory=dict)


@dataclass(frozen=True)
class State:
    """What is stored at one moment. `records` has the seq and the record of each num; a contact comes with the num of
    its company. A batch is the last seq it took, and its id."""

    id: str
    model: Model
    records: Mapping[Kind, Mapping[int, tuple[int, Any]]]
    seq: int = 0
    batches: tuple[tuple[int, str], ...] = ()
    tombstones: tuple[tuple[int, Kind, int], ...] = ()
    followers: Mapping[str, int] = field(default_factory=dict)
    digests: Mapping[int, int] = field(default_factory=dict)
    """The digest of a row that changes nothing, by the num of its contact."""
    written_ms: int | None = None
    """When the last batch was written."""
    imports: tuple[Imported, ...] = ()
    pruned: int = 0
    """The highest seq of a tombstone that is no longer stored."""
    forgotten: ForgottenList = field(default_factory=ForgottenList)
    forgotten_seq: int = 0
    leases: Mapping[str, tuple[str, float]] = field(default_factory=dict)
    """By name, the holder and when the lease expires, by the monotonic clock."""

    def position(self) -> Position:
        return Position(self.id, *(self.batches[-1] if self.batches else (0, "")))

    def has_batch(self, position: Position) -> bool:
        return position.log == self.id and (position.seq, position.batch) in {(0, ""), *self.batches}

    def after_batch(self, model: Model) -> State:
        """The state after a batch that left `model`. Companies come before contacts, changed records before new ones,
        and deletions last."""
        seq = self.seq
        records: dict[Kind, Mapping[int, tuple[int, Any]]] = {}
        tombstones = list(self.tombstones)
        current: dict[Kind, dict[int, Any]] = {
            "companies": model.company_records(),
            "contacts": model.contact_records(),
        }
        for kind, found in current.items():
            old = self.records[kind]
            kept = {num: old[num] for num in found if num in old and old[num][1] == found[num]}
            changed = sorted(found.keys() - kept.keys())  # the nums of new records are the highest
            records[kind] = kept | {num: (seq + step, found[num]) for step, num in enumerate(changed, 1)}
            seq += len(changed)
        kinds: tuple[Kind, ...] = ("contacts", "companies")
        for kind in kinds:
            for num in sorted(self.records[kind].keys() - records[kind].keys()):
                seq += 1
                tombstones.append((seq, kind, num))
        there = {(kind, num) for kind in kinds for num in records[kind]}
        tombstones = [tombstone for tombstone in tombstones if tombstone[1:] not in there]
        if seq == self.seq:
            return replace(self, model=model)
        batches = (*self.batches, (seq, secrets.token_hex(8)))
        written, buried = time.time_ns() // 1_000_000, tuple(tombstones)
        return replace(
            self, model=model, records=records, seq=seq, batches=batches, tombstones=buried, written_ms=written
        )

    def with_digests(self, before: State, digests: Mapping[int, int]) -> State:
        """The state with these digests, and with those from before that are of contacts which have not changed."""
        old, new = before.records["contacts"], self.records["contacts"]
        kept = {num: digest for num, digest in before.digests.items() if num in new and new[num] == old[num]}
        return replace(self, digests={**kept, **digests})

    def with_follower(self, name: str, seq: int) -> State:
        """The state after a follower has applied the log up to `seq`. Tombstones that no follower needs are dropped."""
        followers = {**self.followers, name: seq}
        slowest = min(followers.values())
        pruned = max([seq for seq, _, _ in self.tombstones if seq <= slowest], default=self.pruned)
        tombstones = tuple(tombstone for tombstone in self.tombstones if tombstone[0] > pruned)
        return replace(self, followers=followers, pruned=pruned, tombstones=tombstones)

    def with_lease(self, name: str, holder: str, seconds: float) -> tuple[State, bool]:
        """The state after `holder` asked for a lease, and whether it has it."""
        now = time.monotonic()
        other, expires = self.leases.get(name, (holder, now))
        if other != holder and expires > now:
            return self, False
        return replace(self, leases={**self.leases, name: (holder, now + seconds)}), True

    def without_lease(self, name: str, holder: str) -> State:
        """The state after `holder` gave up a lease."""
        left = {key: value for key, value in self.leases.items() if (key, value[0]) != (name, holder)}
        return replace(self, leases=left)


class Log:
    """A log that several connections share."""

    def __init__(self) -> None:
        self._lock: Final = threading.Lock()
        self.state = State(secrets.token_hex(8), Model(), {"companies": {}, "contacts": {}})

    def write(self, change: Callable[[State], tuple[State, _Result]]) -> _Result:
        """Replace the state by the one that `change` makes of it, unless it raises."""
        with self._lock:
            self.state, result = change(self.state)
        return result

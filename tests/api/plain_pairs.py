"""Possible duplicates of an in-memory store."""

from __future__ import annotations

from collections.abc import Sequence

import msgspec

from letrics.records import Kind
from letrics.store.base import Position
from letrics.store.duplicate_record import Duplicate, DuplicateStatus, UnknownPair


class PlainPairs:
    """One pair, of the first two contacts. Deciding on it changes its status and nothing else."""

    def __init__(self) -> None:
        self.pair_nums = (0, 1)
        self.pair_status: DuplicateStatus = "open"

    def documents(self, kind: Kind, nums: Sequence[int], known_at: Position | None = None) -> list[bytes | None]:
        """The documents of records; overridden by the store."""
        raise NotImplementedError

    def duplicates(
        self, status: DuplicateStatus = "open", limit: int = 100, after: int = 0, skip: int = 0
    ) -> list[Duplicate]:
        found = [pair for pair in self._pairs() if pair.status == status and pair.id > after]
        return found[skip : skip + limit]

    def count_duplicates(self, status: DuplicateStatus = "open") -> int:
        return len(self.duplicates(status))

    def find_duplicate(self, id: int) -> Duplicate:
        for pair in self._pairs():
            if pair.id == id:
                return pair
        raise UnknownPair(id)

    def merge_contacts(self, kept: str, other: str) -> None:
        self.pair_nums = self.pair_nums if self._first() == kept else self.pair_nums[::-1]
        self.pair_status = "merged"

    def dismiss_duplicate(self, some: str, other: str) -> None:
        self.pair_status = "dismissed"

    def undo_duplicate(self, some: str, other: str) -> None:
        self.pair_status = "open"

    def _first(self) -> str:
        return str(msgspec.json.decode(self._pairs()[0].contacts[0])["id"])

    def _pairs(self) -> list[Duplicate]:
        one, other = self.documents("contacts", self.pair_nums)
        if one is None or other is None:
            return []
        merged_at = "2026-03-02T00:00:00.000Z" if self.pair_status == "merged" else None
        contacts = (msgspec.Raw(one), msgspec.Raw(other))
        return [
            Duplicate(
                id=1, reason="email", status=self.pair_status, found_at="2026-03-01T00:00:00.000Z",
                merged_at=merged_at, contacts=contacts,
            )
        ]  # fmt: skip

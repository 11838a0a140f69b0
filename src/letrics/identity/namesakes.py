"""The contacts with each name at each company, kept up to date in memory during a batch. A name may have many."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Set

from letrics.identity.keys import Key, hashes_of
from letrics.identity.plan import KeyRows
from letrics.identity.reads import KeyReads


class Namesakes:
    """The contacts with one name at one company, each with its rank (see `letrics.identity.batch_rows`)."""

    __slots__ = ("counts", "ranks")

    def __init__(self) -> None:
        self.ranks: dict[int, int] = {}
        self.counts = [0, 0, 0]

    def put(self, num: int, rank: int) -> None:
        if num in self.ranks:
            self.drop(num)
        self.ranks[num] = rank
        self.counts[rank] += 1

    def drop(self, num: int) -> None:
        rank = self.ranks.pop(num, None)
        if rank is not None:
            self.counts[rank] -= 1

    def first(self, rank: int) -> int:
        """The lowest num with this rank. There must be one."""
        return min(num for num, its in self.ranks.items() if its == rank)


class Names:
    """The contacts with each name. `rank_of` returns the current rank of a contact, or None if it does not exist."""

    def __init__(self, reads: KeyReads, rank_of: Callable[[int], int | None]) -> None:
        self._reads = reads
        self._rank_of = rank_of
        self._namesakes: dict[Key, Namesakes | None] = {}
        self._written: dict[Key, dict[int, bool]] = {}

    def read(self, keys: Iterable[Key]) -> dict[Key, list[int]]:
        """Look up those of `keys` that are not in memory yet; returns the nums of the contacts with each name."""
        asked = dict.fromkeys([key for key in keys if key not in self._namesakes])
        found: dict[Key, list[int]] = {}
        for key, num in self._reads.keys(hashes_of(asked)):
            if key in asked:
                found.setdefault(key, []).append(num)
        return found

    def learn(self, keys: Iterable[Key], found: dict[Key, list[int]]) -> None:
        """Store what `read` found for `keys` in memory. Call it after reading the contacts that were found."""
        for key in keys:
            if key not in self._namesakes:
                self._namesakes[key] = self._assemble(key, found.get(key, ()))

    def _assemble(self, key: Key, nums: Iterable[int]) -> Namesakes | None:
        present = dict.fromkeys(nums, True) | self._written.get(key, {})
        if not present:
            return None
        group = Namesakes()
        for num, there in present.items():
            rank = self._rank_of(num) if there else None
            if rank is not None:
                group.put(num, rank)
        return group if group.ranks else None

    def namesakes(self, key: Key) -> Namesakes | None:
        """The contacts that have the name now, or None if there are none."""
        if key not in self._namesakes:
            self.learn((key,), self.read((key,)))
        return self._namesakes[key]

    def put(self, key: Key, num: int, rank: int, new: bool = True) -> None:
        """Record that the contact has the name, with this rank; `new` says that it did not have the name before."""
        if new:
            self._written.setdefault(key, {})[num] = True
        if key in self._namesakes:
            group = self._namesakes[key]
            if group is None:
                group = self._namesakes[key] = Namesakes()
            group.put(num, rank)

    def drop(self, key: Key, num: int) -> None:
        """Record that the contact no longer has the name."""
        self._written.setdefault(key, {})[num] = False
        group = self._namesakes.get(key)
        if group is not None:
            group.drop(num)
            if not group.ranks:
                self._namesakes[key] = None

    def seen(self) -> Set[Key]:
        """The keys of the names that were looked up, put or dropped."""
        return self._namesakes.keys() | self._written.keys()

    def written(self, put: KeyRows, removed: KeyRows) -> None:
        """Add the names that contacts got in this batch to `put`, and those they lost to `removed`."""
        for key, nums in self._written.items():
            for num, there in nums.items():
                (put if there else removed).add(key, num)

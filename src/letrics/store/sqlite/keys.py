"""The table of identity keys: looked up and written in sorted sets, because one by one in random order is many times
slower, and kept up to date in memory while a batch is put together.

Most keys (an id, a LinkedIn profile, an address) have one holder at most; a name may have many.
"""

from __future__ import annotations

from array import array
from collections.abc import Callable, Iterable, Iterator
from operator import itemgetter
from typing import Final

import apsw

from letrics.store.identity import Key

NOBODY: Final = -1
Written = tuple[int, int, int, bool]
"""A row of the table as a batch leaves it: hash, mark, num, and whether it is there."""


def read_keys(connection: apsw.Connection, keys: Iterable[Key]) -> Iterator[tuple[Key, int]]:
    """Every key and num in the table whose hash is that of one of `keys`."""
    hashes = array("q", sorted({hash for hash, _ in keys}))
    if hashes:
        found = connection.execute(
            "SELECT k.hash, k.mark, k.num FROM carray(?) AS a CROSS JOIN contact_key AS k ON k.hash = a.value",
            (apsw.carray(hashes),),
        )
        for hash, mark, num in found:
            yield (hash, mark), num


def write_keys(connection: apsw.Connection, written: Iterable[Written]) -> None:
    """Bring the table to what a batch made of it. Setting what is there, or removing what is not, does nothing."""
    put: list[tuple[int, int, int]] = []
    removed: list[tuple[int, int, int]] = []
    for hash, mark, num, there in written:
        (put if there else removed).append((hash, mark, num))
    by_hash = itemgetter(0)  # the order of the table; comparing whole tuples takes twice as long
    removed.sort(key=by_hash)
    put.sort(key=by_hash)
    connection.executemany("DELETE FROM contact_key WHERE hash=? AND mark=? AND num=?", removed)
    connection.executemany("INSERT OR IGNORE INTO contact_key VALUES (?, ?, ?)", put)


class Holders:
    """Who holds each id, profile and address. A key stays with the contact that had it first until that lets it go."""

    def __init__(self, connection: apsw.Connection) -> None:
        self._connection = connection
        self._holders: dict[Key, int] = {}
        self._written: dict[tuple[Key, int], bool] = {}

    def read(self, keys: Iterable[Key]) -> set[int]:
        """Look up those of `keys` that are not known yet; the nums of all that were found to hold one."""
        holders = self._holders
        asked = [key for key in keys if key not in holders]
        holders.update(dict.fromkeys(asked, NOBODY))
        found = dict(read_keys(self._connection, asked))
        for key, num in found.items():
            if holders.get(key, NOBODY) == NOBODY and (key, num) not in self._written:
                holders[key] = num
        return set(found.values())

    def holder(self, key: Key) -> int:
        """The num of the contact that holds the key, or NOBODY."""
        num = self._holders.get(key)
        if num is None:
            self.read((key,))
            num = self._holders[key]
        return num

    def claim(self, key: Key, num: int) -> bool:
        """Give the key to this contact unless another has it; whether it is this contact's now."""
        holder = self._holders.get(key)
        if holder is None:
            holder = self.holder(key)
        if holder == NOBODY:
            self._holders[key] = num
            self._written[key, num] = True
            return True
        return holder == num

    def claim_free(self, key: Key, num: int) -> bool:
        """Give the key to this contact where nobody has it; whether that was so."""
        return self.holder(key) == NOBODY and self.claim(key, num)

    def release(self, key: Key, num: int) -> None:
        """Take the key from this contact, where it is the one that has it."""
        if self.holder(key) == num:
            self._holders[key] = NOBODY
            self._written[key, num] = False

    def written(self) -> Iterator[Written]:
        return ((hash, mark, num, there) for ((hash, mark), num), there in self._written.items())


class Namesakes:
    """The contacts of one name at one company, each with its rank (see `letrics.store.sqlite.rows`)."""

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
        """The lowest num of this rank, of which there must be one."""
        return min(num for num, its in self.ranks.items() if its == rank)


class Names:
    """Who bears each name. `rank_of` tells the present rank of a contact, or None where there is no such contact."""

    def __init__(self, connection: apsw.Connection, rank_of: Callable[[int], int | None]) -> None:
        self._connection = connection
        self._rank_of = rank_of
        self._namesakes: dict[Key, Namesakes | None] = {}
        self._written: dict[Key, dict[int, bool]] = {}

    def read(self, keys: Iterable[Key]) -> dict[Key, list[int]]:
        """Look up those of `keys` that are not known yet; the nums that bear each."""
        asked = dict.fromkeys(key for key in keys if key not in self._namesakes)
        bearers: dict[Key, list[int]] = {}
        for key, num in read_keys(self._connection, asked):
            if key in asked:
                bearers.setdefault(key, []).append(num)
        return bearers

    def learn(self, keys: Iterable[Key], bearers: dict[Key, list[int]]) -> None:
        """Take in what `read` found for `keys`, once the contacts it found have been read."""
        for key in keys:
            if key not in self._namesakes:
                self._namesakes[key] = self._assemble(key, bearers.get(key, ()))

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
        """Those who bear the name now; None where nobody does."""
        if key not in self._namesakes:
            self.learn((key,), self.read((key,)))
        return self._namesakes[key]

    def put(self, key: Key, num: int, rank: int, new: bool = True) -> None:
        """The contact bears the name, with this rank; `new` says that it did not before."""
        if new:
            self._written.setdefault(key, {})[num] = True
        if key in self._namesakes:
            group = self._namesakes[key]
            if group is None:
                group = self._namesakes[key] = Namesakes()
            group.put(num, rank)

    def drop(self, key: Key, num: int) -> None:
        """The contact bears the name no longer."""
        self._written.setdefault(key, {})[num] = False
        group = self._namesakes.get(key)
        if group is not None:
            group.drop(num)
            if not group.ranks:
                self._namesakes[key] = None

    def written(self) -> Iterator[Written]:
        for (hash, mark), nums in self._written.items():
            for num, there in nums.items():
                yield hash, mark, num, there

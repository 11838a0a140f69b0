"""The identity keys of a batch: read and written in sorted sets, and kept up to date in memory in between.

Reading and writing keys one by one in random order is many times slower. Most keys (an id, a LinkedIn profile, an
address) have at most one holder; a name may have many.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator
from dataclasses import dataclass, field
from typing import Final

import apsw
import numpy as np
import numpy.typing as npt

from letrics.identity.keys import Key, key_of
from letrics.store.sqlite.recent import put_keys, remove_keys, tables

NOBODY: Final = -1
"""Stands for a num where no contact holds a key."""

_PARTS: Final = np.dtype([("hash", "<i8"), ("mark", "<i4")])


def hashes_of(keys: Collection[Key]) -> npt.NDArray[np.int64]:
    """The hashes of keys, each once, in ascending order."""
    return np.unique(np.frombuffer(b"".join(keys), _PARTS)["hash"])


def read_keys(connection: apsw.Connection, keys: Collection[Key]) -> Iterator[tuple[Key, int]]:
    """The stored keys with the hash of one of `keys`, and their nums. A key that is in both tables is yielded twice."""
    if not keys:
        return
    asked = apsw.carray(hashes_of(keys))
    for table in tables(connection):
        found = connection.execute(
            f"SELECT k.hash, k.mark, k.num FROM carray(?) AS a CROSS JOIN {table} AS k ON k.hash = a.value",  # noqa: S608
            (asked,),
        )
        for hash, mark, num in found:
            yield key_of(hash, mark), num


def keys_held_by(connection: apsw.Connection, num: int) -> Iterator[Key]:
    """The keys that a contact holds, for one whose document cannot be decoded.

    O(number of all keys), because the tables are in order of key and not of num.
    """
    for table in tables(connection):
        for hash, mark in connection.execute(f"SELECT hash, mark FROM {table} WHERE num = ?", (num,)):  # noqa: S608
            yield key_of(hash, mark)


@dataclass(slots=True)
class Rows:
    """Keys to write, each with the num of its contact."""

    keys: list[Key] = field(default_factory=list)
    nums: list[int] = field(default_factory=list)

    def add(self, key: Key, num: int) -> None:
        self.keys.append(key)
        self.nums.append(num)

    def sorted(self) -> list[tuple[int, int, int]]:
        """The hash, mark and num of each key, in the order of the tables."""
        parts = np.frombuffer(b"".join(self.keys), _PARTS)
        order = np.argsort(parts["hash"])
        nums = np.array(self.nums, dtype=np.int64)[order].tolist()
        return list(zip(parts["hash"][order].tolist(), parts["mark"][order].tolist(), nums, strict=True))


def write_keys(connection: apsw.Connection, put: Rows, removed: Rows) -> None:
    """Apply the changes of a batch to the tables: first delete, then insert.

    Keys to insert that are already there, and keys to delete that are not, are ignored.
    """
    if removed.keys:
        remove_keys(connection, removed.sorted())
    if put.keys:
        put_keys(connection, put.sorted())


class Holders:
    """The holder of each id, profile and address. A key stays with the contact that had it first until that contact
    releases it."""

    def __init__(self, connection: apsw.Connection) -> None:
        self._connection = connection
        self._holders: dict[Key, int] = {}
        self._claimed: dict[Key, None] = {}
        self._released: set[tuple[Key, int]] = set()

    def read(self, keys: Iterable[Key]) -> set[int]:
        """Look up those of `keys` that are not in memory yet; returns the nums of their holders."""
        holders = self._holders
        asked = [key for key in keys if key not in holders]
        holders.update(dict.fromkeys(asked, NOBODY))
        found = dict(read_keys(self._connection, asked))
        for key, num in found.items():
            if holders.get(key, NOBODY) == NOBODY and (key, num) not in self._released:
                holders[key] = num
        return set(found.values())

    def holder(self, key: Key) -> int:
        """The num of the contact that holds the key, or `NOBODY`."""
        num = self._holders.get(key)
        if num is None:
            self.read((key,))
            num = self._holders[key]
        return num

    def claim(self, key: Key, num: int) -> bool:
        """Assign the key to this contact unless another holds it; returns whether this contact holds it now."""
        holder = self._holders.get(key)
        if holder is None:
            holder = self.holder(key)
        if holder == NOBODY:
            self._holders[key] = num
            self._claimed[key] = None
            return True
        return holder == num

    def claim_free(self, key: Key, num: int) -> bool:
        """Assign the key to this contact if no contact holds it; returns whether it was free."""
        return self.holder(key) == NOBODY and self.claim(key, num)

    def release(self, key: Key, num: int) -> None:
        """Release the key if this contact holds it."""
        if self.holder(key) == num:
            self._holders[key] = NOBODY
            self._claimed.pop(key, None)
            self._released.add((key, num))

    def written(self, put: Rows, removed: Rows) -> None:
        """Add the keys that the batch assigned to `put`, and those it released to `removed`.

        A key that its holder released and then got again is in both.
        """
        put.keys += self._claimed
        put.nums += [self._holders[key] for key in self._claimed]
        for key, num in self._released:
            removed.add(key, num)


class Namesakes:
    """The contacts with one name at one company, each with its rank (see `letrics.store.sqlite.batch_rows`)."""

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

    def __init__(self, connection: apsw.Connection, rank_of: Callable[[int], int | None]) -> None:
        self._connection = connection
        self._rank_of = rank_of
        self._namesakes: dict[Key, Namesakes | None] = {}
        self._written: dict[Key, dict[int, bool]] = {}

    def read(self, keys: Iterable[Key]) -> dict[Key, list[int]]:
        """Look up those of `keys` that are not in memory yet; returns the nums of the contacts with each name."""
        asked = dict.fromkeys([key for key in keys if key not in self._namesakes])
        found: dict[Key, list[int]] = {}
        for key, num in read_keys(self._connection, asked):
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

    def written(self, put: Rows, removed: Rows) -> None:
        """Add the names that contacts got in this batch to `put`, and those they lost to `removed`."""
        for key, nums in self._written.items():
            for num, there in nums.items():
                (put if there else removed).add(key, num)

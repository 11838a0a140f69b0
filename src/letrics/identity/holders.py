"""The holders of identity keys (ids, LinkedIn profiles, addresses), kept up to date in memory during a batch.

An address has one holder. A contact that has it too, under another name, holds a shared key: that of the address and
its name (see `letrics.identity.keys.shared_key`). Both have the same hash and so are read together.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Set
from typing import Final

from letrics.identity.keys import Key, hashes_of
from letrics.identity.plan import KeyRows
from letrics.identity.reads import KeyReads

NOBODY: Final = -1
"""Stands for a num where no contact holds a key."""


class Holders:
    """The holder of each id, profile and address. A key stays with the contact that had it first until that contact
    releases it."""

    def __init__(self, reads: KeyReads) -> None:
        self._reads = reads
        self._holders: dict[Key, int] = {}
        self._claimed: dict[Key, None] = {}
        self._released: set[tuple[Key, int]] = set()

    def read(self, keys: Iterable[Key]) -> set[int]:
        """Look up those of `keys` that are not in memory yet; returns the nums of their holders."""
        asked = [key for key in keys if key not in self._holders]
        found = dict(self._reads.keys(hashes_of(asked)))
        self.learn(asked, found)
        return {found[key] for key in asked if key in found}

    def learn(self, keys: Iterable[Key], found: Mapping[Key, int]) -> None:
        """Store the holders that a read found for `keys` in memory."""
        holders = self._holders
        holders.update(dict.fromkeys(keys, NOBODY))
        for key, num in found.items():
            if holders.get(key, NOBODY) == NOBODY and (key, num) not in self._released:
                holders[key] = num

    def seen(self) -> Set[Key]:
        """The keys that were looked up, claimed or released."""
        return self._holders.keys()

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

    def shared_holder(self, shared: Key) -> int:
        """The num of the contact that holds a shared key, or `NOBODY`. Call it after looking up the address."""
        return self._holders.get(shared, NOBODY)

    def claim_shared(self, shared: Key, num: int) -> None:
        """Assign a shared key to this contact unless another holds it. Call it after looking up the address."""
        if self.shared_holder(shared) == NOBODY:
            self._holders[shared] = num
            self._claimed[shared] = None

    def release_shared(self, shared: Key, num: int) -> None:
        """Release a shared key if this contact holds it, and not from a contact merged into it.

        Call it after looking up the address.
        """
        if self.shared_holder(shared) == num and shared not in self._reads.merged_keys(num):
            self.release(shared, num)

    def release(self, key: Key, num: int) -> None:
        """Release the key if this contact holds it."""
        if self.holder(key) == num:
            self._holders[key] = NOBODY
            self._claimed.pop(key, None)
            self._released.add((key, num))

    def written(self, put: KeyRows, removed: KeyRows) -> None:
        """Add the keys that the batch assigned to `put`, and those it released to `removed`.

        A key that its holder released and then got again is in both.
        """
        put.keys += self._claimed
        put.nums += [self._holders[key] for key in self._claimed]
        for key, num in self._released:
            removed.add(key, num)

"""The keys that contacts get with their former state, when an import is undone in steps.

A key that a contact of a later step will lose is free already. Otherwise which contact gets it would depend on the
steps, and a contact whose address another one had for a while would not get it back.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Sequence, Set

from letrics.identity.keys import Key, hashes_of
from letrics.identity.plan import KeyRows
from letrics.store.sql import SqlConnection
from letrics.store.tables.key_table import read_keys, write_keys
from letrics.store.tables.merged_key_table import read_merged_keys
from letrics.store.tables.restored_contact import RestoredContact, addresses_with_shared_keys

Pending = Callable[[Set[int]], Sequence[RestoredContact]]
"""Returns those of the contacts with these nums that later steps will restore."""
_Pairs = list[tuple[Key, int]]
"""Keys, each with the num of a contact."""


def restore_keys(connection: SqlConnection, contacts: Sequence[RestoredContact], pending: Pending) -> set[int]:
    """Give contacts the keys of their former values that no other contact holds, and shared keys for the other
    addresses; returns the nums of the contacts that miss a key. Keys from merges stay."""
    nums = {contact.num for contact in contacts}
    merged = _merged_keys(connection, nums)
    _remove(connection, _lost(contacts, merged))
    connection.delete_rows("former_id", ("num", "id"), [(contact.num, contact.values()[1].id) for contact in contacts])
    wanted = [(key, one.num) for one in contacts for key in one.missing_keys()]
    holders = _Holders(connection, {key for key, _ in wanted})
    shared = [
        (address, key, one.num)
        for one in contacts
        for address, key in addresses_with_shared_keys(one.values()[1])
        if address in holders.keys
    ]
    later = pending(holders.nums_of({*holders.keys, *(key for _, key, _ in shared)}) - nums)
    taken = set(holders.release(_lost(later, _merged_keys(connection, {one.num for one in later}))))
    connection.update("contact", ("digest",), [(None, num) for num in sorted({num for _, num in taken})])
    for key, num in wanted:
        holders.claim(key, num)
    holders.release(
        (key, num) for address, key, num in shared if holders.num_of(address) == num and key not in merged[num]
    )
    # Contacts of later steps share what they lose until then.
    shared += [
        (address, key, one.num)
        for one in later
        for address, key in addresses_with_shared_keys(one.values()[0])
        if (address, one.num) in taken
    ]
    for address, key, num in shared:
        if holders.num_of(address) != num:
            holders.claim(key, num)
    names = [(name, one.num) for one in contacts if (name := one.former_name_key()) is not None]
    write_keys(connection, _rows(names + holders.claimed), KeyRows())
    return {num for key, num in wanted if holders.num_of(key) != num}


class _Holders:
    """The holders of `keys`, and of the shared keys of those that are addresses."""

    def __init__(self, connection: SqlConnection, keys: Set[Key]) -> None:
        self.keys = keys
        self.claimed: _Pairs = []
        self._connection = connection
        self._nums = dict(read_keys(connection, hashes_of(keys)))

    def num_of(self, key: Key) -> int | None:
        """The num of the contact that holds a key; None if none does."""
        return self._nums.get(key)

    def nums_of(self, keys: Set[Key]) -> set[int]:
        """The nums of the contacts that hold one of these keys."""
        return {num for key, num in self._nums.items() if key in keys}

    def claim(self, key: Key, num: int) -> None:
        """Give a key to a contact, unless one holds it."""
        if key not in self._nums:
            self._nums[key] = num
            self.claimed.append((key, num))

    def release(self, pairs: Iterable[tuple[Key, int]]) -> _Pairs:
        """Take keys from these contacts; returns those that they held."""
        held = [(key, num) for key, num in pairs if self._nums.get(key) == num]
        for key, _ in held:
            del self._nums[key]
        _remove(self._connection, held)
        return held


def _merged_keys(connection: SqlConnection, nums: Set[int]) -> dict[int, list[Key]]:
    """The keys that contacts have from contacts that were merged into them."""
    found: dict[int, list[Key]] = defaultdict(list)
    rows = read_merged_keys(connection, sorted(nums))
    for key, num in zip(rows.keys, rows.nums, strict=True):
        found[num].append(key)
    return found


def _lost(contacts: Iterable[RestoredContact], merged: dict[int, list[Key]]) -> _Pairs:
    return [(key, one.num) for one in contacts for key in one.lost_keys() if key not in merged[one.num]]


def _remove(connection: SqlConnection, pairs: Collection[tuple[Key, int]]) -> None:
    write_keys(connection, KeyRows(), _rows(pairs))


def _rows(pairs: Collection[tuple[Key, int]]) -> KeyRows:
    return KeyRows([key for key, _ in pairs], [num for _, num in pairs])

"""Contacts whose former state is restored, and the keys that they get with it."""

from __future__ import annotations

from collections.abc import Callable, Sequence, Set
from typing import NamedTuple

from letrics.identity.batch_rows import keys_of
from letrics.identity.keys import Key, comparable_name, hashes_of, name_key, personal_keys, shared_keys
from letrics.identity.plan import KeyRows
from letrics.records import UNREADABLE, decode_contact
from letrics.store.sql import SqlConnection
from letrics.store.tables.former_states import FormerState
from letrics.store.tables.key_table import read_keys, write_keys
from letrics.store.tables.merged_key_table import read_merged_keys


class RestoredContact(NamedTuple):
    """A contact as it is now, and as it was before an import (`old`). `company_exists` is of its former company. A
    contact with a `digest` holds all its keys."""

    seq: int
    company: int
    digest: int | None
    document: bytes
    company_exists: int
    old: FormerState

    @property
    def num(self) -> int:
        return self.old.num

    def can_be_restored(self) -> bool:
        """Whether the former state is usable and the present document is well-formed. The keys of a malformed one are
        not known."""
        try:
            decode_contact(self.document)
        except UNREADABLE:
            return False
        return self.old.is_usable()

    def keys(self) -> set[Key]:
        """The keys of the present values."""
        return set(keys_of(decode_contact(self.document), self.company))

    def lost_keys(self) -> set[Key]:
        """The keys, also shared ones, that the present values have and the former ones have not."""
        now, old = decode_contact(self.document), decode_contact(self.old.document)
        lost = {*keys_of(now, self.company), *shared_keys(now)}
        return lost.difference(keys_of(old, self.old.company), shared_keys(old))


Pending = Callable[[Set[int]], Sequence[RestoredContact]]
"""Returns those of the contacts with these nums that the same undo will restore later."""


def restore_keys(connection: SqlConnection, restored: Sequence[RestoredContact], pending: Pending) -> set[int]:
    """Give contacts the keys of their former state, except those that another contact holds, and shared keys for such
    addresses; returns the nums of the contacts that miss a key.

    A key that a pending contact will lose is free already, so that the result does not depend on the order of steps.
    """
    nums = {one.num for one in restored}
    merged = read_merged_keys(connection, sorted(nums))
    write_keys(connection, KeyRows(), _without(_lost(restored), merged))
    contacts = {one.num: decode_contact(one.old.document) for one in restored}
    wanted, names, incomplete = dict[Key, int](), KeyRows(), set[int]()
    for one in restored:
        old = contacts[one.num]
        name = comparable_name(old)
        name_of = None if name is None else name_key(name, one.old.company)
        there = one.keys() if one.digest is not None else set[Key]()
        for key in dict.fromkeys(keys_of(old, one.old.company)):
            if key == name_of:
                names.add(key, one.num)
            elif key not in there and wanted.setdefault(key, one.num) != one.num:
                incomplete.add(one.num)
        connection.execute("DELETE FROM former_id WHERE num=? AND id=?", (one.num, old.id))
    held = dict(read_keys(connection, hashes_of(list(wanted))))  # also the shared keys of the addresses
    _take_from(connection, pending(set(held.values()).difference(nums)), held)
    put = names
    for key, num in wanted.items():
        if held.setdefault(key, num) == num:
            put.add(key, num)
        else:
            incomplete.add(num)
    shared = [
        (num, address, key)
        for num, contact in contacts.items()
        for address, key in zip(personal_keys(contact.emails), shared_keys(contact), strict=False)
        if address in wanted
    ]
    needless = KeyRows()
    for num, address, key in shared:
        if held[address] == num and held.get(key) == num:
            needless.add(key, num)
    write_keys(connection, KeyRows(), _take(_without(needless, merged), held))
    for num, address, key in shared:
        if held[address] != num and held.setdefault(key, num) == num:
            put.add(key, num)
    write_keys(connection, put, KeyRows())
    return incomplete


def _take_from(connection: SqlConnection, pending: Sequence[RestoredContact], held: dict[Key, int]) -> None:
    """Take those of the held keys from pending contacts that they will lose. They then miss keys of their present
    values, so their digests are removed."""
    lost = _without(_lost(pending), read_merged_keys(connection, [one.num for one in pending]))
    taken = KeyRows()
    for key, num in zip(lost.keys, lost.nums, strict=True):
        if held.get(key) == num:
            taken.add(key, num)
    if taken.keys:
        write_keys(connection, KeyRows(), _take(taken, held))
        connection.update("contact", ("digest",), [(None, num) for num in sorted(set(taken.nums))])


def _take(rows: KeyRows, held: dict[Key, int]) -> KeyRows:
    """The rows, after removing them from the held keys."""
    for key in rows.keys:
        del held[key]
    return rows


def _lost(contacts: Sequence[RestoredContact]) -> KeyRows:
    lost = KeyRows()
    for one in contacts:
        for key in one.lost_keys():
            lost.add(key, one.num)
    return lost


def _without(rows: KeyRows, others: KeyRows) -> KeyRows:
    """The rows that are not among `others`."""
    known = set(zip(others.keys, others.nums, strict=True))
    kept = [row for row in zip(rows.keys, rows.nums, strict=True) if row not in known] if known else None
    return rows if kept is None else KeyRows([key for key, _ in kept], [num for _, num in kept])

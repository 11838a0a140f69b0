"""Contacts whose former state is restored, and the keys that they get with it."""

from __future__ import annotations

from collections.abc import Sequence, Set
from typing import NamedTuple

from letrics.identity.batch_rows import keys_of
from letrics.identity.keys import Key, comparable_name, hashes_of, name_key, personal_keys, shared_keys
from letrics.identity.plan import KeyRows
from letrics.records import UNREADABLE, decode_contact
from letrics.store.sql import SqlConnection
from letrics.store.tables.former_states import FormerState
from letrics.store.tables.key_table import read_keys, write_keys


class RestoredContact(NamedTuple):
    """A contact as it is now, and as it was before an import (`old`). `company_exists` is of its former company."""

    seq: int
    company: int
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


def restore_keys(connection: SqlConnection, restored: Sequence[RestoredContact]) -> set[int]:
    """Give contacts the keys of their former state, except those that another contact holds now; returns the nums
    of the contacts that miss one."""
    released, wanted = KeyRows(), dict[Key, int]()
    names, incomplete = KeyRows(), set[int]()
    for one in restored:
        old = decode_contact(one.old.document)
        had, has = _keys(one.old.document, one.old.company), _keys(one.document, one.company)
        for key in has - had:
            released.add(key, one.num)
        for key in set(shared_keys(decode_contact(one.document))).difference(shared_keys(old)):
            released.add(key, one.num)
        name = comparable_name(old)
        name_of = None if name is None else name_key(name, one.old.company)
        for key in had - has:
            if key == name_of:
                names.add(key, one.num)
            elif wanted.setdefault(key, one.num) != one.num:
                incomplete.add(one.num)
        connection.execute("DELETE FROM former_id WHERE num=? AND id=?", (one.num, old.id))
    write_keys(connection, KeyRows(), released)
    held = dict(read_keys(connection, hashes_of(list(wanted))))
    for key, num in wanted.items():
        if held.get(key, num) == num:
            names.add(key, num)
        else:
            incomplete.add(num)
    write_keys(connection, names, KeyRows())
    _share(connection, {one.num for one in restored if one.old.digest is None} | incomplete, restored)
    return incomplete


def _share(connection: SqlConnection, nums: Set[int], restored: Sequence[RestoredContact]) -> None:
    """Give the contacts with these nums shared keys for the addresses that another contact holds now."""
    contacts = {one.num: decode_contact(one.old.document) for one in restored if one.num in nums}
    addresses = [key for contact in contacts.values() for key in personal_keys(contact.emails)]
    held = dict(read_keys(connection, hashes_of(addresses)))
    put = KeyRows()
    for num, contact in contacts.items():
        for address, key in zip(personal_keys(contact.emails), shared_keys(contact), strict=False):
            if held.get(address, num) != num and held.setdefault(key, num) == num:
                put.add(key, num)
    write_keys(connection, put, KeyRows())


def _keys(document: bytes, company: int) -> set[Key]:
    return set(keys_of(decode_contact(document), company))

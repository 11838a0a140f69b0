"""Merge two contacts on a person's request, and undo it.

The contact that stays takes over the ids, the LinkedIn profile and the addresses of the other one, so that rows of both
update it. It does not take over a name: a row with nothing but the other one's name and company is a new contact. The
other contact is deleted; undoing the merge adds it again, with its id and a new num.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence, Set
from typing import NamedTuple

import msgspec

from letrics.identity.batch_rows import keys_of
from letrics.identity.companies import no_company
from letrics.identity.keys import (
    Key,
    comparable_name,
    hashes_of,
    id_key,
    name_key,
    personal_keys,
    shared_key,
    shared_keys,
)
from letrics.identity.plan import KeyRows
from letrics.identity.union import restore_contact, unite_contacts
from letrics.records import UNREADABLE, ContactBody, decode_contact, encode
from letrics.store.base import StoreDamaged
from letrics.store.duplicate_record import NoPair
from letrics.store.sql import SqlConnection, read_rows
from letrics.store.tables.checksums import checksum_of, is_damaged_document
from letrics.store.tables.deleting import remove_contacts
from letrics.store.tables.duplicate_table import copy_pairs, forget_copies, num_of, pair_of, renumber_pairs, set_status
from letrics.store.tables.key_table import read_keys, write_keys
from letrics.store.tables.log import Numbers
from letrics.store.tables.merge_rows import (
    NEW,
    MergeRow,
    delete_merge,
    find_merge,
    insert_merge,
    renumber_kept,
    split_keys,
)
from letrics.store.tables.merged_companies import joined_company
from letrics.store.tables.merged_key_table import add_merged_keys, read_merged_keys, remove_merged_keys


class _Stored(NamedTuple):
    """A contact of the table."""

    num: int
    company: int
    external: int
    document: bytes

    @property
    def body(self) -> ContactBody:
        try:
            return decode_contact(self.document)
        except UNREADABLE:
            raise NoPair(f"the document of contact num {self.num} is malformed: run `letrics check`") from None

    @property
    def name_key(self) -> Key | None:
        """The key of the contact's name at its company, which any number of contacts may have."""
        name = comparable_name(self.body)
        return None if name is None else name_key(name, self.company)

    def keys(self) -> set[Key]:
        """All keys that the contact's own values give it, if no other contact holds them."""
        return {*keys_of(self.body, self.company), *shared_keys(self.body)}


def merge_contacts(connection: SqlConnection, numbers: Numbers, kept_id: str, gone_id: str, now: str) -> None:
    """Merge the second contact into the first, inside the caller's transaction.

    Raises UnknownContact, NoPair and StoreDamaged.
    """
    pair_of(connection, kept_id, gone_id)
    kept, gone = (_read(connection, num_of(connection, id)) for id in (kept_id, gone_id))
    body = unite_contacts(kept.body, gone.body, now)
    company = gone.company if kept.company == numbers.no_company else kept.company
    after = _Stored(kept.num, company, kept.external or gone.external, encode(body))
    former = _former_ids(connection, gone.num)
    extra = read_merged_keys(connection, [gone.num]).keys
    ids = {id_key(id) for id in (gone.body.id, *former)}
    inherited = _held(connection, gone.keys() | ids | set(extra), gone.num) - {gone.name_key}
    pairs = [(kept.num, id) for id in (gone.body.id, *former)]
    set_status(connection, kept.num, gone.num, "merged", now)
    copy_pairs(connection, gone.num, kept.num)
    remove_contacts(connection, numbers, [gone.num], erase=False)
    connection.execute("DELETE FROM merged_key WHERE num = ?", (gone.num,))
    connection.insert_missing("former_id", ("num", "id"), pairs)
    _write_keys(connection, kept.num, inherited, kept.keys() - after.keys())
    merged = set(read_merged_keys(connection, [kept.num]).keys)
    _give_keys(connection, after, merged)
    names = _free(connection, _names_at_addresses(connection, after, (kept.body, gone.body)), kept.num)
    _write_keys(connection, kept.num, names, ())
    given = ((inherited - ids - after.keys()) | names) - merged
    add_merged_keys(connection, kept.num, given)
    _update(connection, numbers, after)
    insert_merge(
        connection,
        MergeRow(
            NEW, kept.num, gone.num, gone.body.id, now, kept.company, kept.external, kept.document, company,
            after.document, b"".join(given), gone.company, gone.external, gone.document, msgspec.json.encode(former),
            b"".join(extra),
        ),
    )  # fmt: skip


def undo_merge(connection: SqlConnection, numbers: Numbers, some: str, other: str, now: str) -> None:
    """Undo the merge of two contacts that were merged, given by their ids.

    Raises UnknownContact, NoPair and StoreDamaged.
    """
    num = num_of(connection, some)
    merge = find_merge(connection, num, (some, other))
    if merge is None:
        raise NoPair(f"{some} and {other} are one contact, and not by a merge that can be undone")
    if merge.fault() is not None:
        raise NoPair(f"the states of {some} and {other} before their merge are damaged: run `letrics check`")
    current = _read(connection, num)
    before, after = decode_contact(merge.kept_before), decode_contact(merge.kept_after)
    body = restore_contact(before, after, current.body, now)
    company_before, company_after, gone_company = (
        joined_company(connection, num) for num in (merge.kept_company, merge.kept_company_after, merge.company)
    )
    company = company_before if current.company == company_after else current.company
    external = merge.kept_external if current.body.id == before.id else current.external
    restored = _Stored(num, company, external, encode(body))
    back = _Stored(numbers.next_contact, _company(connection, numbers, gone_company), merge.external, merge.document)
    numbers.next_contact += 1
    numbers.contacts += 1
    former = merge.read_former_ids()
    given, extra = split_keys(merge.kept_keys), split_keys(merge.keys)
    ids = {id_key(id) for id in (back.body.id, *former)}
    remove_merged_keys(connection, num, given)
    merged = set(read_merged_keys(connection, [num]).keys)
    stays = restored.keys() | merged
    inherited = _held(connection, back.keys() | ids | set(extra), num) - stays - {back.name_key}
    lost = (current.keys() | back.keys() | set(given) | ids) - stays
    connection.delete_rows("former_id", ("num", "id"), [(num, id) for id in (back.body.id, *former)])
    connection.insert("former_id", ("num", "id"), [(back.num, id) for id in former])
    _write_keys(connection, num, (), lost)
    _write_keys(connection, back.num, inherited, ())
    add_merged_keys(connection, back.num, extra)
    _update(connection, numbers, restored)
    (seq,) = numbers.take_seqs(1)
    connection.execute(
        "INSERT INTO contact (num, seq, company, external, document, checksum) VALUES (?, ?, ?, ?, ?, ?)",
        (back.num, seq, back.company, back.external, back.document, checksum_of(back.num, back.document)),
    )
    _give_keys(connection, restored, merged)
    _give_keys(connection, back, set(extra))
    delete_merge(connection, merge)
    renumber_kept(connection, merge.gone, back.num)
    forget_copies(connection, merge.gone, num)
    for (gone,) in read_rows(connection, "SELECT gone FROM contact_merge WHERE kept = ? ORDER BY id", (num,)):
        copy_pairs(connection, gone, num)
    renumber_pairs(connection, merge.gone, back.num)
    set_status(connection, num, back.num, "open", now)


def _read(connection: SqlConnection, num: int) -> _Stored:
    """A stored contact. Raises StoreDamaged if its document is damaged: a merged document would hide that."""
    sql = "SELECT num, company, external, document, checksum FROM contact WHERE num = ?"
    [(*stored, checksum)] = read_rows(connection, sql, (num,))
    found = _Stored(*stored)
    if is_damaged_document(num, found.document, checksum):
        raise StoreDamaged(connection.database, "contact", num)
    return found


def _former_ids(connection: SqlConnection, num: int) -> list[str]:
    return [id for (id,) in read_rows(connection, "SELECT id FROM former_id WHERE num = ?", (num,))]


def _held(connection: SqlConnection, keys: Collection[Key], num: int) -> set[Key]:
    """Those of the keys that the contact holds."""
    return {key for key, holder in read_keys(connection, hashes_of(list(keys))) if holder == num and key in keys}


def _write_keys(connection: SqlConnection, num: int, put: Collection[Key], removed: Collection[Key]) -> None:
    write_keys(connection, KeyRows(list(put), [num] * len(put)), KeyRows(list(removed), [num] * len(removed)))


def _names_at_addresses(connection: SqlConnection, contact: _Stored, names: Sequence[ContactBody]) -> set[Key]:
    """The shared keys of these names, for the addresses that the contact holds."""
    addresses = _held(connection, personal_keys(contact.body.emails), contact.num)
    return {shared_key(address, one.full_name) for address in addresses for one in names if one.full_name}


def _free(connection: SqlConnection, keys: Set[Key], num: int) -> set[Key]:
    """Those of the keys that no other contact holds."""
    return set(keys).difference(key for key, holder in read_keys(connection, hashes_of(list(keys))) if holder != num)


def _give_keys(connection: SqlConnection, contact: _Stored, merged: Set[Key]) -> None:
    """Give a contact the keys of its own values that no contact holds, and shared keys for the other addresses.

    It keeps the keys `merged` that it has from merges.
    """
    own, num = set(keys_of(contact.body, contact.company)), contact.num
    others = {key for key, holder in read_keys(connection, hashes_of(list(own))) if holder != num}
    put, removed = {key for key in own if key == contact.name_key or key not in others}, set[Key]()
    for address, shared in zip(personal_keys(contact.body.emails), shared_keys(contact.body), strict=False):
        if address not in others:
            removed.add(shared)
        elif shared not in others:
            put.add(shared)
    _write_keys(connection, num, put, removed - merged)


def _update(connection: SqlConnection, numbers: Numbers, contact: _Stored) -> None:
    (seq,) = numbers.take_seqs(1)
    checksum = checksum_of(contact.num, contact.document)
    connection.execute(
        "UPDATE contact SET seq=?, company=?, external=?, digest=NULL, document=?, checksum=? WHERE num=?",
        (seq, contact.company, contact.external, contact.document, checksum, contact.num),
    )


def _company(connection: SqlConnection, numbers: Numbers, company: int) -> int:
    """The company, or the num of no company if it was deleted meanwhile."""
    if company == numbers.no_company or read_rows(connection, "SELECT 1 FROM company WHERE num = ?", (company,)):
        return company
    return no_company(numbers)

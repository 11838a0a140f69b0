"""Undo an import: restore the records that it changed, delete those that it made, and keep what changed since."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Sequence, Set
from typing import Final, Literal, NamedTuple

import msgspec

from letrics.identity.batch_rows import keys_of
from letrics.identity.keys import Key, comparable_name, hashes_of, name_key, personal_keys, shared_keys
from letrics.identity.plan import KeyRows
from letrics.records import MALFORMED, UNREADABLE, Kind, decode_contact
from letrics.store.import_record import Undone
from letrics.store.sql import SqlConnection, read_rows, read_value
from letrics.store.tables.checksums import checksum_of
from letrics.store.tables.company_joins import restore_joined
from letrics.store.tables.company_key_table import restore_company_keys
from letrics.store.tables.deleting import count_contacts, remove_companies, remove_contacts
from letrics.store.tables.journal import drop_journal
from letrics.store.tables.key_table import read_keys, write_keys
from letrics.store.tables.log import Numbers

_CONTACTS_BEFORE: Final = """
SELECT b.num, b.seq, b.company, b.external, b.digest, b.document, c.seq, c.company, c.document,
    o.num IS NOT NULL OR b.company IS NOT DISTINCT FROM (SELECT no_company FROM log)
FROM contact_before AS b JOIN contact AS c ON c.num = b.num LEFT JOIN company AS o ON o.num = b.company
WHERE b.import = ? ORDER BY b.num LIMIT ?
"""
_COMPANIES_BEFORE: Final = """
SELECT b.num, b.seq, b.domain, b.document, c.seq, c.document
FROM company_before AS b JOIN company AS c ON c.num = b.num WHERE b.import = ? ORDER BY b.num LIMIT ?
"""
_NEW: Final = """
SELECT num, seq, document FROM {table} JOIN import_batch ON num >= first_{table} AND num < end_{table}
WHERE import = ? ORDER BY num LIMIT ?
"""


class _Contact(NamedTuple):
    """A contact as it was before the import (`old_…`) and as it is now."""

    num: int
    old_seq: int
    old_company: int
    old_external: int
    old_digest: int | None
    old_document: bytes
    seq: int
    company: int
    document: bytes
    company_exists: int

    def can_be_decoded(self) -> bool:
        """Whether both documents are well-formed. The keys of a malformed one are not known."""
        try:
            decode_contact(self.old_document)
            decode_contact(self.document)
        except UNREADABLE:
            return False
        return True


class Undoing:
    """Undoes an import in steps, each inside a transaction of the caller."""

    def __init__(self, connection: SqlConnection, id: int, numbers: Numbers, limit: int) -> None:
        self._connection = connection
        self._id = id
        self._numbers = numbers
        self._limit = limit
        rows = read_rows(connection, "SELECT first_seq, last_seq FROM import_batch WHERE import = ? ORDER BY 1", (id,))
        self._first = [first for first, _ in rows]
        self._last = [last for _, last in rows]

    def step(self) -> Undone:
        """Undo up to `limit` records: companies that were merged first, then changed contacts, then new ones, then
        companies, which then have none of the import's contacts left."""
        restored, kept = restore_joined(self._connection, self._numbers, self._id, self._is_from_import)
        if restored or kept:
            return Undone(restored=restored, kept=tuple(("companies", id) for id in kept), finished=False)
        for undo in (self._restore_contacts, self._delete_contacts, self._restore_companies, self._delete_companies):
            done = undo()
            if done is not None:
                return done
        drop_journal(self._connection, self._id)
        return Undone()

    def _restore_contacts(self) -> Undone | None:
        rows = read_rows(self._connection, _CONTACTS_BEFORE, (self._id, self._limit))
        if not rows:
            return None
        there = [_Contact(*row) for row in rows]
        restored, kept = list[_Contact](), list[bytes]()
        for one in there:
            if one.company_exists and self._is_from_import(one.seq) and one.can_be_decoded():
                restored.append(one)
            else:
                kept.append(one.document)
        incomplete = self._restore_keys(restored)
        seqs = self._numbers.take_seqs(len(restored))
        self._connection.update(
            "contact",
            ("seq", "external", "digest", "document", "checksum"),
            [
                (
                    seq,
                    one.old_external,
                    None if one.num in incomplete else one.old_digest,
                    one.old_document,
                    checksum_of(one.num, one.old_document),
                    one.num,
                )
                for seq, one in zip(seqs, restored, strict=True)
            ],
        )
        moved = [(one.old_company, one.num) for one in restored if one.old_company != one.company]
        self._connection.update("contact", ("company",), moved)
        self._note_restored(seqs, [one.old_seq for one in restored])
        self._forget("contact_before", [one.num for one in there])
        return Undone(restored=len(restored), kept=_ids("contacts", kept), finished=False)

    def _restore_keys(self, restored: Sequence[_Contact]) -> set[int]:
        """Give contacts the keys of their former state, except those that another contact holds now; returns the nums
        of the contacts that miss one."""
        released, wanted = KeyRows(), dict[Key, int]()
        names, incomplete = KeyRows(), set[int]()
        for one in restored:
            old = decode_contact(one.old_document)
            had, has = _keys(one.old_document, one.old_company), _keys(one.document, one.company)
            for key in has - had:
                released.add(key, one.num)
            for key in set(shared_keys(decode_contact(one.document))).difference(shared_keys(old)):
                released.add(key, one.num)
            name = comparable_name(old)
            name_of = None if name is None else name_key(name, one.old_company)
            for key in had - has:
                if key == name_of:
                    names.add(key, one.num)
                elif wanted.setdefault(key, one.num) != one.num:
                    incomplete.add(one.num)
            self._connection.execute("DELETE FROM former_id WHERE num=? AND id=?", (one.num, old.id))
        write_keys(self._connection, KeyRows(), released)
        held = dict(read_keys(self._connection, hashes_of(list(wanted))))
        for key, num in wanted.items():
            if held.get(key, num) == num:
                names.add(key, num)
            else:
                incomplete.add(num)
        write_keys(self._connection, names, KeyRows())
        self._share({one.num for one in restored if one.old_digest is None} | incomplete, restored)
        return incomplete

    def _share(self, nums: Set[int], restored: Sequence[_Contact]) -> None:
        """Give the contacts with these nums shared keys for the addresses that another contact holds now."""
        contacts = {one.num: decode_contact(one.old_document) for one in restored if one.num in nums}
        addresses = [key for contact in contacts.values() for key in personal_keys(contact.emails)]
        held = dict(read_keys(self._connection, hashes_of(addresses)))
        put = KeyRows()
        for num, contact in contacts.items():
            for address, key in zip(personal_keys(contact.emails), shared_keys(contact), strict=False):
                if held.get(address, num) != num and held.setdefault(key, num) == num:
                    put.add(key, num)
        write_keys(self._connection, put, KeyRows())

    def _delete_contacts(self) -> Undone | None:
        rows = self._new("contact")
        if not rows:
            return None
        gone = [num for num, seq, _ in rows if self._is_from_import(seq)]
        kept = [document for _, seq, document in rows if not self._is_from_import(seq)]
        remove_contacts(self._connection, self._numbers, gone)
        return Undone(deleted=len(gone), kept=_ids("contacts", kept), finished=False)

    def _restore_companies(self) -> Undone | None:
        rows = read_rows(self._connection, _COMPANIES_BEFORE, (self._id, self._limit))
        if not rows:
            return None
        restored = [row for row in rows if self._is_from_import(row[4])]
        kept = [row[5] for row in rows if not self._is_from_import(row[4])]
        seqs = self._numbers.take_seqs(len(restored))
        self._connection.update(
            "company",
            ("seq", "domain", "document", "checksum"),
            [
                (seq, domain, document, checksum_of(num, document), num)
                for seq, (num, _, domain, document, _, _) in zip(seqs, restored, strict=True)
            ],
        )
        restore_company_keys(self._connection, [(row[0], row[3], row[5]) for row in restored])
        self._note_restored(seqs, [row[1] for row in restored])
        self._forget("company_before", [row[0] for row in rows])
        return Undone(restored=len(restored), kept=_ids("companies", kept), finished=False)

    def _note_restored(self, seqs: Sequence[int], former: Sequence[int]) -> None:
        """Note that the states at `seqs` are those at the `former` ones."""
        self._connection.insert("restored", ("seq", "former"), zip(seqs, former, strict=True))

    def _forget(self, table: str, nums: Sequence[int]) -> None:
        """Delete states of the journal that were treated."""
        self._connection.delete_rows(table, ("import", "num"), [(self._id, num) for num in nums])

    def _delete_companies(self) -> Undone | None:
        rows = self._new("company")
        if not rows:
            return None
        used = count_contacts(self._connection, [num for num, _, _ in rows])
        gone = [num for num, seq, _ in rows if num not in used and self._is_from_import(seq)]
        kept = [document for num, seq, document in rows if num in used or not self._is_from_import(seq)]
        remove_companies(self._connection, self._numbers, gone)
        return Undone(deleted=len(gone), kept=_ids("companies", kept), finished=False)

    def _new(self, table: Literal["contact", "company"]) -> list[tuple[int, int, bytes]]:
        """The next records of a table that the import made, without those that were treated before."""
        rows = read_rows(self._connection, _NEW.format(table=table), (self._id, self._limit))
        if rows:
            self._connection.execute(
                f"UPDATE import_batch SET first_{table} = ?1 WHERE import = ?2 AND first_{table} < ?1",  # noqa: S608
                (rows[-1][0] + 1, self._id),
            )
        return rows

    def _is_from_import(self, seq: int) -> bool:
        """Whether the import made the state that a record has at this seq."""
        while True:
            place = bisect_left(self._last, seq)
            if place < len(self._last) and self._first[place] < seq:
                return True
            former = read_value(self._connection, "SELECT former FROM restored WHERE seq = ?", (seq,))
            if former is None:
                return False
            seq = former


def _keys(document: bytes, company: int) -> set[Key]:
    return set(keys_of(decode_contact(document), company))


def _ids(kind: Kind, documents: Sequence[bytes]) -> tuple[tuple[Kind, str], ...]:
    return tuple((kind, _id(document)) for document in documents)


def _id(document: bytes) -> str:
    """The id in a document, which may be malformed otherwise."""
    try:
        return str(msgspec.json.decode(document)["id"])
    except MALFORMED:
        return "?"

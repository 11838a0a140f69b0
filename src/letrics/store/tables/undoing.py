"""Undo an import: restore the records that it changed, delete those that it made, and keep what changed since."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Sequence, Set
from typing import Final, Literal

import msgspec

from letrics.records import MALFORMED, Kind
from letrics.store.import_record import Undone
from letrics.store.sql import SqlConnection, read_rows
from letrics.store.tables.checksums import checksum_of
from letrics.store.tables.company_joins import restore_joined
from letrics.store.tables.company_key_table import CompanyStates, restore_company_keys
from letrics.store.tables.company_table import find_companies
from letrics.store.tables.deleting import count_contacts, remove_companies, remove_contacts
from letrics.store.tables.former_states import COMPANY_STATE, CONTACT_STATE, DROPPED, FormerState, delete_states
from letrics.store.tables.import_batches import begin_batches_at, read_spans, verify_batches
from letrics.store.tables.journal import drop_journal
from letrics.store.tables.log import Numbers
from letrics.store.tables.merged_companies import verify_merged_companies
from letrics.store.tables.restored_contact import RestoredContact
from letrics.store.tables.restored_keys import restore_keys
from letrics.store.tables.restored_states import former_seq, note_restored, verify_restored

_CONTACTS_BEFORE: Final = f"""
SELECT c.seq, c.company, c.digest, c.document,
    o.num IS NOT NULL OR b.company IS NOT DISTINCT FROM (SELECT no_company FROM log), {CONTACT_STATE}
FROM contact_before AS b JOIN contact AS c ON c.num = b.num LEFT JOIN company AS o ON o.num = b.company
WHERE b.import = ?
"""  # noqa: S608
_COMPANIES_BEFORE: Final = f"""
SELECT c.seq, c.document, {COMPANY_STATE}
FROM company_before AS b JOIN company AS c ON c.num = b.num WHERE b.import = ?
"""  # noqa: S608
_NEXT: Final = "ORDER BY b.num LIMIT ?"
_AMONG: Final = "AND b.num IN (SELECT value FROM carray(?) AS a) ORDER BY b.num"
_NEW: Final = """
SELECT num, seq, document FROM {table} JOIN import_batch ON num >= first_{table} AND num < end_{table}
WHERE import = ? ORDER BY num LIMIT ?
"""


def verify_journal(connection: SqlConnection, id: int) -> None:
    """Raise StoreDamaged if what decides which records an undo restores is damaged. Reads all of it, so it is called
    once for an undo."""
    verify_batches(connection, id)
    verify_restored(connection)
    verify_merged_companies(connection)


class Undoing:
    """Undoes an import in steps, each inside a transaction of the caller."""

    def __init__(self, connection: SqlConnection, id: int, numbers: Numbers, limit: int) -> None:
        self._connection = connection
        self._id = id
        self._numbers = numbers
        self._limit = limit
        rows = read_spans(connection, id)
        self._first = [first for first, _ in rows]
        self._last = [last for _, last in rows]

    def step(self) -> Undone:
        """Undo up to `limit` records: companies that were merged first, then contacts, then companies, which then have
        none of the import's contacts left. New records come before changed ones, for which their keys are free then."""
        joined = restore_joined(self._connection, self._numbers, self._id, self._is_from_import)
        if joined.restored or joined.kept:
            return joined
        for undo in (self._delete_contacts, self._restore_contacts, self._delete_companies, self._restore_companies):
            done = undo()
            if done is not None:
                return done
        lost = self._states_of_no_record()
        drop_journal(self._connection, self._id)
        return Undone(kept=lost, damaged=lost)

    def _restore_contacts(self) -> Undone | None:
        contacts = self._changed_contacts(_NEXT, self._limit)
        if not contacts:
            return None
        restored, kept, damaged = list[RestoredContact](), list[bytes](), list[bytes]()
        for contact in contacts:
            if contact.former is None:
                damaged.append(contact.document)
            elif self._will_be_restored(contact):
                restored.append(contact)
            else:
                kept.append(contact.document)
        incomplete = restore_keys(self._connection, restored, self._pending_contacts)
        seqs = self._numbers.take_seqs(len(restored))
        self._connection.update(
            "contact",
            ("seq", "external", "digest", "document", "checksum"),
            [
                (
                    seq,
                    one.old.external,
                    None if one.num in incomplete else one.old.digest,
                    one.old.document,
                    checksum_of(one.num, one.old.document),
                    one.num,
                )
                for seq, one in zip(seqs, restored, strict=True)
            ],
        )
        moved = [(one.old.company, one.num) for one in restored if one.old.company != one.company]
        self._connection.update("contact", ("company",), moved)
        self._note_restored(seqs, [one.old.seq for one in restored])
        delete_states(self._connection, "contact", self._id, [contact.num for contact in contacts])
        return _undone("contacts", len(restored), kept, damaged)

    def _changed_contacts(self, rest: str, value: object) -> list[RestoredContact]:
        """Contacts that the import changed and that no step has processed, by the `rest` of the query."""
        return list(map(RestoredContact.of, read_rows(self._connection, _CONTACTS_BEFORE + rest, (self._id, value))))

    def _will_be_restored(self, contact: RestoredContact) -> bool:
        return contact.former is not None and contact.company_exists and self._is_from_import(contact.seq)

    def _pending_contacts(self, nums: Set[int]) -> list[RestoredContact]:
        found = self._changed_contacts(_AMONG, self._connection.ints(sorted(nums))) if nums else []
        return list(filter(self._will_be_restored, found))

    def _delete_contacts(self) -> Undone | None:
        rows = self._new("contact")
        if not rows:
            return None
        gone = [num for num, seq, _ in rows if self._is_from_import(seq)]
        kept = [document for _, seq, document in rows if not self._is_from_import(seq)]
        remove_contacts(self._connection, self._numbers, gone)
        return Undone(deleted=len(gone), kept=_ids("contacts", kept), finished=False)

    def _restore_companies(self) -> Undone | None:
        states = self._changed_companies(_NEXT, self._limit)
        if not states:
            return None
        # Those that were merged are there again, but another company of the import may have had their keys until now.
        apart = {old.num for seq, _, old in states if self._is_restored(seq, old)}
        restored, kept, damaged = self._classify([state for state in states if state[2].num not in apart])
        seqs = self._numbers.take_seqs(len(restored))
        self._connection.update(
            "company",
            ("seq", "domain", "document", "checksum"),
            [
                (seq, old.id, old.document, checksum_of(old.num, old.document), old.num)
                for seq, (old, _) in zip(seqs, restored, strict=True)
            ],
        )
        documents = [(old.num, old.document, document) for old, document in restored]
        documents += [(old.num, old.document, document) for _, document, old in states if old.num in apart]
        restore_company_keys(self._connection, documents, self._pending_companies)
        self._note_restored(seqs, [old.seq for old, _ in restored])
        delete_states(self._connection, "company", self._id, [state.num for *_, state in states])
        return _undone("companies", len(restored), kept, damaged)

    def _changed_companies(self, rest: str, value: object) -> list[tuple[int, bytes, FormerState]]:
        """The seq and document of companies that the import changed and that no step has processed, and their former
        states, by the `rest` of the query."""
        rows = read_rows(self._connection, _COMPANIES_BEFORE + rest, (self._id, value))
        return [(seq, document, FormerState("company", *state)) for seq, document, *state in rows]

    def _classify(
        self, states: Sequence[tuple[int, bytes, FormerState]]
    ) -> tuple[list[tuple[FormerState, bytes]], list[bytes], list[bytes]]:
        """The former states to restore, each with the present document, and the documents of companies that have
        changed since, and of those whose state is damaged."""
        restored, kept, damaged = list[tuple[FormerState, bytes]](), list[bytes](), list[bytes]()
        # Another company has the id of a former state only after damage.
        holders = dict(find_companies(self._connection, "domain, num", {former.id for *_, former in states}))
        for seq, document, former in states:
            if not former.is_usable() or holders.get(former.id, former.num) != former.num:
                damaged.append(document)
            elif self._is_from_import(seq):
                restored.append((former, document))
            else:
                kept.append(document)
        return restored, kept, damaged

    def _pending_companies(self, nums: Set[int]) -> list[CompanyStates]:
        found = self._changed_companies(_AMONG, self._connection.ints(sorted(nums))) if nums else []
        return [(old.num, old.document, document) for old, document in self._classify(found)[0]]

    def _states_of_no_record(self) -> tuple[tuple[Kind, str], ...]:
        """The ids in the states that are left because no record has their num, which only damage does."""
        sql = "SELECT document FROM {table}_before WHERE import = ? AND document <> ?"
        contacts, companies = (
            [document for (document,) in read_rows(self._connection, sql.format(table=table), (self._id, DROPPED))]
            for table in ("contact", "company")
        )
        return _ids("contacts", contacts) + _ids("companies", companies)

    def _note_restored(self, seqs: Sequence[int], former: Sequence[int]) -> None:
        """Note that the states at `seqs` are those at the `former` ones."""
        note_restored(self._connection, zip(seqs, former, strict=True))

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
        """The next records of a table that the import made, without those that were processed before."""
        rows = read_rows(self._connection, _NEW.format(table=table), (self._id, self._limit))
        if rows:
            begin_batches_at(self._connection, self._id, table, rows[-1][0] + 1)
        return rows

    def _is_from_import(self, seq: int) -> bool:
        """Whether the import made the state that a record has at this seq."""
        while not self._is_in_batch(seq):
            former = former_seq(self._connection, seq)
            if former is None:
                return False
            seq = former
        return True

    def _is_in_batch(self, seq: int) -> bool:
        place = bisect_left(self._last, seq)
        return place < len(self._last) and self._first[place] < seq

    def _is_restored(self, seq: int, old: FormerState) -> bool:
        """Whether the state at a seq is this former one, restored by this undo. Most states are of a batch: those need
        no query."""
        return not self._is_in_batch(seq) and former_seq(self._connection, seq) == old.seq


def _undone(kind: Kind, restored: int, kept: Sequence[bytes], damaged: Sequence[bytes]) -> Undone:
    """The effect of a step that restored records; the documents are those of the records that it kept."""
    others = _ids(kind, damaged)
    return Undone(restored=restored, kept=_ids(kind, kept) + others, damaged=others, finished=False)


def _ids(kind: Kind, documents: Sequence[bytes]) -> tuple[tuple[Kind, str], ...]:
    return tuple((kind, _id(document)) for document in documents)


def _id(document: bytes) -> str:
    """The id in a document, which may be malformed otherwise."""
    try:
        return str(msgspec.json.decode(document)["id"])
    except MALFORMED:
        return "?"

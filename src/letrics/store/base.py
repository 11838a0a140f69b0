"""The interface of a log store.

Each record has a `num` and a `seq`. The `num` is its permanent number: dense from 0, one counter per kind, never
reused. The `seq` is the number of its latest change: one counter for the whole log, from 1. A batch of changes is one
transaction: readers see all of it or none of it.
"""

from __future__ import annotations

from array import array
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, field
from types import TracebackType
from typing import Any, Protocol, Self

from letrics.identity.encoded_patches import AnyPatch, EncodedCompany, EncodedContact
from letrics.identity.keys import Key
from letrics.identity.patches import CompanyPatch, ContactPatch, Tally
from letrics.plurals import counted
from letrics.records import Kind
from letrics.store.duplicate_record import Duplicate, DuplicateStatus
from letrics.store.forgotten_list import Erasures, Forgotten, ForgottenDay, ForgottenList
from letrics.store.import_record import ImportEffect, ImportRecord, ImportStart, ImportStatus, Undone
from letrics.store.name_changes import Judge
from letrics.store.upserting import Upserted


@dataclass(frozen=True, slots=True)
class Position:
    """A position of a log: the log's id, its last `seq` (0 if empty) and the id of the batch that wrote it."""

    log: str
    seq: int
    batch: str


@dataclass(frozen=True, slots=True)
class Changes:
    """The changes in a range of the log that ends at a batch boundary.

    They are the latest state of each changed record, in order of `num`, and the nums of deleted records. The document
    of a contact is a ContactBody; `contact_companies` has the num of its company. For a contact without a company that
    is a num which no company has. A document that is not what was written is empty.
    """

    position: Position
    company_nums: Sequence[int] = ()
    company_documents: Sequence[bytes] = ()
    contact_nums: Sequence[int] = ()
    contact_companies: Sequence[int] = ()
    contact_documents: Sequence[bytes] = ()
    deleted_companies: Sequence[int] = ()
    deleted_contacts: Sequence[int] = ()


@dataclass(frozen=True, slots=True)
class Counts:
    """The number of records and the next num of each kind. All nums are below the next one; deletions leave gaps."""

    companies: int
    contacts: int
    next_company: int
    next_contact: int


@dataclass(frozen=True, slots=True)
class StoreDescription:
    """A log as of its `position`: its records, the time of its last change in milliseconds since 1970 (None if there is
    none, or if an earlier version of the program did not note it), and its size on disk."""

    position: Position
    counts: Counts
    changed_ms: int | None
    bytes: int


@dataclass(frozen=True, slots=True)
class StoredRecord:
    """One record: its num and its document as the API returns it (a contact's includes its company)."""

    num: int
    document: bytes
    contacts: int = field(default=0)
    """Number of contacts of a company; 0 for a contact."""
    malformed: bool = field(default=False)
    """Whether the document is not what was written, or no JSON object, so that it cannot be sent."""


@dataclass(frozen=True, slots=True)
class FoundDocuments:
    """The `documents` of records that an engine found, in their order; None for a deleted or malformed one, which
    is also one that is not what was written.

    `changed` are the places in `documents` of those that changed since the engine's position, or whose company did.
    `malformed` names those that are not deleted, by their num and, if it can be read, their id.
    """

    documents: list[bytes | None]
    changed: Sequence[int] = ()
    malformed: Sequence[str] = ()


@dataclass(frozen=True, slots=True)
class Deleted:
    """The effect of a deletion.

    `records` is the number of records removed, including the contacts of removed companies. `changed` has the nums of
    requested records that the store kept because they had changed since the given position.
    """

    records: int = 0
    changed: tuple[int, ...] = ()


class HasContacts(ValueError):
    """A company cannot be deleted alone because it has contacts; `contacts` is their number."""

    def __init__(self, id: str, contacts: int) -> None:
        self.id = id
        self.contacts = contacts
        some = counted(contacts, "contact")
        super().__init__(f"{id} still has {some}: delete them first, or together with the company")


class StoreTooNew(Exception):
    """The database was written by a newer version of this program."""


class StoreAway(Exception):
    """The database is unavailable: disk full, no permission, locked for too long, connection lost."""


class StoreCorrupt(StoreAway):
    """The file of the database, or a value in it, is damaged."""


class StoreDamaged(StoreAway):
    """A row of the database cannot be what was written, and the operation needs it. `key` identifies the row, `effect`
    is a sentence about what would happen with it, without a full stop."""

    def __init__(self, database: str, table: str, key: object, effect: str = "") -> None:
        self.table = table
        self.key = key
        super().__init__(
            f"{database} is damaged: the row {key} of the table {table} is not one that this program wrote. "
            f"{effect}{'. ' if effect else ''}Run `letrics check`, which lists all damage, then restore a backup, "
            "or repair it with `letrics check --repair`"
        )


class StoreReplaced(StoreAway):
    """The database is no longer the same one: its file was removed or replaced, or its log has never been at a position
    that the caller knows."""


class StoreRemoved(StoreReplaced):
    """There is no file at the database's path any more.

    Keep the connection: the file may come back. If another file takes its place, the connection knows which write-ahead
    log must not be opened with that file.
    """


class Reader(Protocol):
    """The read operations of a log, for one thread at a time. Every method may raise StoreAway."""

    def documents(self, kind: Kind, nums: Sequence[int], known_at: Position | None = None) -> list[bytes | None]:
        """The documents of these records as the API returns them, in the order of `nums`; None for a deleted record and
        for one whose document is malformed or not what was written.

        A num is meaningful only in the log it comes from: raises StoreReplaced if the log has never been at the
        position `known_at`.
        """
        ...

    def found_documents(self, kind: Kind, nums: Sequence[int], found_at: Position | None) -> FoundDocuments:
        """The documents of records that an engine found at the position `found_at`, and which of them changed since.

        The same as `documents`, which also says when it raises StoreReplaced. Without a position nothing is known to
        have changed.
        """
        ...

    def find(self, kind: Kind, id: str) -> StoredRecord | None:
        """The record with this id: for a company its domain (ASCII), its id or a former id, for a contact its id or a
        former id."""
        ...

    def position(self) -> Position:
        """The current position of the log."""
        ...

    def has_batch(self, position: Position) -> bool:
        """Whether this log is or has been at `position`."""
        ...

    def counts(self) -> Counts:
        """The number of records and the next nums."""
        ...

    def describe(self) -> StoreDescription:
        """Describe the log."""
        ...

    def digests(self, keys: Collection[Key]) -> dict[int, int]:
        """The digests of the contacts that hold one of `keys`: row digest → num of its contact.

        A digest says that the row changes nothing as long as the contact still has it. It may be out of date as soon as
        it is returned, so the writer checks it again. Contacts whose digest is not stored are omitted.
        """
        ...

    def preview_companies(self, patches: Sequence[CompanyPatch | EncodedCompany], judge: Judge | None = None) -> Tally:
        """Count what `put_companies` would do, without writing. `judge` is called with the changes of names."""
        ...

    def preview_contacts(
        self, patches: Sequence[ContactPatch | EncodedContact | EncodedCompany], judge: Judge | None = None
    ) -> Tally:
        """Count what `put_contacts` would do, without writing. `judge` is called with the changes of names."""
        ...

    def find_people(self, identity: str) -> list[int]:
        """The nums of the contacts with this email address, LinkedIn profile or id, ascending.

        Raises ValueError for an address that is invalid or that of a role, and for a page that is no profile.
        """
        ...

    def imports_of(self, num: int) -> list[tuple[int, ImportEffect]]:
        """The ids of the imports that made or changed the contact, ascending, as far as they can still be undone."""
        ...

    def former_ids(self, num: int) -> list[str]:
        """The ids that the contact had before, and those of contacts merged into it."""
        ...

    def mentions_forgotten(self, texts: Sequence[str]) -> list[bool]:
        """Whether each text has the address or the LinkedIn profile of a person who was forgotten."""
        ...

    def forgotten_days(self) -> list[ForgottenDay]:
        """How many people of the list of forgotten ones were forgotten on which day, the last day first."""
        ...

    def erasures(self) -> Erasures:
        """Up to where in the log people were forgotten and records deleted."""
        ...

    def imports(self, limit: int = 100, before: int | None = None, upserts: bool = True) -> list[ImportRecord]:
        """The imports, newest first: at most `limit`, of those with an id below `before`. Those of upserts are left out
        if `upserts` is false."""
        ...

    def find_import(self, id: int) -> ImportRecord:
        """The import with this id. Raises UnknownImport."""
        ...

    def close(self) -> None: ...


class Documents(Protocol):
    """What a server process reads of a log, as coroutines: a store on another machine must not stop the event loop.

    The methods are those of Reader, and raise the same errors.
    """

    async def found_documents(self, kind: Kind, nums: Sequence[int], found_at: Position | None) -> FoundDocuments:
        """See Reader."""
        ...

    async def find(self, kind: Kind, id: str) -> StoredRecord | None:
        """See Reader."""
        ...

    async def has_batch(self, position: Position) -> bool:
        """See Reader."""
        ...

    async def describe(self) -> StoreDescription:
        """See Reader."""
        ...


class Store(Reader, Protocol):
    """One connection to a log store, used by one thread at a time. The end of a `with` block closes it.

    Every method may raise StoreAway.
    """

    def __enter__(self) -> Self: ...

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None: ...

    def put_companies(
        self,
        patches: Sequence[CompanyPatch | EncodedCompany],
        of_import: int | None = None,
        judge: Judge | None = None,
    ) -> Tally:
        """Upsert companies as one batch. A patch that changes nothing takes no seq. Several patches may name the same
        company. The batch is part of the import `of_import`; raises UnknownImport.

        `judge` is called with the changes of names before the batch is committed. If it raises, nothing is stored.
        """
        ...

    def put_contacts(
        self,
        patches: Sequence[AnyPatch],
        of_import: int | None = None,
        judge: Judge | None = None,
    ) -> Tally:
        """Upsert contacts as one batch. The identity rules find the contact of each patch.

        An encoded company is a row that identifies a company and no person.

        A company that is not stored is created with its domain alone. The batch is part of the import `of_import`;
        raises UnknownImport. `judge` is that of `put_companies`, and is called for the contacts and for their
        companies.
        """
        ...

    def upsert(
        self,
        start: ImportStart,
        patches: Sequence[CompanyPatch | EncodedCompany | ContactPatch | EncodedContact],
        report: dict[str, Any],
    ) -> Upserted:
        """Upsert records of the kind of `start` as one batch, and report what became of each.

        If the batch changes something, it is a separate import with this report, which can be undone.
        """
        ...

    def start_import(self, start: ImportStart) -> int:
        """Add a running import; returns its id. Ids count from 1."""
        ...

    def update_import(self, id: int, status: ImportStatus, report: dict[str, Any] | None = None) -> None:
        """Set the status of an import, and its report unless it is None. Raises UnknownImport."""
        ...

    def undo_import(self, id: int, limit: int = 10_000) -> Undone:
        """Undo up to `limit` records of an import, as one batch: call it until it is `finished`.

        Records that the import changed get their former state, those that it made are deleted. A record that something
        else changed since stays as it is, and so do a new company with other contacts and a record whose former state
        is damaged. The state that the undoing of a later import restored counts as the one before that import. Raises
        UnknownImport and NotUndoable.
        """
        ...

    def duplicates(
        self, status: DuplicateStatus = "open", limit: int = 100, after: int = 0, skip: int = 0
    ) -> list[Duplicate]:
        """Pairs of contacts that may be one person, in order of id, of those with an id above `after`, without the
        first `skip`. Merged pairs, of which the merge can be undone, begin with the latest merge.

        Deleting a contact deletes its pairs. A pair that is dismissed stays so when it is found again.
        """
        ...

    def count_duplicates(self, status: DuplicateStatus = "open") -> int:
        """The number of pairs with this status."""
        ...

    def find_duplicate(self, id: int) -> Duplicate:
        """The pair with this id, whatever its status. Raises UnknownPair."""
        ...

    def dismiss_duplicate(self, some: str, other: str) -> None:
        """Note that two contacts, given by id, are different persons. Raises UnknownContact and NoPair."""
        ...

    def merge_contacts(self, kept: str, other: str) -> None:
        """Merge two contacts, given by id, into the first: it gets the values that it did not have, and the ids and
        keys of the other one, which is deleted. The pair is added if it is not there. Raises UnknownContact and
        NoPair."""
        ...

    def undo_duplicate(self, some: str, other: str) -> None:
        """List two contacts, given by id, as possible duplicates again, and undo their merge if they were merged.

        The contact that was deleted is added again, with its id. Values of the other one that changed since the merge
        stay. Raises UnknownContact, and NoPair also if the states before the merge are damaged.
        """
        ...

    def delete(
        self, kind: Kind, nums: Sequence[int], with_contacts: bool = False, judged_at: Position | None = None
    ) -> Deleted:
        """Delete records and write tombstones, as one batch.

        With `judged_at`, a record is deleted only if it has not changed since that position of the log. A change of a
        company also counts as a change of its contacts. A contact that was added, updated or moved to a company counts
        as a change of the company. Raises StoreReplaced if the log has never been at that position. Raises HasContacts
        if a company has contacts, unless `with_contacts` is true.
        """
        ...

    def delete_id(
        self, kind: Kind, id: str, with_contacts: bool = False, known_at: Position | None = None
    ) -> int | None:
        """Delete the record that `find` would return; the lookup is part of the transaction.

        Returns the number of deleted records, or None if there is no such record. Raises HasContacts as `delete` does,
        and StoreReplaced if the log has never been at the position `known_at`.
        """
        ...

    def forget(self, nums: Sequence[int], identities: Sequence[str] = ()) -> Forgotten:
        """Delete contacts as one batch, with all that the database has of these people, and remember keyed hashes of
        what identifies them: rows of such a person are not stored, and are counted as `forgotten`.

        `identities`, as of `find_people`, are remembered, too, also if no contact has them. Of a company that has the
        address of such a person, the address is removed.
        """
        ...

    def forget_id(self, id: str, known_at: Position | None = None) -> Forgotten | None:
        """Forget the person of the contact that `find` would return; the lookup is part of the transaction.

        Returns None if there is none. Raises StoreReplaced if the log has never been at the position `known_at`.
        """
        ...

    def allow(self, identities: Sequence[str]) -> int:
        """Remove people with these identities, as of `find_people`, from the list of forgotten ones, so that rows of
        them are stored again; returns the number of people."""
        ...

    def forgotten_list(self) -> ForgottenList:
        """The list of forgotten people, for a store that is restored from a backup."""
        ...

    def merge_forgotten(self, other: ForgottenList) -> Forgotten:
        """Add the people of a list to that of this store, and forget the ones that are stored. Reads all contacts."""
        ...

    def settle_erasure(self) -> bool:
        """Erase deleted data from the files of the database, as far as it can be done while they are in use.

        Returns False if a reader prevented it: call it again.
        """
        ...

    def contacts_of(self, companies: Sequence[int]) -> tuple[array[int], array[int]]:
        """The contacts of these companies: the num of the company of each, in no order, and its own num."""
        ...

    def changes(self, after: int, limit: int) -> Changes | None:
        """The changes after seq `after`: whole batches with about `limit` changes in total, at least one batch.

        Returns None if nothing changed. Raises LookupError if tombstones after `after` are no longer stored; the caller
        must then start over with `scan`.
        """
        ...

    def scan(self, size: int, share: tuple[int, int] = (0, 1)) -> Iterator[Changes]:
        """Read the whole log as of the first step of the iterator.

        Yields parts of `size` records in order of num, all companies first. Every part has the same position. `share`
        is (index, number of shares), for reading in parallel: the shares take about the same time to read, each has
        higher contact nums than the one before, and the first one has all companies.
        """
        ...

    def integrity(self) -> list[str]:
        """Descriptions of all faults of the database; empty if there are none. Reads the whole database."""
        ...

    def follow(self, name: str, seq: int) -> None:
        """Record that follower `name` has applied the log up to `seq`. Tombstones above it stay stored, for at most 7
        days after the follower's last call."""
        ...

    def acquire_lease(self, name: str, holder: str, seconds: float) -> bool:
        """Take the lease `name` for `seconds`, or extend it, unless another holder has it. Returns whether `holder` has
        it now.

        A lease elects one of several processes, such as the follower that feeds a shared index. The clock is that of
        the database.
        """
        ...

    def release_lease(self, name: str, holder: str) -> None:
        """End the lease if `holder` has it."""
        ...

"""The seam every log store stands behind, and the patches by which records are written.

Each record has a `num`, its lasting place (dense from 0, one counter a kind, never reused), and a `seq`, the number of
its latest change (one counter for the whole log, from 1). A batch of changes is one transaction: all of it is seen, or
none.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Protocol

import msgspec
from msgspec import UNSET, UnsetType

from letrics.plurals import counted
from letrics.records import Email, Kind, Place

if TYPE_CHECKING:
    from letrics.store.packed import Again, Claim, PackedCompany, PackedContact


class CompanyPatch(msgspec.Struct, frozen=True, kw_only=True):
    """What is said of a company, every value normalised. UNSET keeps what was known; None or () clears it.

    `tld` and `id` follow from the domain and are not given. `updated_at` counts only for a record that is new.
    """

    domain: str
    name: str | UnsetType | None = UNSET
    website: str | UnsetType | None = UNSET
    description: str | UnsetType | None = UNSET
    locations: tuple[Place, ...] | UnsetType = UNSET
    functions: tuple[str, ...] | UnsetType = UNSET
    industries: tuple[str, ...] | UnsetType = UNSET
    technologies: tuple[str, ...] | UnsetType = UNSET
    emails: tuple[Email, ...] | UnsetType = UNSET
    linkedin_url: str | UnsetType | None = UNSET
    employees: int | UnsetType | None = UNSET
    founded_year: int | UnsetType | None = UNSET
    first_seen_at: str | UnsetType = UNSET
    added_at: str | UnsetType = UNSET
    updated_at: str | UnsetType = UNSET


class ContactPatch(msgspec.Struct, frozen=True, kw_only=True):
    """What is said of a contact. `external_id` is as it will be answered (`NAME:id` with a source); `company` is the
    registrable domain, or the patch of the company when the row says more of it."""

    company: str | CompanyPatch
    external_id: str | None = None
    first_name: str | UnsetType | None = UNSET
    last_name: str | UnsetType | None = UNSET
    full_name: str | UnsetType | None = UNSET
    job_title: str | UnsetType | None = UNSET
    department: str | UnsetType | None = UNSET
    seniority: str | UnsetType | None = UNSET
    is_decision_maker: bool | UnsetType | None = UNSET
    emails: tuple[Email, ...] | UnsetType = UNSET
    linkedin_url: str | UnsetType | None = UNSET
    phone: str | UnsetType | None = UNSET
    added_at: str | UnsetType = UNSET
    updated_at: str | UnsetType = UNSET


@dataclass(slots=True)
class Tally:
    """What a batch did, in records. `companies_*` of a contact batch counts companies its rows created or changed.
    `conflicts` counts keys (LinkedIn URL, email) that stayed with the contact that had them first."""

    new: int = 0
    changed: int = 0
    unchanged: int = 0
    companies_new: int = 0
    companies_changed: int = 0
    conflicts: int = 0

    def add(self, other: Tally) -> None:
        for name in self.__slots__:
            setattr(self, name, getattr(self, name) + getattr(other, name))


@dataclass(frozen=True, slots=True)
class Position:
    """Where a log stands: the log's own id, its last `seq` (0 when empty) and the id of the batch that wrote it."""

    log: str
    seq: int
    batch: str


@dataclass(frozen=True, slots=True)
class Changes:
    """Every change in a range of the log that ends with a whole batch: the latest state of each record changed, in
    order of `num`, and the nums deleted. Documents of contacts are ContactBody; `contact_companies` gives the company
    num of each."""

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
    """How many records there are, and the next num of each kind (nums run below it, with holes where deleted)."""

    companies: int
    contacts: int
    next_company: int
    next_contact: int


@dataclass(frozen=True, slots=True)
class Found:
    """One record: its num and its document as it is sent (a contact's with its company)."""

    num: int
    document: bytes
    contacts: int = field(default=0)
    """Of a company: how many contacts it has."""


@dataclass(frozen=True, slots=True)
class Deleted:
    """What a deletion did: how many records it removed, the contacts of companies included, and the nums of those
    asked that it left because they had changed since they were judged."""

    records: int = 0
    changed: tuple[int, ...] = ()


class HasContacts(ValueError):
    """A company that was to be deleted without its contacts has `contacts` of them."""

    def __init__(self, domain: str, contacts: int) -> None:
        self.domain = domain
        self.contacts = contacts
        some = counted(contacts, "contact")
        super().__init__(f"{domain} still has {some}: delete them first, or with it")


class StoreTooNew(Exception):
    """The database was written by a newer version of this program."""


class StoreAway(Exception):
    """The database cannot be reached or written: disk full, permission, locked for too long, connection lost."""


class StoreReplaced(StoreAway):
    """The database is not the one it was: it was removed, another file was put in its place, or it never was at a
    position where it should have been."""


class StoreRemoved(StoreReplaced):
    """Nothing lies at the database's path any more. Keep the connection: its file may come back, and when another one
    comes, the connection knows which write-ahead log must not be opened with that."""


class Reader(Protocol):
    """What requests read of a log, by one thread at a time. Every method may raise StoreAway."""

    def documents(self, kind: Kind, nums: Sequence[int], known_at: Position | None = None) -> list[bytes | None]:
        """Documents as they are sent, in the order asked; None where a record is gone. A num means something only in
        the log it is from: raises StoreReplaced where the log never was at the position `known_at`."""
        ...

    def find(self, kind: Kind, id: str) -> Found | None:
        """The record with this id (a company: its domain, ASCII; a contact: its id or a former one)."""
        ...

    def position(self) -> Position:
        """Where the log stands now."""
        ...

    def has_batch(self, position: Position) -> bool:
        """Whether `position` was ever a position of this very log."""
        ...

    def counts(self) -> Counts:
        """How many records there are."""
        ...

    def close(self) -> None: ...


class Store(Reader, Protocol):
    """One connection to a log store, used by one thread at a time. Every method may raise StoreAway."""

    def put_companies(self, patches: Sequence[CompanyPatch | PackedCompany]) -> Tally:
        """Upsert, as one batch. A patch that changes nothing takes no seq. The same company may occur repeatedly."""
        ...

    def put_contacts(
        self, patches: Sequence[ContactPatch | PackedContact | Claim], again: Again | None = None
    ) -> Tally:
        """Upsert, as one batch, each contact found by the rules of identity; unknown companies are created bare.
        `again` must be given where there are claims."""
        ...

    def delete(
        self, kind: Kind, nums: Sequence[int], with_contacts: bool = False, judged_at: Position | None = None
    ) -> Deleted:
        """Delete records and leave tombstones, as one batch.

        With `judged_at` a record is deleted only if it has not changed since that position of the log. A contact
        changes with its company, and a company changes with its contacts: one of them was added, updated or moved to
        it. Raises StoreReplaced where the log never was at that position, and HasContacts where a company has contacts,
        unless `with_contacts`."""
        ...

    def delete_id(
        self, kind: Kind, id: str, with_contacts: bool = False, known_at: Position | None = None
    ) -> int | None:
        """Delete the record that `find` would return, looked up inside the same transaction; returns how many records
        were deleted, None where there is no such record. Raises HasContacts as `delete` does, and StoreReplaced where
        the log never was at the position `known_at`."""
        ...

    def contact_counts(self, companies: Sequence[int]) -> dict[int, int]:
        """How many contacts each of these companies has; companies that have none are left out."""
        ...

    def changes(self, after: int, limit: int) -> Changes | None:
        """What changed since `after`, whole batches up to about `limit` changes (one batch at least); None if
        nothing did. Raises LookupError where tombstones since `after` are no longer kept: start over with `scan`."""
        ...

    def scan(self, size: int, share: tuple[int, int] = (0, 1)) -> Iterator[Changes]:
        """The whole log as it stands at the first step, in parts of `size` records in order of num, all companies
        first; every part carries the same position. Of several shares, told as (which, of how many), each takes about
        as long to read and has contacts above those of the one before; the first has all companies. A store can be
        pickled, and opened again by a process that reads another share."""
        ...

    def follow(self, name: str, seq: int) -> None:
        """Register follower `name` as having applied up to `seq`: tombstones above it are kept (7 days at most)."""
        ...

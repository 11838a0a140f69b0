"""The records that a naive engine searches: all of the log up to a position."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Self

from letrics.records import Company, ContactBody, Kind, decode_company, decode_contact
from letrics.store.base import Changes, Position, Store

Record = tuple[Company | None, ContactBody | None]
"""A company, or a contact with its company, if it has one, before it."""


@dataclass(frozen=True)
class Records:
    """All records at a position of a log, by num. A contact is stored with the num of its company."""

    position: Position
    companies: Mapping[int, Company] = field(default_factory=dict)
    contacts: Mapping[int, tuple[int, ContactBody]] = field(default_factory=dict)

    @classmethod
    def of_log(cls, store: Store) -> Self:
        """All records of the log."""
        records = cls(store.position())
        for part in store.scan(1000):
            records = records.with_changes(part)
        return records

    def with_changes(self, changes: Changes) -> Self:
        """The records after these changes."""
        companies = dict(self.companies)
        companies |= zip(changes.company_nums, map(decode_company, changes.company_documents), strict=True)
        bodies = zip(changes.contact_companies, map(decode_contact, changes.contact_documents), strict=True)
        contacts = dict(self.contacts)
        contacts |= zip(changes.contact_nums, bodies, strict=True)
        for num in changes.deleted_companies:
            companies.pop(num, None)
        for num in changes.deleted_contacts:
            contacts.pop(num, None)
        return type(self)(changes.position, companies, contacts)

    def of_kind(self, kind: Kind) -> dict[int, Record]:
        """The records of a kind, in order of num."""
        if kind == "companies":
            return {num: (self.companies[num], None) for num in sorted(self.companies)}
        contacts = ((num, *self.contacts[num]) for num in sorted(self.contacts))
        return {num: (self.companies.get(company), body) for num, company, body in contacts}

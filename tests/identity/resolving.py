"""A store in memory whose batches of contacts the resolver resolves."""

from __future__ import annotations

from collections.abc import Sequence

from letrics.identity.companies import CompanyBatch
from letrics.identity.encoded_patches import AnyPatch
from letrics.identity.patches import RowEffect, Tally
from letrics.identity.resolver import ContactResolver
from letrics.records import ContactBody, decode_contact
from tests.identity.memory_reads import MemoryNumbers, MemoryReads


class MemoryContacts:
    """Contacts that batches are put into, as a store does it."""

    def __init__(self) -> None:
        self.reads = MemoryReads()
        self.numbers = MemoryNumbers()

    def put(
        self,
        patches: Sequence[AnyPatch],
        now: str,
        effects: list[RowEffect] | None = None,
    ) -> Tally:
        companies = CompanyBatch(self.reads, self.numbers, now)
        tally, plan = ContactResolver(self.reads, self.numbers, companies, now).resolve(patches, effects)
        self.reads.write_companies(companies.plan())
        self.reads.write_contacts(plan)
        tally.duplicates = len(set(plan.duplicates) - self.reads.stored_duplicates)
        self.reads.stored_duplicates |= set(plan.duplicates)
        return tally

    def bodies(self) -> dict[int, tuple[int, ContactBody]]:
        """The company and body of each contact, by num."""
        stored = self.reads.stored_contacts.items()
        return {num: (company, decode_contact(document)) for num, (company, _, _, document) in stored}

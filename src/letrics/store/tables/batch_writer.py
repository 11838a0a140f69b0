"""Batches of patches: resolves each into a plan, and writes it inside the caller's transaction."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Any, Final

from letrics.identity.companies import CompanyBatch
from letrics.identity.company_join import CompanyJoin
from letrics.identity.company_memory import CompanyMemory
from letrics.identity.encoded_patches import AnyPatch, EncodedCompany, KnownContact, decode_company_patch
from letrics.identity.malformed_warning import log_damaged
from letrics.identity.patches import CompanyPatch, RowEffect, Tally
from letrics.identity.plan import CompanyPlan, ContactPlan
from letrics.identity.resolver import ContactResolver
from letrics.identity.sifting import SiftedRows, sift_rows, with_forgotten, without_addresses
from letrics.store.sql import SqlConnection
from letrics.store.tables.company_joins import join_companies
from letrics.store.tables.company_table import write_companies
from letrics.store.tables.contact_table import write_contacts
from letrics.store.tables.duplicate_table import add_duplicates
from letrics.store.tables.forgotten_table import ForgottenCache
from letrics.store.tables.identity_reads import TableReads
from letrics.store.tables.import_table import add_changes
from letrics.store.tables.journal import Journal
from letrics.store.tables.log import Numbers, read_position
from letrics.store.tables.name_watch import NameWatch
from letrics.store.tables.recent import move_on
from letrics.store.tables.store_limits import StoreLimits
from letrics.store.tables.touched import TouchedRecords

_ROWS_AFTER_JOIN: Final = 32
"""The number of rows that are written together after two companies were merged. It doubles with each part without a
merge, because the rows before the next merge are resolved twice."""
PutSome = Callable[..., Tally]
"""Writes a part of a batch: takes the patches, the counters, the time and the journal."""


class BatchWriter:
    """Writes batches over one connection, in parts of limited size so that a large batch does not need more memory."""

    def __init__(self, connection: SqlConnection, limits: StoreLimits) -> None:
        self._connection = connection
        self._limits = limits
        self._touched: tuple[int, TouchedRecords] | None = None
        self._reads = TableReads(connection)
        self.forgotten = ForgottenCache()
        self._memory = CompanyMemory()
        self._reported: set[tuple[str, int]] = set()
        """The kind and num of the records whose damage was reported."""

    def put_parts(
        self, patches: Sequence[Any], put: PutSome, of_import: int | None, moment: str,
        merged: dict[int, int] | None = None,
    ) -> Tally:  # fmt: skip
        """Write the parts of a batch inside a transaction. Adds the companies that are merged to `merged`, each with
        the one that it is merged into."""
        tally = Tally()
        journal = None if of_import is None else Journal(self._connection, of_import, self._touched_by(of_import))
        numbers = Numbers.read(self._connection)
        self._memory.begin(read_position(self._connection))
        no_company, start, size = numbers.no_company, 0, self._limits.rows_in_memory
        while start < len(patches):
            part = patches[start : start + size]
            join = self._put_part(part, put, numbers, moment, journal, tally)
            if join is None:
                start += len(part)
                size = min(2 * size, self._limits.rows_in_memory)
                continue
            if join.place:
                self._put_part(part[: join.place], put, numbers, moment, journal, tally)
            self._join(join, numbers, moment, journal)
            tally.companies_merged += 1
            if merged is not None:
                merged[join.gone] = join.kept
            start += join.place
            size = min(_ROWS_AFTER_JOIN, self._limits.rows_in_memory)
        if of_import is not None:
            add_changes(self._connection, of_import, tally, moment)
        if tally.changes:
            move_on(self._connection, self._limits.max_recent_keys)
            numbers.write(self._connection, moment)
        elif numbers.no_company != no_company:
            numbers.write_no_company(self._connection)
        self._memory.end(read_position(self._connection))
        return tally

    def _touched_by(self, of_import: int) -> TouchedRecords:
        """What this connection has put for an import. Only those of the last import are known."""
        if self._touched is None or self._touched[0] != of_import:
            self._touched = of_import, TouchedRecords()
        return self._touched[1]

    def _put_part(
        self, part: Sequence[Any], put: PutSome, numbers: Numbers, moment: str, journal: Journal | None, tally: Tally
    ) -> CompanyJoin | None:  # fmt: skip
        """Write a part of a batch, and count it. Writes nothing and returns the join if a row names two companies."""
        before = replace(numbers)
        try:
            tally.add(put(part, numbers, moment, journal))
        except CompanyJoin as join:
            numbers.reset(before)
            return join
        if journal is not None and numbers.seq != before.seq:
            journal.note_batch(before, numbers)
        return None

    def _join(self, join: CompanyJoin, numbers: Numbers, moment: str, journal: Journal | None) -> None:
        before = replace(numbers)
        self._memory.clear()
        join_companies(self._connection, numbers, join.kept, join.gone, moment, journal)
        if journal is not None:
            journal.note_batch(before, numbers)
            journal.touched.companies.join(join.kept, join.gone)

    def put_some_companies(
        self,
        patches: Sequence[CompanyPatch | EncodedCompany],
        numbers: Numbers,
        now: str,
        journal: Journal | None,
        effects: list[RowEffect] | None = None,
        watch: NameWatch | None = None,
    ) -> Tally:
        tally, plan = self.resolve_companies(patches, numbers, now, effects, watch, joins=True)
        self._write(numbers, plan, None, journal)
        if journal is not None:
            tally.merged = journal.touched.companies.note(plan.rows, plan.new_nums)
        return tally

    def resolve_companies(
        self,
        patches: Sequence[CompanyPatch | EncodedCompany],
        numbers: Numbers,
        now: str,
        effects: list[RowEffect] | None = None,
        watch: NameWatch | None = None,
        joins: bool = False,
    ) -> tuple[Tally, CompanyPlan]:
        first_new = numbers.next_company
        self._reads = TableReads(self._connection)
        companies = CompanyBatch(self._reads, numbers, now, joins, self._memory if joins else None)
        if watch is not None and effects is None:
            effects = []
        rows, people = [decode_company_patch(patch) for patch in patches], self.forgotten.read(self._connection)
        if people:
            rows = [without_addresses(row, people) for row in rows]
        tally = companies.put_all(rows, effects)
        companies.remember()
        plan = companies.plan()
        if watch is not None and effects is not None:
            watch.note_companies(first_new, [num for num, _ in effects], plan)
        return tally, plan

    def put_some_contacts(
        self,
        patches: Sequence[AnyPatch],
        numbers: Numbers,
        now: str,
        journal: Journal | None,
        effects: list[RowEffect] | None = None,
        watch: NameWatch | None = None,
    ) -> Tally:
        tally, companies, contacts = self.resolve_contacts(patches, numbers, now, effects, watch, joins=True)
        self._write(numbers, companies, contacts, journal)
        if journal is not None:
            tally.merged = journal.touched.contacts.note(contacts.rows, contacts.new.nums)
        if contacts.duplicates:
            tally.duplicates = add_duplicates(self._connection, contacts.duplicates, now)
        return tally

    def resolve_contacts(
        self,
        patches: Sequence[AnyPatch],
        numbers: Numbers,
        now: str,
        effects: list[RowEffect] | None = None,
        watch: NameWatch | None = None,
        joins: bool = False,
    ) -> tuple[Tally, CompanyPlan, ContactPlan]:
        first_company, first_contact = numbers.next_company, numbers.next_contact
        reads = self._reads = TableReads(self._connection)
        sifted = self._sift(reads, patches)
        companies = CompanyBatch(reads, numbers, now, joins, self._memory if joins else None)
        kept: list[RowEffect] | None = None if watch is None and effects is None else []
        resolver = ContactResolver(reads, numbers, companies, now)
        try:
            tally, contacts = resolver.resolve(patches if sifted is None else sifted.rows, kept)
        except CompanyJoin as join:
            place = join.place if sifted is None else sifted.places[join.place]
            raise CompanyJoin(place, join.kept, join.gone) from None
        companies.remember()
        plan = companies.plan()
        if watch is not None and kept is not None:
            watch.note_contacts(first_contact, [num for num, _ in kept], contacts)
            watch.note_companies(first_company, companies.known_nums(), plan)
        if sifted is not None:
            tally.forgotten = len(sifted.forgotten)
            tally.company_rows -= sifted.companies
        if effects is not None and kept is not None:
            effects += kept if sifted is None else with_forgotten(kept, sifted.forgotten)
        return tally, plan, contacts

    def _sift(self, reads: TableReads, patches: Sequence[AnyPatch]) -> SiftedRows | None:
        """The rows without those of forgotten people; None if no one was forgotten."""
        people = self.forgotten.read(self._connection)
        if not people:
            return None
        return sift_rows(patches, people, reads.digests({row.num for row in patches if type(row) is KnownContact}))

    def _write(
        self, numbers: Numbers, companies: CompanyPlan, contacts: ContactPlan | None, journal: Journal | None
    ) -> None:
        if journal is not None:
            journal.note_companies(companies)
        write_companies(self._connection, numbers, companies, self._reads.damaged_companies)
        if contacts is not None:
            if journal is not None:
                journal.note_contacts(contacts)
            write_contacts(self._connection, numbers, contacts, self._reads.damaged_contacts)
        for kind, damaged in (("company", self._reads.damaged_companies), ("contact", self._reads.damaged_contacts)):
            unknown = sorted(num for num in damaged if (kind, num) not in self._reported)
            if unknown:
                self._reported.update((kind, num) for num in unknown)
                log_damaged(kind, unknown)

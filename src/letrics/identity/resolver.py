"""The resolver of a batch of contacts: isolated rows as columns, the others row by row."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import compress

import numpy as np

from letrics.identity.batch_rows import BatchRow
from letrics.identity.companies import CompanyBatch, NamedCompany, reference
from letrics.identity.company_join import CompanyJoin
from letrics.identity.contacts import ContactBatch
from letrics.identity.encoded_patches import (
    AnyPatch,
    ContactRow,
    EncodedCompany,
    EncodedContact,
    decode_company_patch,
    decode_contact_patch,
    named_company,
    prepared_row,
    read_known,
)
from letrics.identity.holders import NOBODY
from letrics.identity.isolated_rows import IsolatedRows
from letrics.identity.keys import HASH_BYTES, Hashes, Key, hashes_of, sort_unique, without_hashes
from letrics.identity.patches import CompanyPatch, RowEffect, Tally
from letrics.identity.plan import ContactPlan
from letrics.identity.prepared_rows import PreparedRow
from letrics.identity.reads import ContactReads, Counters


class ContactResolver:
    """Decides what a batch of contacts changes. The result is as if each row saw the changes of the rows before it."""

    def __init__(self, reads: ContactReads, numbers: Counters, companies: CompanyBatch, now: str) -> None:
        self._reads = reads
        self._numbers = numbers
        self._companies = companies
        self._now = now

    def resolve(
        self, batch_rows: Sequence[AnyPatch], effects: list[RowEffect] | None = None
    ) -> tuple[Tally, ContactPlan]:
        """Resolve the rows, and upsert the companies that they name. Adds the effect of each contact to `effects`.

        Raises CompanyJoin.
        """
        patches = [row for row in batch_rows if not isinstance(row, EncodedCompany)]
        prepared = [prepared_row(patch) if type(patch) is EncodedContact else None for patch in patches]
        keys = [b"" if row is None else row.first_key for row in prepared]
        first = hashes_of([key for key in keys if key])
        found = dict(self._reads.keys(first))
        batch, recognized = self._recognize(patches, keys, found)
        tally = Tally()
        rows = _Rows(patches, prepared, recognized)
        rows.companies = self._put_companies(batch_rows, rows, tally)
        stored = {key[:HASH_BYTES] for key in found}
        candidates = [row for row, made in enumerate(rows.prepared) if made.keys[:HASH_BYTES] not in stored]
        isolated = self._isolate(rows, candidates, first)
        numbers = (self._numbers.next_contact, self._numbers.contacts)
        while True:
            kept = [candidates[row] for row in isolated.kept()]
            by_position: dict[int, RowEffect] | None = None if effects is None else {}
            try:
                done, nums = batch.put(patches, recognized, *rows.without(kept, len(patches)), by_position)
            except CompanyJoin as join:
                places = [place for place, row in enumerate(batch_rows) if not isinstance(row, EncodedCompany)]
                raise CompanyJoin(places[join.place], join.kept, join.gone) from None
            if not kept or not isolated.remove(hashes_of(batch.seen())):
                break
            # Another row took or lost a key of an isolated row that it does not give itself.
            self._numbers.next_contact, self._numbers.contacts = numbers
            batch, recognized = self._recognize(patches, keys, found)
        tally.add(done)
        if effects is not None and by_position is not None:
            by_position |= {rows.positions[row]: RowEffect(num, "new") for row, num in zip(kept, nums, strict=True)}
            effects += [by_position[position] for position in range(len(patches))]
        contacts = isolated.contacts(nums, [rows.digests[row] for row in kept])
        return tally, batch.plan(contacts, isolated.key_rows(nums))

    def _put_companies(self, batch_rows: Sequence[AnyPatch], rows: _Rows, tally: Tally) -> list[int]:
        """Upsert the companies of all rows in order. Returns the num of the company of each of `rows`."""
        named = iter(rows.named)
        unknown, contact = set(rows.positions), 0
        companies, places, is_contact = list[NamedCompany | bytes](), list[int](), list[bool]()
        for place, row in enumerate(batch_rows):
            alone = isinstance(row, EncodedCompany)
            if isinstance(row, EncodedCompany):
                tally.company_rows += 1
                companies.append(decode_company_patch(row))
            elif contact in unknown:
                companies.append(next(named))
            if alone or contact in unknown:
                places.append(place)
                is_contact.append(not alone)
            contact += not alone
        try:
            nums = self._companies.put_named(companies, tally)
        except CompanyJoin as join:
            raise CompanyJoin(places[join.place], join.kept, join.gone) from None
        return list(compress(nums, is_contact))

    def _recognize(
        self, patches: Sequence[ContactRow], keys: Sequence[Key], found: Mapping[Key, int]
    ) -> tuple[ContactBatch, list[int]]:
        batch = ContactBatch(self._reads, self._numbers, self._companies, self._now)
        return batch, batch.recognize(patches, keys, found)

    def _isolate(self, rows: _Rows, candidates: Sequence[int], known: Hashes) -> IsolatedRows:
        """Those `candidates` that share no key with a stored contact or another candidate.

        The hashes `known` have been looked up before, and no candidate has the stored key of one of them.
        """
        isolated = IsolatedRows(
            [rows.prepared[row] for row in candidates],
            {at: rows.reference(row) for at, row in enumerate(candidates) if rows.prepared[row].id is None},
            [rows.companies[row] for row in candidates],
            self._now,
        )
        isolated.remove_related()
        asked = without_hashes(sort_unique(isolated.hashes()), known)
        isolated.remove(hashes_of([key for key, _ in self._reads.keys(asked)]))
        return isolated


class _Rows:
    """The rows of a batch that are not recognized, as columns. Their patches are decoded when they are needed."""

    def __init__(
        self, patches: Sequence[ContactRow], prepared: Sequence[PreparedRow | None], recognized: Sequence[int]
    ) -> None:
        self.positions = [position for position, num in enumerate(recognized) if num == NOBODY]
        self.companies: Sequence[int] = ()
        self._decoded: dict[bytes, CompanyPatch] = {}
        self._rows = [read_known(patches[position]) for position in self.positions]
        self.named = [named_company(row) for row in self._rows]
        made = [prepared[position] for position in self.positions]
        self.prepared = [done or prepared_row(row) for done, row in zip(made, self._rows, strict=True)]
        self.digests = [(row.digest or None) if isinstance(row, EncodedContact) else None for row in self._rows]

    def reference(self, row: int) -> str:
        """What stands for the company of a row in a generated id of a contact."""
        named = self.named[row]
        return reference(decode_company_patch(named, self._decoded) if isinstance(named, bytes) else named)

    def without(self, isolated: Sequence[int], size: int) -> tuple[list[int], dict[int, BatchRow]]:
        """The positions of all rows of the batch but the isolated ones, and those of them that are not recognized."""
        others = np.ones(size, np.bool_)
        others[[self.positions[row] for row in isolated]] = False
        some = np.ones(len(self._rows), np.bool_)
        some[list(isolated)] = False
        made = {self.positions[row]: self._make(row) for row in np.flatnonzero(some).tolist()}
        return np.flatnonzero(others).tolist(), made

    def _make(self, row: int) -> BatchRow:
        given = self._rows[row]
        patch = decode_contact_patch(given, self._decoded) if isinstance(given, EncodedContact) else given
        known_id = None if patch.external_id is None else self.prepared[row].first_key
        made = BatchRow(patch, known_id, self.digests[row])
        made.company = self.companies[row]
        return made

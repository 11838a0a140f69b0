"""The resolver of a batch of contacts: isolated rows as columns, the others row by row."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from letrics.identity.batch_rows import BatchRow
from letrics.identity.companies import CompanyBatch
from letrics.identity.contacts import AnyPatch, ContactBatch, read_claim
from letrics.identity.encoded_patches import Again, EncodedContact, decode_contact_patch
from letrics.identity.holders import NOBODY
from letrics.identity.isolated_rows import IsolatedRows
from letrics.identity.keys import Key
from letrics.identity.patches import ContactPatch, Tally
from letrics.identity.plan import ContactPlan
from letrics.identity.reads import ContactReads, Numbers


class ContactResolver:
    """Decides what a batch of contacts changes. The result is as if each row saw the changes of the rows before it."""

    def __init__(
        self, reads: ContactReads, numbers: Numbers, companies: CompanyBatch, now: str, again: Again | None = None
    ) -> None:
        self._reads = reads
        self._numbers = numbers
        self._companies = companies
        self._now = now
        self._again = again

    def resolve(self, patches: Sequence[AnyPatch]) -> tuple[Tally, ContactPlan]:
        """Resolve the rows, and upsert the companies that they name."""
        first = {patch.key for patch in patches if type(patch) is EncodedContact and patch.key}
        found = {key: num for key, num in self._reads.keys(first) if key in first}
        batch, recognized = self._recognize(patches, found)
        tally = Tally()
        rows = _Rows(patches, recognized, self._again)
        rows.companies = self._companies.put_named([patch.company for patch in rows.patches], tally)
        candidates = [row for row, key in enumerate(rows.first_keys) if key not in found]
        isolated = self._isolate(rows, candidates, first)
        numbers = (self._numbers.next_contact, self._numbers.contacts)
        while True:
            others = set(range(len(rows.patches))).difference(candidates[row] for row in isolated.kept)
            done, nums = batch.put(patches, recognized, {rows.positions[row]: rows.make(row) for row in sorted(others)})
            if not isolated.remove(batch.seen()):
                break
            # Another row took a key of an isolated row without giving it, or lost one: neither is isolated then.
            self._numbers.next_contact, self._numbers.contacts = numbers
            batch, recognized = self._recognize(patches, found)
        tally.add(done)
        digests = [rows.digests[candidates[row]] for row in isolated.kept]
        return tally, batch.plan(isolated.contacts(nums, digests), isolated.key_rows(nums))

    def _recognize(self, patches: Sequence[AnyPatch], found: Mapping[Key, int]) -> tuple[ContactBatch, list[int]]:
        batch = ContactBatch(self._reads, self._numbers, self._companies, self._now, self._again)
        return batch, batch.recognize(patches, found)

    def _isolate(self, rows: _Rows, candidates: Sequence[int], known: set[Key]) -> IsolatedRows:
        """Those `candidates` that share no key with a stored contact or another candidate.

        The keys `known` have been looked up before, and no candidate has one of them that is stored.
        """
        isolated = IsolatedRows(
            [rows.patches[row] for row in candidates],
            [rows.first_keys[row] for row in candidates],
            [rows.companies[row] for row in candidates],
            self._now,
        )
        isolated.remove_related()
        asked = [key for key in isolated.keys if key not in known]
        isolated.remove({key for key, _ in self._reads.keys(asked)})
        return isolated


class _Rows:
    """The rows of a batch that are not recognized, as columns."""

    def __init__(self, patches: Sequence[AnyPatch], recognized: Sequence[int], again: Again | None) -> None:
        self.positions = [position for position, num in enumerate(recognized) if num == NOBODY]
        self.patches: list[ContactPatch] = []
        self.first_keys: list[Key] = []
        """The key of `EncodedContact`; empty for a patch that was not encoded."""
        self.digests: list[int | None] = []
        self.companies: Sequence[int] = ()
        for position in self.positions:
            patch = read_claim(patches[position], again)
            if isinstance(patch, EncodedContact):
                self.patches.append(decode_contact_patch(patch))
                self.first_keys.append(patch.key)
                self.digests.append(patch.digest or None)
            else:
                self.patches.append(patch)
                self.first_keys.append(b"")
                self.digests.append(None)

    def make(self, row: int) -> BatchRow:
        """Make a row of its own."""
        patch = self.patches[row]
        known_id = None if patch.external_id is None else self.first_keys[row] or None
        made = BatchRow(patch, known_id, self.digests[row])
        made.company = self.companies[row]
        return made

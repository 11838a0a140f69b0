"""The reads of identity from a store in memory."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field

from letrics.identity.keys import Hashes, Key, parts_of
from letrics.identity.plan import CompanyPlan, ContactPlan, KeyRows


@dataclass
class MemoryNumbers:
    """The counters of a log."""

    next_company: int = 0
    next_contact: int = 0
    companies: int = 0
    contacts: int = 0
    no_company: int | None = None


@dataclass
class MemoryReads:
    """Sets and dicts of what is stored, read as `letrics.identity.reads` promises, and written by the plans."""

    stored_keys: set[tuple[Key, int]] = field(default_factory=set)
    stored_companies: dict[str, tuple[int, bytes]] = field(default_factory=dict)
    stored_company_keys: set[tuple[Key, int]] = field(default_factory=set)
    stored_former_ids: dict[str, int] = field(default_factory=dict)
    stored_contacts: dict[int, tuple[int, bool, int | None, bytes]] = field(default_factory=dict)
    """num: company, whether the id is external, digest, document."""
    stored_merged_keys: set[tuple[Key, int]] = field(default_factory=set)
    stored_duplicates: set[tuple[int, int]] = field(default_factory=set)

    def keys(self, hashes: Hashes) -> Iterable[tuple[Key, int]]:
        asked = set(hashes.tolist())
        return [(key, num) for key, num in self.stored_keys if parts_of(key)[0] in asked]

    def contacts(self, nums: Collection[int]) -> Iterable[tuple[int, int, bool, int | None, bytes]]:
        return [(num, *self.stored_contacts[num]) for num in sorted(nums) if num in self.stored_contacts]

    def digests(self, nums: Collection[int]) -> Mapping[int, int | None]:
        return {num: digest for num, _, _, digest, _ in self.contacts(nums)}

    def merged_keys(self, num: int) -> Collection[Key]:
        return [key for key, of in self.stored_merged_keys if of == num]

    def company_nums(self, ids: Collection[str]) -> Iterable[tuple[str, int]]:
        return [(id, num) for id, num, _ in self.companies(ids)]

    def companies(self, ids: Collection[str]) -> Iterable[tuple[str, int, bytes]]:
        return [(id, *self.stored_companies[id]) for id in ids if id in self.stored_companies]

    def companies_by_num(self, nums: Collection[int]) -> Iterable[tuple[str, int, bytes]]:
        return [(id, num, document) for id, (num, document) in self.stored_companies.items() if num in nums]

    def former_company_ids(self, ids: Collection[str]) -> Iterable[tuple[str, int]]:
        return [(id, self.stored_former_ids[id]) for id in ids if id in self.stored_former_ids]

    def has_company_without_domain(self) -> bool:
        return any(id.startswith("co_") for id in self.stored_companies)

    def company_keys(self, hashes: Hashes) -> Iterable[tuple[Key, int]]:
        asked = set(hashes.tolist())
        return [(key, num) for key, num in self.stored_company_keys if parts_of(key)[0] in asked]

    def write_keys(self, put: KeyRows, removed: KeyRows) -> None:
        self.stored_keys -= set(zip(removed.keys, removed.nums, strict=True))
        self.stored_keys |= set(zip(put.keys, put.nums, strict=True))

    def write_companies(self, plan: CompanyPlan) -> None:
        for num, id in plan.renamed:
            (old,) = (id for id, (of, _) in self.stored_companies.items() if of == num)
            self.stored_companies[id] = self.stored_companies.pop(old)
        ids = {num: id for id, (num, _) in self.stored_companies.items()}
        for num, document in zip(plan.changed_nums, plan.changed_documents, strict=True):
            self.stored_companies[ids[num]] = (num, document)
        for num, id, document in zip(plan.new_nums, plan.new_ids, plan.new_documents, strict=True):
            self.stored_companies[id] = (num, document)
        self.stored_former_ids.update((id, num) for num, id in plan.former_ids)
        self.stored_company_keys -= set(zip(plan.removed.keys, plan.removed.nums, strict=True))
        self.stored_company_keys |= set(zip(plan.put.keys, plan.put.nums, strict=True))

    def write_contacts(self, plan: ContactPlan) -> None:
        for rows in (plan.changed, plan.new):
            columns = zip(rows.nums, rows.companies, rows.external, rows.digests, rows.documents, strict=True)
            for num, company, external, digest, document in columns:
                self.stored_contacts[num] = (company, external, digest, document)
        for num, digest in plan.confirmed:
            company, external, _, document = self.stored_contacts[num]
            self.stored_contacts[num] = (company, external, digest, document)
        self.write_keys(plan.put, plan.removed)

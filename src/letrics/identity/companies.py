"""The companies of one batch: read at once, changed in memory, written once in order of num."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from msgspec import UnsetType

from letrics.identity.malformed_warning import log_malformed
from letrics.identity.merge import merge_company, new_company
from letrics.identity.patches import CompanyPatch, Tally
from letrics.identity.plan import CompanyPlan
from letrics.identity.reads import CompanyReads, Counters
from letrics.records import UNREADABLE, Company, decode_company, encode

NamedCompany = str | CompanyPatch | UnsetType | None
"""The company of a contact's patch: a domain, a patch, UNSET (as stored) or None (no company)."""


class CompanyBatch:
    """The companies of a batch in memory, including all changes by the rows processed so far."""

    def __init__(self, reads: CompanyReads, numbers: Counters, now: str) -> None:
        self._reads = reads
        self._numbers = numbers
        self._now = now
        self._nums: dict[str, int] = {}
        self._records: dict[str, Company] = {}
        self._new: list[str] = []
        self._changed: set[str] = set()

    def read(self, bare: Iterable[str], detailed: Iterable[str]) -> None:
        """Look up companies by domain: only the num of `bare` ones, the whole record of `detailed` ones."""
        whole = set(detailed)
        for domain, num, document in self._reads.companies(whole):
            self._nums[domain] = num
            try:
                self._records[domain] = decode_company(document)
            except UNREADABLE as error:  # its domain is known: replace the record, under the same num
                log_malformed("company", num, error)
                self._records[domain] = new_company(CompanyPatch(domain=domain), self._now)
                self._changed.add(domain)
        self._nums.update(self._reads.company_nums(set(bare) - whole))

    def put(self, patch: CompanyPatch) -> bool | None:
        """Upsert a company: True if it is new, False if it changed, None if nothing changed."""
        domain = patch.domain
        if domain not in self._nums:
            self._add(new_company(patch, self._now))
            return True
        old = self._records[domain]
        company = merge_company(old, patch, self._now)
        if company is old:
            return None
        self._records[domain] = company
        self._changed.add(domain)
        return False

    def put_all(self, patches: Sequence[CompanyPatch]) -> Tally:
        """Upsert every patch in order."""
        self.read((), (patch.domain for patch in patches))
        outcomes = [self.put(patch) for patch in patches]
        return Tally(outcomes.count(True), outcomes.count(False), outcomes.count(None))

    def put_named(self, companies: Sequence[NamedCompany], tally: Tally) -> list[int]:
        """Upsert the companies that contacts name, by domain or by patch; returns the num of each."""
        self.read(
            (company for company in companies if isinstance(company, str)),
            (company.domain for company in companies if isinstance(company, CompanyPatch)),
        )
        nums = []
        for company in companies:
            if isinstance(company, str):
                num = self._nums.get(company)
                if num is not None:
                    nums.append(num)
                    continue
                company = CompanyPatch(domain=company)
            if not isinstance(company, CompanyPatch):
                nums.append(self._no_company())
                continue
            new = self.put(company)
            tally.companies_new += new is True
            tally.companies_changed += new is False
            nums.append(self._nums[company.domain])
        return nums

    def _no_company(self) -> int:
        """The num that stands for no company."""
        if self._numbers.no_company is None:
            self._numbers.no_company = self._numbers.next_company
            self._numbers.next_company += 1
        return self._numbers.no_company

    def _add(self, company: Company) -> None:
        self._nums[company.domain] = self._numbers.next_company
        self._numbers.next_company += 1
        self._numbers.companies += 1
        self._records[company.domain] = company
        self._new.append(company.domain)

    def plan(self) -> CompanyPlan:
        """The changed and new records. New records are in order of num, because nums are assigned in order."""
        new, records, nums = self._new, self._records, self._nums
        changed = sorted(self._changed.difference(new), key=nums.__getitem__)
        return CompanyPlan(
            changed_nums=[nums[domain] for domain in changed],
            changed_documents=[encode(records[domain]) for domain in changed],
            new_nums=[nums[domain] for domain in new],
            new_domains=new,
            new_documents=[encode(records[domain]) for domain in new],
        )

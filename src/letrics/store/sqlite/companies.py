"""The companies of one batch: read in one query, changed in memory, written once in order of num."""

from __future__ import annotations

from array import array
from collections.abc import Iterable, Sequence
from typing import Any

import apsw

from letrics.identity.merge import merge_company, new_company
from letrics.identity.patches import CompanyPatch, Tally
from letrics.records import UNREADABLE, Company, decode_company, encode
from letrics.store.connection import read_rows
from letrics.store.sqlite.log import Numbers
from letrics.store.sqlite.malformed import log_malformed


class CompanyBatch:
    """The companies of a batch in memory, including all changes by the rows processed so far."""

    def __init__(self, connection: apsw.Connection, numbers: Numbers, now: str) -> None:
        self._connection = connection
        self._numbers = numbers
        self._now = now
        self._nums: dict[str, int] = {}
        self._records: dict[str, Company] = {}
        self._new: list[str] = []
        self._changed: set[str] = set()

    def read(self, bare: Iterable[str], detailed: Iterable[str]) -> None:
        """Look up companies by domain: only the num of `bare` ones, the whole record of `detailed` ones."""
        whole = set(detailed)
        for domain, num, document in self._find("domain, num, document", whole):
            self._nums[domain] = num
            try:
                self._records[domain] = decode_company(document)
            except UNREADABLE as error:  # its domain is known: replace the record, under the same num
                log_malformed("company", num, error)
                self._records[domain] = new_company(CompanyPatch(domain=domain), self._now)
                self._changed.add(domain)
        self._nums.update(self._find("domain, num", set(bare) - whole))

    def _find(self, columns: str, domains: set[str]) -> list[tuple[Any, ...]]:
        if not domains:
            return []
        return read_rows(
            self._connection,
            f"SELECT {columns} FROM carray(?) AS a CROSS JOIN company ON company.domain = a.value",  # noqa: S608
            (apsw.carray(tuple(sorted(domains))),),
        )

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

    def put_named(self, companies: Sequence[str | CompanyPatch], tally: Tally) -> list[int]:
        """Upsert the companies that contacts name, by domain or by patch; returns the num of each."""
        self.read(
            (company for company in companies if isinstance(company, str)),
            (company.domain for company in companies if not isinstance(company, str)),
        )
        nums = []
        for company in companies:
            if isinstance(company, str):
                num = self._nums.get(company)
                if num is not None:
                    nums.append(num)
                    continue
                company = CompanyPatch(domain=company)
            new = self.put(company)
            tally.companies_new += new is True
            tally.companies_changed += new is False
            nums.append(self._nums[company.domain])
        return nums

    def _add(self, company: Company) -> None:
        self._nums[company.domain] = self._numbers.next_company
        self._numbers.next_company += 1
        self._numbers.companies += 1
        self._records[company.domain] = company
        self._new.append(company.domain)

    def write(self) -> None:
        """Write changed and new records. New records are in order of num, because nums are assigned in order."""
        new, records, nums = self._new, self._records, self._nums
        changed = sorted(self._changed.difference(new), key=nums.__getitem__)
        seqs = self._numbers.take_seqs(len(new) + len(changed))
        self._connection.executemany(
            "UPDATE company SET seq=?, document=? WHERE num=?",
            [(seq, encode(records[d]), nums[d]) for seq, d in zip(seqs, changed, strict=False)],
        )
        self._connection.executemany(
            "INSERT INTO company VALUES (?, ?, ?, ?)",
            [(nums[d], seq, d, encode(records[d])) for seq, d in zip(seqs[len(changed) :], new, strict=True)],
        )


def domains_of(connection: apsw.Connection, nums: Sequence[int]) -> dict[int, str]:
    """The domains of the companies with these nums. Nums of deleted companies are omitted."""
    if not nums:
        return {}
    return dict(
        read_rows(
            connection,
            "SELECT num, domain FROM carray(?) AS a CROSS JOIN company ON company.num = a.value",
            (apsw.carray(array("q", sorted(set(nums)))),),
        )
    )

"""The companies of one batch: read at once, changed in memory, written once in order of num.

A company is found by its domain, else by the id that an export gave it, else by its LinkedIn page, else by its name
among those of which only the name was known. A company without a domain gets the domain of a row that finds it.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from msgspec import UnsetType

from letrics.identity.company_join import CompanyJoin
from letrics.identity.company_keys import company_key, generate_company_id, is_company_id, page_key
from letrics.identity.company_memory import CompanyMemory
from letrics.identity.encoded_patches import decode_company_patch
from letrics.identity.holders import NOBODY, Holders
from letrics.identity.keys import Hashes, Key
from letrics.identity.malformed_warning import log_malformed
from letrics.identity.merge import merge_company, new_company
from letrics.identity.patches import CompanyPatch, RowEffect, Tally
from letrics.identity.plan import CompanyPlan, KeyRows
from letrics.identity.reads import CompanyReads, Counters
from letrics.records import UNREADABLE, Company, decode_company, encode

NamedCompany = str | CompanyPatch | UnsetType | None
"""The company of a contact's patch: a domain, a patch, UNSET (as stored) or None (no company)."""


def no_company(numbers: Counters) -> int:
    """The num that stands for no company. It is taken when the first contact without a company needs it."""
    if numbers.no_company is None:
        numbers.no_company = numbers.next_company
        numbers.next_company += 1
    return numbers.no_company


class _PageAndNameKeys:
    """Reads the keys of companies as those of contacts are read."""

    def __init__(self, reads: CompanyReads) -> None:
        self._reads = reads

    def keys(self, hashes: Hashes) -> Iterable[tuple[Key, int]]:
        return self._reads.company_keys(hashes) if len(hashes) else ()

    def merged_keys(self, num: int) -> tuple[Key, ...]:  # noqa: ARG002
        return ()  # companies are not merged


class CompanyBatch:
    """The companies of a batch in memory, including all changes by the rows processed so far.

    With `joins`, a row that names two companies raises CompanyJoin. Otherwise it finds the one with its domain. A
    `memory` has what earlier batches knew, and gets what this one learns.
    """

    def __init__(
        self, reads: CompanyReads, numbers: Counters, now: str, joins: bool = False, memory: CompanyMemory | None = None
    ) -> None:  # fmt: skip
        self._joins = joins
        self._memory = memory
        self._patches: dict[bytes | int, CompanyPatch] = {}
        """The patches of contacts' companies, by what is encoded or by their `id`, which is theirs while they are
        here."""
        self._applied: dict[bytes | int, tuple[int, Company]] = {}
        """For those that were put, the company and its record afterwards. While the company has this record, the patch
        changes nothing."""
        self._remembered: set[int] = set()
        """The companies of rows that the memory knew."""
        self._are_names_settled = True
        """Whether no company without a domain was added or changed. Another patch could find that one, too."""
        self._place = 0
        self._reads = reads
        self._numbers = numbers
        self._now = now
        self._nums: dict[str, int] = {}
        """The num of each company by its id or a former id."""
        self._records: dict[int, Company] = {}
        self._holders = Holders(_PageAndNameKeys(reads))
        self._new: dict[int, None] = {}
        self._changed: set[int] = set()
        self._former: list[tuple[int, str]] = []
        self._rows: list[int] = []
        """The company of each row of companies, in order."""
        self._some_lack_domain = reads.has_company_without_domain()
        """Whether there may be a company without a domain, which a page or a name can find."""

    def read(self, bare: Iterable[str], patches: Iterable[CompanyPatch]) -> None:
        """Look up companies: only the num of those with the domains `bare`, the whole records of those of `patches`."""
        patches = list(patches)
        whole = {patch.domain for patch in patches if patch.domain is not None}
        whole |= {patch.id for patch in patches if patch.id is not None and is_company_id(patch.id)}
        self._learn(self._reads.companies(whole - self._nums.keys()))
        missing = [id for id in whole if is_company_id(id) and id not in self._nums]
        if missing:
            self._nums.update(self._reads.former_company_ids(missing))
        self._nums.update(self._reads.company_nums(set(bare) - whole - self._nums.keys()))
        self._some_lack_domain = self._some_lack_domain or any(patch.domain is None for patch in patches)
        may_join = self._joins and self._some_lack_domain
        self._read_by_keys(
            [
                patch
                for patch in patches
                if patch.domain is None or patch.domain not in self._nums or (may_join and patch.linkedin_url)
            ]
        )

    def _read_by_keys(self, patches: Sequence[CompanyPatch]) -> None:
        """Look up what finds these patches besides a domain, and the ids that new companies would get."""
        keys = [key for patch in patches if (key := page_key(patch.linkedin_url)) is not None]
        if self._some_lack_domain:
            keys += [key for patch in patches if (key := company_key(patch.name)) is not None]
        nums = self._holders.read(keys)
        nums.update(self._nums[patch.id] for patch in patches if patch.id is not None and patch.id in self._nums)
        self._learn(self._reads.companies_by_num(nums - self._records.keys()))
        generated = {generate_company_id(patch.linkedin_url, patch.name) for patch in patches if patch.domain is None}
        self._know_ids(generated)

    def _know_ids(self, ids: set[str]) -> None:
        asked = ids - self._nums.keys()
        if asked:
            self._nums.update(self._reads.company_nums(asked))
            self._nums.update(self._reads.former_company_ids(asked))

    def _learn(self, found: Iterable[tuple[str, int, bytes]]) -> None:
        for id, num, document in found:
            if num in self._records:
                continue
            try:
                company = decode_company(document)
            except UNREADABLE as error:  # its id is known: replace the record, under the same num
                log_malformed("company", num, error)
                domain = None if is_company_id(id) else id
                company = new_company(CompanyPatch(domain=domain), self._now, id)
                self._changed.add(num)
            self._nums[id] = num
            self._records[num] = company

    def put(self, patch: CompanyPatch) -> tuple[int, bool | None]:
        """Upsert a company: its num, and True if it is new, False if it changed, None if nothing changed."""
        num = self._find(patch)
        if num is None:
            self._are_names_settled = self._are_names_settled and patch.domain is not None
            return self._add(patch), True
        if self._joins and self._some_lack_domain:
            self._check_join(patch, num)
        old = self._record(num)
        company = merge_company(old, patch, self._now)
        if company is old:
            return num, None
        self._records[num] = company
        self._changed.add(num)
        self._are_names_settled = self._are_names_settled and old.domain is not None
        if company.id != old.id:
            self._former.append((num, old.id))
            self._nums[company.id] = num
        if company.linkedin_url != old.linkedin_url:
            before = page_key(old.linkedin_url)
            if before is not None and before != page_key(company.linkedin_url):
                self._holders.release(before, num)
        self._claim(company, num)
        return num, False

    def _find(self, patch: CompanyPatch) -> int | None:
        if patch.domain is not None and patch.domain in self._nums:
            return self._nums[patch.domain]
        if not self._some_lack_domain:
            return None
        num = self._nums.get(patch.id, NOBODY) if patch.id is not None and is_company_id(patch.id) else NOBODY
        if num != NOBODY and self._may_have(patch.domain, num):
            return num
        page = page_key(patch.linkedin_url)
        num = NOBODY if page is None else self._holders.holder(page)
        if num != NOBODY and self._may_have(patch.domain, num):
            return num
        name = company_key(patch.name)
        num = NOBODY if name is None else self._holders.holder(name)
        if num != NOBODY and self._may_have(patch.domain, num) and self._may_be(patch, page, num):
            return num
        return None

    def _check_join(self, patch: CompanyPatch, num: int) -> None:
        """Raise CompanyJoin if the patch, which finds this company by its domain, also names one without a domain."""
        if patch.domain is None or self._record(num).domain != patch.domain:
            return
        page = page_key(patch.linkedin_url)
        by_id = self._nums.get(patch.id, NOBODY) if patch.id is not None and is_company_id(patch.id) else NOBODY
        for other in (by_id, NOBODY if page is None else self._holders.holder(page)):
            if other not in (NOBODY, num) and self._record(other).domain is None:
                raise CompanyJoin(self._place, num, other)

    def _may_have(self, domain: str | None, num: int) -> bool:
        """Whether the domain of a patch, which no company has, can be that of the company."""
        return domain is None or self._record(num).domain is None

    def _may_be(self, patch: CompanyPatch, page: Key | None, num: int) -> bool:
        """Whether the company, of which only the name was known, can be that of a patch with the same name."""
        company = self._record(num)
        if patch.id is not None and patch.id != company.id:
            return False
        known = page_key(company.linkedin_url)
        return page is None or known is None or page == known

    def _record(self, num: int) -> Company:
        if num not in self._records:
            self._learn(self._reads.companies_by_num({num}))
        return self._records[num]

    def _claim(self, company: Company, num: int) -> None:
        """Assign the free keys of a company to it. A name stays with the company that was known by it alone."""
        page = page_key(company.linkedin_url)
        if page is not None:
            self._holders.claim(page, num)
        elif company.domain is None:
            name = company_key(company.name)
            if name is not None:
                self._holders.claim(name, num)

    def put_all(self, patches: Sequence[CompanyPatch], effects: list[RowEffect] | None = None) -> Tally:
        """Upsert every patch in order, and add the effect of each to `effects`."""
        self.read((), patches)
        done = []
        for self._place, patch in enumerate(patches):
            done.append(self.put(patch))
        if effects is not None:
            effects += [
                RowEffect(num, "unchanged" if new is None else "new" if new else "changed") for num, new in done
            ]
        self._rows = [num for num, _ in done]
        outcomes = [new for _, new in done]
        return Tally(outcomes.count(True), outcomes.count(False), outcomes.count(None))

    def put_named(self, companies: Sequence[NamedCompany | bytes], tally: Tally) -> list[int]:
        """Upsert the companies that contacts name, by domain or by patch, which may be encoded; returns the num of
        each."""
        known: dict[bytes, int] = {}
        new: list[CompanyPatch] = []
        # Each once: the rows of a company often have the same patch.
        for company in companies:
            if isinstance(company, CompanyPatch):
                if id(company) not in self._patches:
                    new.append(self._take(id(company), company))
            elif isinstance(company, bytes) and company not in self._patches and company not in known:
                num = None if self._memory is None else self._memory.num(company)
                if num is None:
                    new.append(self._take(company, decode_company_patch(company)))
                else:
                    known[company] = num
        self.read((company for company in companies if isinstance(company, str)), new)
        nums = []
        for self._place, company in enumerate(companies):
            if isinstance(company, str):
                num = self._nums.get(company)
                if num is None:
                    num = self._put_counted(CompanyPatch(domain=company), tally)[0]
            elif isinstance(company, CompanyPatch):
                num = self._put_repeated(id(company), company, tally)
            elif isinstance(company, bytes):
                num = known.get(company)
                if num is not None and num not in self._records and self._are_names_settled:
                    self._remembered.add(num)
                else:
                    if company not in self._patches:
                        self.read((), [self._take(company, decode_company_patch(company))])
                    num = self._put_repeated(company, self._patches[company], tally)
            else:
                num = no_company(self._numbers)
            nums.append(num)
        return nums

    def _take(self, key: bytes | int, patch: CompanyPatch) -> CompanyPatch:
        self._patches[key] = patch
        return patch

    def _put_repeated(self, key: bytes | int, patch: CompanyPatch, tally: Tally) -> int:
        """Upsert a company whose patch, which `key` stands for, is that of many rows; returns its num."""
        num, record = self._applied.get(key, (NOBODY, None))
        if record is not None and self._records[num] is record:
            return num
        num, new = self._put_counted(patch, tally)
        if patch.domain is not None:
            self._applied[key] = num, self._record(num)
        elif new is not None:
            self._applied.clear()  # other patches may name this company, too
        return num

    def remember(self) -> None:
        """Tell the memory what all rows have changed, and which patches change nothing any more."""
        memory = self._memory
        if memory is None:
            return
        if not self._are_names_settled:
            memory.clear()
            return
        memory.forget(self._changed)
        memory.learn(
            (key, num)
            for key, (num, record) in self._applied.items()
            if isinstance(key, bytes) and self._records[num] is record
        )

    def _put_counted(self, patch: CompanyPatch, tally: Tally) -> tuple[int, bool | None]:
        num, new = self.put(patch)
        tally.companies_new += new is True
        tally.companies_changed += new is False
        return num, new

    def known_nums(self) -> list[int]:
        """The nums of the stored and new companies that the rows named, each once."""
        return list(dict.fromkeys((*self._nums.values(), *self._remembered)))

    def _add(self, patch: CompanyPatch) -> int:
        num = self._numbers.next_company
        self._numbers.next_company += 1
        self._numbers.companies += 1
        company = new_company(patch, self._now, None if patch.domain is not None else self._free_id(patch))
        self._nums[company.id] = num
        self._records[num] = company
        self._new[num] = None
        self._claim(company, num)
        return num

    def _free_id(self, patch: CompanyPatch) -> str:
        """The id of a new company without a domain: the given one, else a generated one that is free."""
        if patch.id is not None and is_company_id(patch.id) and patch.id not in self._nums:
            return patch.id
        salt = 0
        while (id := generate_company_id(patch.linkedin_url, patch.name, salt)) in self._nums:
            salt += 1
            self._know_ids({generate_company_id(patch.linkedin_url, patch.name, salt)})
        return id

    def plan(self) -> CompanyPlan:
        """The changed and new records. New records are in order of num, because nums are assigned in order."""
        new, records = list(self._new), self._records
        changed = sorted(self._changed.difference(new))
        put, removed = KeyRows(), KeyRows()
        self._holders.written(put, removed)
        stored = self._new.keys()
        return CompanyPlan(
            changed_nums=changed,
            changed_documents=[encode(records[num]) for num in changed],
            new_nums=new,
            new_ids=[records[num].id for num in new],
            new_documents=[encode(records[num]) for num in new],
            renamed=[(num, records[num].id) for num, _ in self._former if num not in stored],
            former_ids=self._former,
            put=put,
            removed=removed,
            rows=self._rows,
        )


def reference(company: NamedCompany) -> str:
    """A text that stands for the company of a row in a generated id of a contact: the domain, if the row has it."""
    if not isinstance(company, CompanyPatch):
        return company or ""
    return company.domain or company.id or generate_company_id(company.linkedin_url, company.name)

"""Batches of companies: nums, outcomes and the plan."""

from __future__ import annotations

import pytest

from letrics.identity.companies import CompanyBatch
from letrics.identity.company_join import CompanyJoin
from letrics.identity.patches import CompanyPatch, Tally
from letrics.records import decode_company
from tests.identity.memory_reads import MemoryNumbers, MemoryReads

NOW = "2026-01-01T00:00:00.000Z"


@pytest.fixture
def reads() -> MemoryReads:
    return MemoryReads()


def batch(reads: MemoryReads) -> tuple[CompanyBatch, MemoryNumbers]:
    stored = len(reads.stored_companies)
    numbers = MemoryNumbers(next_company=stored, companies=stored)
    return CompanyBatch(reads, numbers, NOW), numbers


def put(reads: MemoryReads, *patches: CompanyPatch) -> Tally:
    companies, _ = batch(reads)
    tally = companies.put_all(patches)
    reads.write_companies(companies.plan())
    return tally


def test_put_all_counts_new_changed_and_unchanged(reads: MemoryReads) -> None:
    companies, numbers = batch(reads)
    a, named = CompanyPatch(domain="a.example"), CompanyPatch(domain="a.example", name="A")
    assert companies.put_all([a, a, named, named, CompanyPatch(domain="b.example")]) == Tally(2, 1, 2)
    assert (numbers.companies, numbers.next_company) == (2, 2)
    plan = companies.plan()
    assert list(zip(plan.new_nums, plan.new_ids, strict=True)) == [(0, "a.example"), (1, "b.example")]


def test_plan_has_changed_companies_in_order_of_num(reads: MemoryReads) -> None:
    put(reads, *(CompanyPatch(domain=f"{name}.example") for name in "abc"))
    companies, _ = batch(reads)
    companies.put_all([CompanyPatch(domain=f"{name}.example", name="X") for name in "dcab"])
    plan = companies.plan()
    assert (plan.changed_nums, plan.new_nums, plan.new_ids) == ([0, 1, 2], [3], ["d.example"])
    assert [decode_company(document).domain for document in plan.changed_documents] == [
        "a.example", "b.example", "c.example",
    ]  # fmt: skip


def test_put_named_gives_the_num_of_each_company(reads: MemoryReads) -> None:
    put(reads, CompanyPatch(domain="a.example", name="A"))
    companies, _ = batch(reads)
    tally = Tally()
    named: list[str | CompanyPatch] = [
        "a.example", "b.example", CompanyPatch(domain="a.example", name="Z"), "b.example",
    ]  # fmt: skip
    assert companies.put_named(named, tally) == [0, 1, 0, 1]
    assert (tally.companies_new, tally.companies_changed) == (1, 1)
    assert companies.put_named([], tally) == []


def test_put_named_applies_a_repeated_patch_after_another(reads: MemoryReads) -> None:
    one, other = (CompanyPatch(domain="a.example", name=name) for name in "XY")
    companies, _ = batch(reads)
    tally = Tally()
    assert companies.put_named([one, one, other, one, one, other, other], tally) == [0] * 7
    assert (tally.companies_new, tally.companies_changed) == (1, 3)
    assert [decode_company(document).name for document in companies.plan().new_documents] == ["Y"]


def test_put_named_in_several_calls_tells_patches_apart(reads: MemoryReads) -> None:
    companies, _ = batch(reads)
    nums = [companies.put_named([CompanyPatch(domain=f"a{n}.example", name="A")], Tally()) for n in range(50)]
    assert nums == [[n] for n in range(50)], "a patch that is no longer used may have the id of a later one"


def test_put_named_joins_for_a_repeated_patch(reads: MemoryReads) -> None:
    page, other_page = (f"https://www.linkedin.com/company/{name}" for name in "ab")
    put(reads, CompanyPatch(domain="a.example", linkedin_url=other_page))
    repeated = CompanyPatch(domain="a.example", id="co_000000000001")
    joining = CompanyBatch(reads, MemoryNumbers(next_company=1, companies=1), NOW, joins=True)
    without = CompanyPatch(id="co_000000000001", linkedin_url=page)
    with pytest.raises(CompanyJoin) as found:
        joining.put_named([repeated, repeated, without, repeated], Tally())
    assert (found.value.place, found.value.kept, found.value.gone) == (3, 0, 1)


def test_put_named_of_known_domains_reads_no_documents(reads: MemoryReads) -> None:
    reads.stored_companies["a.example"] = (0, b"damaged")
    companies, _ = batch(reads)
    assert companies.put_named(["a.example"], Tally()) == [0]


def test_put_of_two_companies_reports_the_row(reads: MemoryReads) -> None:
    page = "https://www.linkedin.com/company/a"
    put(reads, CompanyPatch(domain="a.example"), CompanyPatch(linkedin_url=page), CompanyPatch(domain="b.example"))
    both = CompanyPatch(domain="a.example", linkedin_url=page)
    joining = CompanyBatch(reads, MemoryNumbers(next_company=3, companies=3), NOW, joins=True)
    with pytest.raises(CompanyJoin) as found:
        joining.put_all([CompanyPatch(domain="b.example", name="B"), both])
    assert (found.value.place, found.value.kept, found.value.gone) == (1, 0, 1)
    assert batch(reads)[0].put_all([both]) == Tally(changed=1)

"""What is remembered of companies from one batch to the next, and when it is forgotten."""

from __future__ import annotations

import msgspec
import pytest

from letrics.identity.companies import CompanyBatch
from letrics.identity.company_join import CompanyJoin
from letrics.identity.company_memory import CompanyMemory
from letrics.identity.patches import CompanyPatch, Tally
from letrics.records import decode_company
from tests.identity.memory_reads import MemoryNumbers, MemoryReads

PAGE = "https://www.linkedin.com/company/a"
NOW = "2026-01-01T00:00:00.000Z"


def encoded(domain: str | None = "a.example", **members: str) -> bytes:
    return msgspec.msgpack.encode(CompanyPatch(domain=domain, **members))


A, B = encoded(name="A"), encoded(name="B")


class Batches:
    """Batches that are written one after another, with one memory. `changed` are the companies that they changed."""

    def __init__(self, memory: CompanyMemory | None = None) -> None:
        self.reads = MemoryReads()
        self.memory = CompanyMemory() if memory is None else memory
        self.changed: list[int] = []

    def put(self, *named: bytes | str) -> list[int]:
        """The num of each company that the rows of a batch name."""
        stored = len(self.reads.stored_companies)
        numbers = MemoryNumbers(next_company=stored, companies=stored)
        companies = CompanyBatch(self.reads, numbers, NOW, True, self.memory)
        nums = companies.put_named(named, Tally())
        companies.remember()
        plan = companies.plan()
        self.reads.write_companies(plan)
        self.changed += plan.changed_nums
        return nums

    def name(self, domain: str = "a.example") -> str | None:
        return decode_company(self.reads.stored_companies[domain][1]).name


def test_patch_that_was_put_is_not_read_again() -> None:
    batches = Batches()
    assert batches.put(A, encoded("b.example"), A) == [0, 1, 0]
    batches.reads.stored_companies["a.example"] = (0, b"not read")
    assert batches.put("c.example", A, A) == [2, 0, 0]
    assert batches.changed == []


def test_patch_after_another_of_its_company_is_put_again() -> None:
    batches = Batches()
    for named, name in (((A,), "A"), ((B,), "B"), ((A,), "A"), ((A, B, A), "A"), ((B, A, A, B), "B"), ((A,), "A")):
        batches.put(*named)
        assert batches.name() == name


def test_patch_is_read_where_another_of_its_company_is_in_the_batch() -> None:
    batches = Batches()
    batches.put(encoded(), A)
    assert batches.put(A, encoded(), A) == [0, 0, 0]
    assert len(batches.memory) == 2 and batches.changed == []


@pytest.mark.parametrize("is_same_batch", [True, False])
def test_company_without_a_domain_may_be_named_by_a_remembered_patch(is_same_batch: bool) -> None:
    batches = Batches()
    with_page = encoded(id="co_000000000001")
    batches.put(with_page)
    without = msgspec.msgpack.encode(CompanyPatch(id="co_000000000001", linkedin_url=PAGE))
    if not is_same_batch:
        batches.put(without)
    with pytest.raises(CompanyJoin) as found:
        batches.put(without, with_page)
    assert (found.value.kept, found.value.gone) == (0, 1)


def test_memory_of_another_position_is_forgotten() -> None:
    memory = CompanyMemory()
    memory.begin(0)
    memory.learn([(A, 7)])
    assert memory.num(A) == 7
    memory.end(1)
    memory.begin(1)
    assert memory.num(A) == 7
    memory.begin(1)
    assert memory.num(A) is None, "the batch did not end"
    memory.learn([(A, 7)])
    memory.end(2)
    memory.begin(3)
    assert memory.num(A) is None


def test_memory_is_limited() -> None:
    memory = CompanyMemory(max_remembered=2)
    patches = [(encoded(name=name), at) for at, name in enumerate("abc")]
    memory.learn(patches[:2])
    assert [memory.num(patch) for patch, _ in patches] == [0, 1, None]
    memory.learn(patches[2:])
    assert [memory.num(patch) for patch, _ in patches] == [None, None, 2]
    memory.learn(patches)
    assert len(memory) == 0


def test_known_nums_have_companies_that_were_remembered() -> None:
    batches = Batches()
    batches.put(A, "b.example")
    companies = CompanyBatch(batches.reads, MemoryNumbers(2, companies=2), NOW, True, batches.memory)
    assert companies.put_named([A], Tally()) == companies.known_nums() == [0]

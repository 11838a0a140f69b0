"""Batches of companies: nums, seqs and outcomes."""

from __future__ import annotations

import json

import pytest

from letrics.identity.companies import CompanyBatch
from letrics.identity.patches import CompanyPatch, Tally
from letrics.store.sqlite import SqliteStore
from letrics.store.sqlite.companies import domains_of, write_companies
from letrics.store.sqlite.identity_reads import SqliteReads
from letrics.store.sqlite.log import Numbers

NOW = "2026-01-01T00:00:00.000Z"


def batch(store: SqliteStore) -> tuple[CompanyBatch, Numbers]:
    numbers = Numbers.read(store._connection)
    return CompanyBatch(SqliteReads(store._connection), numbers, NOW), numbers


def seqs(store: SqliteStore) -> dict[str, int]:
    return dict(store._connection.execute("SELECT domain, seq FROM company"))


def test_put_all_counts_new_changed_and_unchanged(store: SqliteStore) -> None:
    companies, numbers = batch(store)
    a, named = CompanyPatch(domain="a.example"), CompanyPatch(domain="a.example", name="A")
    assert companies.put_all([a, a, named, named, CompanyPatch(domain="b.example")]) == Tally(2, 1, 2)
    assert (numbers.companies, numbers.next_company) == (2, 2)
    write_companies(store._connection, numbers, companies.plan())
    assert domains_of(store._connection, [0, 1, 9]) == {0: "a.example", 1: "b.example"}


def test_write_takes_a_seq_for_each_changed_company(store: SqliteStore) -> None:
    store.put_companies([CompanyPatch(domain=f"{name}.example") for name in "abc"])
    assert seqs(store) == {"a.example": 1, "b.example": 2, "c.example": 3}
    companies, numbers = batch(store)
    companies.put_all(
        [CompanyPatch(domain="d.example"), CompanyPatch(domain="b.example", name="B"), CompanyPatch(domain="a.example")]
    )
    write_companies(store._connection, numbers, companies.plan())
    assert seqs(store) == {"a.example": 1, "b.example": 4, "c.example": 3, "d.example": 5}
    assert numbers.seq == 5


def test_put_named_gives_the_num_of_each_company(store: SqliteStore) -> None:
    store.put_companies([CompanyPatch(domain="a.example", name="A")])
    companies, _ = batch(store)
    tally = Tally()
    named: list[str | CompanyPatch] = [
        "a.example", "b.example", CompanyPatch(domain="a.example", name="Z"), "b.example",
    ]  # fmt: skip
    assert companies.put_named(named, tally) == [0, 1, 0, 1]
    assert (tally.companies_new, tally.companies_changed) == (1, 1)
    assert companies.put_named([], tally) == []


def test_put_named_of_known_domains_reads_no_documents(store: SqliteStore) -> None:
    store.put_companies([CompanyPatch(domain="a.example")])
    store._connection.execute("UPDATE company SET document = ?", (b"damaged",))
    companies, _ = batch(store)
    assert companies.put_named(["a.example"], Tally()) == [0]


def test_malformed_company_is_replaced_under_its_num(store: SqliteStore, caplog: pytest.LogCaptureFixture) -> None:
    store.put_companies([CompanyPatch(domain="a.example", name="Lost")])
    store._connection.execute("UPDATE company SET document = ?", (b"damaged",))
    assert store.put_companies([CompanyPatch(domain="a.example", employees=5)]).changed == 1
    (document,) = store.documents("companies", [0])
    assert document is not None
    record = json.loads(document)
    assert (record["name"], record["employees"]) == (None, 5)
    assert "company num 0 is malformed" in caplog.text


def test_domains_of_no_nums_is_empty(store: SqliteStore) -> None:
    assert domains_of(store._connection, []) == {}

"""The table of companies: reads, seqs, and malformed documents."""

from __future__ import annotations

import json

import pytest

from letrics.identity.companies import CompanyBatch
from letrics.identity.patches import CompanyPatch
from letrics.store.sqlite import SqliteStore
from letrics.store.tables.company_table import company_ids, find_companies, write_companies
from letrics.store.tables.identity_reads import TableReads
from letrics.store.tables.log import Numbers

NOW = "2026-01-01T00:00:00.000Z"


def batch(store: SqliteStore) -> tuple[CompanyBatch, Numbers]:
    numbers = Numbers.read(store._connection)
    return CompanyBatch(TableReads(store._connection), numbers, NOW), numbers


def seqs(store: SqliteStore) -> dict[str, int]:
    return dict(store._connection.execute("SELECT domain, seq FROM company"))


def test_find_companies_gives_the_columns_of_stored_domains(store: SqliteStore) -> None:
    store.put_companies([CompanyPatch(domain=f"{name}.example") for name in "ab"])
    asked = {"b.example", "a.example", "c.example"}
    assert find_companies(store._connection, "domain, num", asked) == [("a.example", 0), ("b.example", 1)]
    assert find_companies(store._connection, "domain, num", ()) == []
    assert company_ids(store._connection, [0, 1, 9]) == {0: "a.example", 1: "b.example"}


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


def test_malformed_company_is_replaced_under_its_num(store: SqliteStore, caplog: pytest.LogCaptureFixture) -> None:
    store.put_companies([CompanyPatch(domain="a.example", name="Lost")])
    store._connection.execute("UPDATE company SET document = ?", (b"damaged",))
    assert store.put_companies([CompanyPatch(domain="a.example", employees=5)]).changed == 1
    (document,) = store.documents("companies", [0])
    assert document is not None
    record = json.loads(document)
    assert (record["name"], record["employees"]) == (None, 5)
    assert "company num 0 is malformed" in caplog.text


def test_ids_of_no_nums_is_empty(store: SqliteStore) -> None:
    assert company_ids(store._connection, []) == {}

"""Ids by which companies are found, damaged: the document says what they were."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from letrics.identity.patches import CompanyPatch, ContactPatch
from letrics.records import decode_company
from letrics.store.postgres.postgres_store import PostgresStore
from letrics.store.sqlite.store import SqliteStore
from letrics.store.tables.checksums import checksum_of
from letrics.store.tables.sql_store import SqlStore
from tests.servers.postgres import new_database


@pytest.fixture(params=["sqlite", "postgres"])
def store(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[SqlStore]:
    """Three companies, each with a contact; the id of the second one is damaged."""
    opened = SqliteStore.open(tmp_path / "l.db") if request.param == "sqlite" else PostgresStore.open(new_database())
    with opened as store:
        store.put_companies([CompanyPatch(domain=f"f{n}.example", name=f"Firm {n}") for n in range(3)])
        store.put_contacts([ContactPatch(external_id=f"c{n}", company=f"f{n}.example") for n in range(3)])
        store.sql.execute("UPDATE company SET domain = 'f9.example' WHERE num = 1")
        yield store


def test_company_that_is_not_found_by_its_id_is_reported(store: SqlStore) -> None:
    assert store.integrity() == [
        "the document of company num 1 (id 'f1.example') is not found by its id: run `letrics check --repair`"
    ]


def test_repair_finds_it_by_the_id_in_its_document(store: SqlStore) -> None:
    assert store.repair(lambda *_: None) == ["1 company found by the id in its document again"]
    assert store.integrity() == [] and store.find("companies", "f9.example") is None
    assert (found := store.find("companies", "f1.example")) is not None and found.num == 1


def test_repair_merges_a_company_that_was_added_again(store: SqlStore) -> None:
    store.put_companies([CompanyPatch(domain="f1.example", employees=7)])
    assert store.repair(lambda *_: None) == ["1 company found by the id in its document again"]
    assert store.integrity() == [] and store.counts().companies == 3
    found = store.find("companies", "f1.example")
    assert found is not None and found.contacts == 1
    company = decode_company(found.document)
    assert (company.name, company.employees) == ("Firm 1", 7)


def test_damaged_document_gets_the_id_of_its_row(store: SqlStore) -> None:
    [document] = [row[0] for row in store.sql.execute("SELECT document FROM company WHERE num = 2")]
    damaged = document.replace(b'"id":"f2.example"', b'"id":"f6.example"')
    assert damaged != document
    store.sql.execute("UPDATE company SET document = ? WHERE num = 2", (damaged,))
    assert store.repair(lambda *_: None)[0] == "1 company document repaired or removed"
    assert store.integrity() == []
    found = store.find("companies", "f2.example")
    assert found is not None and decode_company(found.document).id == "f2.example"


def test_damaged_document_keeps_the_id_before_others_are_corrected(store: SqlStore) -> None:
    document = b"{"
    store.sql.execute("UPDATE company SET document = ?, checksum = ? WHERE num = 1", (document, checksum_of(1, b"{")))
    assert store.repair(lambda *_: None)[0] == "1 company document repaired or removed"
    assert store.integrity() == [] and store.find("companies", "f9.example") is not None

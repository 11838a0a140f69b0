"""Rows of imports that change damaged records: what is written does not look as if it were whole."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from pathlib import Path

import pytest

from letrics.identity.patches import CompanyPatch, ContactPatch, Tally
from letrics.records import Email, decode_company
from letrics.store.base import StoreDamaged
from letrics.store.import_record import ImportStart
from letrics.store.postgres.postgres_store import PostgresStore
from letrics.store.sqlite.store import SqliteStore
from letrics.store.tables.sql_store import SqlStore
from tests.servers.postgres import new_database

_PAGE = "https://www.linkedin.com/company/acme"
_ANN = Email("ann@mail.example", "personal")


@pytest.fixture(params=["sqlite", "postgres"])
def store(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[SqlStore]:
    """Two companies and two contacts."""
    opened = SqliteStore.open(tmp_path / "l.db") if request.param == "sqlite" else PostgresStore.open(new_database())
    with opened as store:
        store.put_companies([CompanyPatch(domain=f"f{n}.example", name=f"Firm {n}", emails=(_ANN,)) for n in range(2)])
        store.put_contacts(
            [ContactPatch(external_id=f"c{n}", company="f0.example", full_name=f"Ann {n}") for n in range(2)]
        )
        yield store


def damage(store: SqlStore, table: str, old: bytes, new: bytes) -> None:
    [(document,)] = store.sql.execute(f"SELECT document FROM {table} WHERE num = 1").fetchall()
    assert old in document
    store.sql.execute(f"UPDATE {table} SET document = ? WHERE num = 1", (document.replace(old, new),))
    assert len(store.integrity()) == 1


def is_reported(store: SqlStore, kind: str) -> bool:
    return any(fault.startswith(f"the document of {kind} num 1") for fault in store.integrity())


def test_changed_contact_stays_damaged(store: SqlStore, caplog: pytest.LogCaptureFixture) -> None:
    damage(store, "contact", b"Ann 1", b"Aon 1")
    with caplog.at_level(logging.WARNING, "letrics.store"):
        rows = [ContactPatch(external_id=f"c{n}", company="f0.example", job_title="CEO") for n in range(2)]
        assert store.put_contacts(rows) == Tally(changed=2)
    assert is_reported(store, "contact") and len(store.integrity()) == 1
    assert "the document of contact num 1 is damaged (checksum): run `letrics check`" in caplog.text
    assert store.repair(lambda *_: None)[0] == "1 contact document repaired or removed" and store.integrity() == []


def test_changed_company_stays_damaged(store: SqlStore) -> None:
    damage(store, "company", b"Firm 1", b"Fyrm 1")
    rows = [CompanyPatch(domain=f"f{n}.example", employees=7) for n in range(2)]
    assert store.put_companies(rows) == Tally(changed=2)
    assert is_reported(store, "company") and len(store.integrity()) == 1


def test_company_that_cannot_be_decoded_is_replaced(store: SqlStore) -> None:
    damage(store, "company", b'"name":"Firm 1"', b'"name":7')
    store.put_companies([CompanyPatch(domain="f1.example", name="Firm 1")])
    assert store.integrity() == []


def test_undo_of_an_import_keeps_the_damaged_record(store: SqlStore) -> None:
    damage(store, "contact", b"Ann 1", b"Aon 1")
    id = store.start_import(ImportStart(kind="contacts", file="people.csv"))
    store.put_contacts([ContactPatch(external_id="c1", company="f0.example", job_title="CEO")], id)
    store.update_import(id, "done")
    assert store.undo_import(id).damaged == (("contacts", "c1"),)
    assert is_reported(store, "contact")


def test_company_merged_from_a_damaged_one_stays_damaged(store: SqlStore) -> None:
    store.put_companies([CompanyPatch(linkedin_url=_PAGE, name="Acme")])
    damage(store, "company", b"Firm 1", b"Fyrm 1")
    assert store.put_companies([CompanyPatch(domain="f1.example", linkedin_url=_PAGE)]).companies_merged == 1
    assert is_reported(store, "company")


@pytest.mark.parametrize("kept", ["c0", "c1"])
def test_damaged_contact_is_not_merged(store: SqlStore, kept: str) -> None:
    damage(store, "contact", b"Ann 1", b"Aon 1")
    with pytest.raises(StoreDamaged, match="row 1 of the table contact"):
        store.merge_contacts(kept, "c0" if kept == "c1" else "c1")
    assert store.counts().contacts == 2


def test_company_without_forgotten_addresses_stays_damaged(store: SqlStore) -> None:
    damage(store, "company", b"Firm 1", b"Fyrm 1")
    store.forget([], ["ann@mail.example"])
    rows = store.sql.execute("SELECT document FROM company").fetchall()
    assert [decode_company(document).emails for (document,) in rows] == [(), ()]
    assert is_reported(store, "company") and len(store.integrity()) == 1

"""Reads for followers: the changes since a seq, and how long tombstones stay stored."""

from __future__ import annotations

import time
from pathlib import Path

import pytest

from letrics.identity.patches import CompanyPatch
from letrics.store.base import StoreAway, StoreDamaged
from letrics.store.connection import open_sqlite
from letrics.store.sqlite import SqliteStore
from letrics.store.tables.following import register
from tests.store.patches import row


class TestFollowers:
    def test_a_silent_follower_is_forgotten_after_seven_days(self, store: SqliteStore) -> None:
        store.put_contacts([row("1"), row("2")])
        start = store.position().seq
        store.follow("silent", start)
        store.delete("contacts", [0])
        store.follow("awake", store.position().seq)
        assert store.changes(start, 10) is not None
        later = time.time_ns() // 1_000_000 + 8 * 24 * 3600 * 1000
        register(store._connection, "awake", store.position().seq, later)
        with pytest.raises(LookupError, match="no longer stored"):
            store.changes(start, 10)

    def test_a_follower_with_nothing_new_does_not_write(self, store: SqliteStore, tmp_path: Path) -> None:
        store.follow("one", 0)
        other = open_sqlite(tmp_path / "log.db")
        other.execute("BEGIN IMMEDIATE")
        store._connection.set_busy_timeout(1)
        store.follow("one", 0)
        with pytest.raises(StoreAway):
            store.follow("one", 1)
        other.close()


def flip_letter(store: SqliteStore, table: str, old: bytes, new: bytes) -> None:
    """Damage the document of the record with the num 1."""
    document: bytes = store.sql.execute(f"SELECT document FROM {table} WHERE num = 1").fetchall()[0][0]
    assert old in document
    store.sql.execute(f"UPDATE {table} SET document = ? WHERE num = 1", (document.replace(old, new),))


@pytest.mark.parametrize("table", ["contact", "company"])
def test_document_with_one_wrong_letter_is_empty(store: SqliteStore, table: str) -> None:
    store.put_companies([CompanyPatch(domain=f"f{n}.example", name=f"Firm {n}") for n in range(3)])
    store.put_contacts([row(str(n), f"f{n}.example", full_name=f"Ann {n}") for n in range(3)])
    flip_letter(store, table, *((b"Ann 1", b"Aon 1") if table == "contact" else (b"Firm 1", b"Fyrm 1")))
    changes, parts = store.changes(0, 100), list(store.scan(100))
    assert changes is not None
    for companies, contacts in (
        (changes.company_documents, changes.contact_documents),
        (parts[0].company_documents, parts[1].contact_documents),
    ):
        documents = contacts if table == "contact" else companies
        assert [bool(document) for document in documents] == [True, False, True]
        assert all(companies if table == "contact" else contacts)


def test_later_company_with_one_wrong_letter_is_empty(store: SqliteStore) -> None:
    store.put_contacts([row("0", "f0.example"), row("1", "f1.example")])
    end = store.position().seq
    store.put_companies([CompanyPatch(domain="f1.example", name="Firm 1")])
    flip_letter(store, "company", b"Firm 1", b"Fyrm 1")
    changes = store.changes(0, end)
    assert changes is not None and changes.position.seq == end
    assert dict(zip(changes.company_nums, changes.company_documents, strict=True))[1] == b""


def test_documents_without_checksums_are_trusted(store: SqliteStore) -> None:
    store.put_contacts([row(str(n), full_name=f"Ann {n}") for n in range(3)])
    store.sql.execute("UPDATE contact SET checksum = NULL WHERE num > 0")
    flip_letter(store, "contact", b"Ann 1", b"Aon 1")
    assert all(list(store.scan(100))[1].contact_documents)


@pytest.mark.parametrize("company", [1 << 31, 1 << 40, -5])
def test_contact_of_a_company_that_was_never_assigned_is_damaged(store: SqliteStore, company: int) -> None:
    """An index would allocate memory for all companies up to it."""
    store.put_contacts([row("1"), row("2")])
    store.sql.execute("UPDATE contact SET company = ? WHERE num = 1", (company,))
    with pytest.raises(StoreDamaged, match="the row 1 of the table contact"):
        store.changes(0, 100)
    with pytest.raises(StoreDamaged, match="the row 1 of the table contact"):
        list(store.scan(100))

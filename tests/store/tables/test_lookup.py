"""Lookups of records: documents by num, one record by its id, and malformed documents."""

from __future__ import annotations

import json
import logging
from collections.abc import Iterator
from pathlib import Path

import pytest

from letrics.identity.patches import CompanyPatch, ContactPatch
from letrics.records import KINDS, Email
from letrics.store.base import Counts
from letrics.store.postgres.postgres_store import PostgresStore
from letrics.store.sqlite import SqliteStore
from letrics.store.tables.lookup import find_record, read_counts, read_documents
from letrics.store.tables.sql_store import SqlStore
from tests.servers.postgres import new_database
from tests.store.patches import row

JANE = (Email("jane@a.example", "personal"),)


@pytest.fixture
def filled(store: SqliteStore) -> SqliteStore:
    store.put_companies([CompanyPatch(domain="a.example", name="A"), CompanyPatch(domain="b.example")])
    store.put_contacts([row(str(n), "a.example" if n % 2 else "b.example", full_name=f"N{n}") for n in range(5)])
    return store


def ids(store: SqliteStore, nums: list[int]) -> list[str | None]:
    found = read_documents(store._connection, "contacts", nums)
    return [None if document is None else json.loads(document)["id"] for document in found]


@pytest.mark.parametrize("nums", [[], [0], [4, 1, 3], [2, 2], [0, 99, 1]])
def test_read_documents_are_in_the_requested_order(filled: SqliteStore, nums: list[int]) -> None:
    assert ids(filled, nums) == [str(num) if num < 5 else None for num in nums]


def test_read_documents_of_a_deleted_record_is_none(filled: SqliteStore) -> None:
    filled.delete("contacts", [1])
    assert ids(filled, [0, 1, 2]) == ["0", None, "2"]


def test_read_documents_of_a_contact_has_its_company(filled: SqliteStore) -> None:
    (contact,) = read_documents(filled._connection, "contacts", [1])
    (company,) = read_documents(filled._connection, "companies", [0])
    assert contact is not None and company is not None
    assert json.loads(contact)["company"] == json.loads(company)
    assert json.loads(company)["name"] == "A"


def test_read_documents_of_an_earlier_version_have_every_field(filled: SqliteStore) -> None:
    wanted = [read_documents(filled._connection, kind, [0, 1]) for kind in KINDS]
    single = find_record(filled._connection, "contacts", "1"), find_record(filled._connection, "companies", "a.example")
    for table, members in (("company", '"employees_range":null,'), ("contact", '"locations":[],"derived":[],')):
        filled._connection.execute(
            f"UPDATE {table} SET checksum = NULL, document = CAST(replace(CAST(document AS TEXT), ?, '') AS BLOB)",
            (members,),
        )
        assert filled._connection.execute(f"SELECT min(instr(document, '{members[:16]}')) FROM {table}").get == 0
    assert [read_documents(filled._connection, kind, [0, 1]) for kind in KINDS] == wanted
    assert single == (
        find_record(filled._connection, "contacts", "1"), find_record(filled._connection, "companies", "a.example"),
    )  # fmt: skip


@pytest.mark.parametrize("document", [b"", b"{", b"7", b"[1]", b"{},{}"])
def test_read_documents_leaves_out_and_logs_a_malformed_one(
    filled: SqliteStore, document: bytes, caplog: pytest.LogCaptureFixture
) -> None:
    filled._connection.execute("UPDATE contact SET document = ? WHERE num = 1", (document,))
    with caplog.at_level(logging.WARNING, "letrics.store"):
        assert ids(filled, [0, 1, 2]) == ["0", None, "2"]
    assert "contact num 1 or of the company is malformed: run `letrics check`" in caplog.text


def flip_letter(store: SqlStore, table: str, num: int, old: bytes, new: bytes) -> None:
    [(document,)] = store.sql.execute(f"SELECT document FROM {table} WHERE num = {num}").fetchall()
    assert old in document and len(old) == len(new)
    store.sql.execute(f"UPDATE {table} SET document = ? WHERE num = {num}", (document.replace(old, new),))


@pytest.fixture(params=["sqlite", "postgres"])
def either(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[SqlStore]:
    """Two companies with two contacts each."""
    opened = SqliteStore.open(tmp_path / "l.db") if request.param == "sqlite" else PostgresStore.open(new_database())
    with opened as store:
        store.put_companies([CompanyPatch(domain=f"{name}.example", name=f"Firm {name}") for name in "ab"])
        store.put_contacts([row(str(n), "a.example" if n < 2 else "b.example", full_name=f"Ann {n}") for n in range(4)])
        yield store


def test_contact_with_one_wrong_letter_is_never_read(either: SqlStore, caplog: pytest.LogCaptureFixture) -> None:
    flip_letter(either, "contact", 1, b"Ann 1", b"Aon 1")
    with caplog.at_level(logging.WARNING, "letrics.store"):
        found = either.found_documents("contacts", [0, 1, 2], None)
    assert [document is None for document in found.documents] == [False, True, False]
    assert list(found.malformed) == ["num 1 (id '1')"] and "contact num 1 or of the company" in caplog.text
    assert either.documents("contacts", [1]) == [None]
    one = either.find("contacts", "1")
    assert one is not None and (one.num, one.malformed, b"Aon" in one.document) == (1, True, False)
    assert either.delete_id("contacts", "1") == 1


def test_company_with_one_wrong_letter_is_never_read(either: SqlStore) -> None:
    flip_letter(either, "company", 0, b"Firm a", b"Firm e")
    assert [document is None for document in either.documents("companies", [0, 1])] == [True, False]
    one = either.find("companies", "a.example")
    assert one is not None and (one.contacts, one.malformed, b"Firm e" in one.document) == (2, True, False)
    assert [document is None for document in either.documents("contacts", range(4))] == [True, True, False, False]
    contact = either.find("contacts", "0")
    assert contact is not None and contact.malformed and b"Firm e" not in contact.document


def test_exchanged_documents_are_never_read(either: SqlStore) -> None:
    """Each is whole, but not that of its record."""
    [(one,), (other,)] = either.sql.execute("SELECT document FROM contact WHERE num < 2 ORDER BY num").fetchall()
    for num, document in ((0, other), (1, one)):
        either.sql.execute("UPDATE contact SET document = ? WHERE num = ?", (document, num))
    assert either.documents("contacts", [0, 1]) == [None, None]


def test_document_without_a_checksum_is_trusted(either: SqlStore) -> None:
    for table in ("contact", "company"):
        either.sql.execute(f"UPDATE {table} SET checksum = NULL")
    flip_letter(either, "contact", 1, b"Ann 1", b"Aon 1")
    assert None not in either.documents("contacts", range(4)) and None not in either.documents("companies", [0, 1])
    one = either.find("contacts", "1")
    assert one is not None and not one.malformed


def test_read_documents_logs_at_most_twenty_nums(store: SqliteStore, caplog: pytest.LogCaptureFixture) -> None:
    store.put_companies([CompanyPatch(domain=f"c{n}.example") for n in range(25)])
    store._connection.execute("UPDATE company SET document = ?", (b"",))
    with caplog.at_level(logging.WARNING, "letrics.store"):
        assert read_documents(store._connection, "companies", range(25)) == [None] * 25
    assert "18, 19 and 5 more is malformed" in caplog.text


def test_find_record_of_a_company_counts_its_contacts(filled: SqliteStore) -> None:
    found = find_record(filled._connection, "companies", "a.example")
    assert found is not None and (found.num, found.contacts, found.malformed) == (0, 2, False)
    assert find_record(filled._connection, "companies", "A.example") is None


def test_find_record_of_a_contact_knows_current_and_former_ids(store: SqliteStore) -> None:
    store.put_contacts([ContactPatch(company="a.example", emails=JANE)])
    (document,) = store.documents("contacts", [0])
    assert document is not None
    generated = json.loads(document)["id"]
    store.put_contacts([row("crm:7", emails=JANE)])
    for id in (generated, "crm:7"):
        found = find_record(store._connection, "contacts", id)
        assert found is not None and found.num == 0 and json.loads(found.document)["id"] == "crm:7"
    assert find_record(store._connection, "contacts", "crm:8") is None


@pytest.mark.parametrize("kind", ["contacts", "companies"])
def test_find_record_says_if_it_is_malformed(filled: SqliteStore, kind: str) -> None:
    filled._connection.execute("UPDATE company SET document = ?", (b"x",))
    id = "1" if kind == "contacts" else "a.example"
    found = find_record(filled._connection, kind, id)  # type: ignore[arg-type]
    assert found is not None and found.malformed


def test_read_counts_are_of_records_and_next_nums(filled: SqliteStore) -> None:
    filled.delete("contacts", [4])
    assert read_counts(filled._connection) == Counts(companies=2, contacts=4, next_company=2, next_contact=5)

"""Malformed stored documents: left out of the index, named in the log and by the check, and following goes on."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Iterator
from pathlib import Path

import apsw
import pytest

from letrics.engines.base import Window
from letrics.engines.bitmap import BitmapEngine
from letrics.query import parse_request
from letrics.store.base import CompanyPatch, ContactPatch
from letrics.store.sqlite import SqliteStore

MANY = 1200
"""More than 500: a failed conversion of that many timestamps at once used to end the process."""


SECRET = "Secret Name"


MALFORMED = {
    "empty": b"",
    "no JSON": b"\x00\xff\xfe",
    "truncated": b'{"id":"c7","first_name":"Secret Name","last_n',
    "another type": b'{"id":"c7","full_name":["Secret Name"]}',
    "members missing": b'{"id":"c7"}',
    "two objects": b'{"id":"c7"},{"id":"c8"}',
    "not UTF-8": b'{"id":"c7","full_name":"Secret Name \xff"}',
    "surrogate": b'{"id":"c7","full_name":"Secret Name \\ud800"}',
    "too deep": b'{"id":' + b"[" * 100_000,
    "no object": b"7",
}


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "letrics.db"


@pytest.fixture
def store(path: Path) -> Iterator[SqliteStore]:
    with SqliteStore.open(path) as opened:
        opened.put_contacts(
            [
                ContactPatch(company=f"f{n % 9}.example", external_id=f"c{n}", full_name=SECRET, job_title=f"Job {n}")
                for n in range(MANY)
            ]
        )
        yield opened


def damage(path: Path, num: int, document: bytes, table: str = "contact") -> None:
    """Put a document in the place of another, as a later change of the log."""
    connection = apsw.Connection(str(path))
    with connection:
        seq = connection.execute("SELECT seq + 1 FROM log").get
        connection.execute(f"UPDATE {table} SET seq = ?, document = ? WHERE num = ?", (seq, document, num))
        connection.execute("UPDATE log SET seq = ?", (seq,))
        connection.execute("INSERT INTO batch VALUES (?, ?)", (seq, f"batch{seq}"))
    connection.close()


def with_time(path: Path, num: int, time: str) -> bytes:
    connection = apsw.Connection(str(path))
    document: bytes = connection.execute("SELECT document FROM contact WHERE num = ?", (num,)).get
    connection.close()
    at = document.index(b'"updated_at":"') + 14
    return document[:at] + time.encode() + document[at + 24 :]


def total(engine: BitmapEngine, **body: object) -> int:
    return asyncio.run(engine.search(parse_request("contacts", body).query, Window())).total


@pytest.mark.parametrize("time", ["2026-99-99T99:99:99.999Z", "yesterday", ""])
def test_engine_malformed_timestamp_counts_as_none(path: Path, store: SqliteStore, time: str) -> None:
    engine = BitmapEngine()
    engine.load(store)
    damage(path, 700, with_time(path, 700, time))
    fresh = BitmapEngine()
    fresh.load(store)
    assert engine.catch_up(store)
    for made in (engine, fresh):
        assert total(made) == MANY
        assert total(made, contact_added_before="9999-12-31") == MANY
    assert engine.verify(store) == []
    assert store.integrity() == ["the document of contact num 700 (id 'c700') has a malformed timestamp: updated_at"]


@pytest.mark.parametrize("document", MALFORMED.values(), ids=MALFORMED)
def test_engine_malformed_document_is_left_out(
    path: Path, store: SqliteStore, document: bytes, caplog: pytest.LogCaptureFixture
) -> None:
    engine = BitmapEngine()
    engine.load(store)
    damage(path, 7, document)
    fresh = BitmapEngine()
    with caplog.at_level(logging.WARNING):
        assert engine.catch_up(store)
        fresh.load(store)
    assert total(engine) == total(fresh) == MANY - 1
    assert caplog.text.count("contact num 7 is malformed") == 2 and "Secret" not in caplog.text
    store.put_contacts([ContactPatch(company="late.example", external_id="late", job_title="Late")])
    assert engine.catch_up(store) and total(engine, job_titles=["late"]) == 1, "following goes on"
    assert engine.verify(store) == []
    (fault,) = store.integrity()
    assert "contact num 7 " in fault and "cannot be read" in fault and "Secret" not in fault


def test_engine_malformed_company_has_no_facts(path: Path, store: SqliteStore) -> None:
    store.put_companies([CompanyPatch(domain="f1.example", industries=("Steel",), employees=9)])
    engine = BitmapEngine()
    engine.load(store)
    steel = total(engine, industries=["steel"])
    damage(path, 1, b'{"id":1}', "company")
    assert engine.catch_up(store) and steel > 0
    assert total(engine) == MANY and total(engine, industries=["steel"]) == 0
    assert total(engine, employees_min=1) == 0 and total(engine, added_before="9999-01-01") == MANY - steel
    assert engine.verify(store) == []


@pytest.mark.parametrize("document", [MALFORMED["truncated"], MALFORMED["not UTF-8"]])
def test_store_malformed_document_can_be_deleted(path: Path, store: SqliteStore, document: bytes) -> None:
    damage(path, 7, document)
    assert store.delete_id("contacts", "c7") == 1
    assert store.integrity() == [] and store.find("contacts", "c7") is None


def test_store_import_repairs_a_malformed_document(path: Path, store: SqliteStore) -> None:
    damage(path, 7, MALFORMED["truncated"])
    damage(path, 1, b"{}", "company")
    store.put_companies([CompanyPatch(domain="f1.example", name="Again")])
    tally = store.put_contacts([ContactPatch(company="f1.example", external_id="c7", full_name="Jo Again")])
    assert tally.new == 1
    found = store.find("contacts", "c7")
    assert found is not None and b"Jo Again" in found.document and b'"name":"Again"' in found.document
    assert [fault for fault in store.integrity() if "num 7 " not in fault] == []

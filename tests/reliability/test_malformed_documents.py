"""Documents that were damaged in the database: left out of pages, so that responses stay valid JSON."""

from __future__ import annotations

import asyncio
import json
import logging
from collections.abc import Iterator
from pathlib import Path

import apsw
import pytest

from letrics.accounts.authenticator import LocalAuthenticator
from letrics.accounts.database import AccountsDatabase
from letrics.accounts.tokens import Tokens
from letrics.accounts.users import Users
from letrics.api.application import Application
from letrics.api.backends import Backends
from letrics.api.endpoints import build_table
from letrics.api.metrics import Metrics
from letrics.identity.patches import ContactPatch
from letrics.query import parse_request
from letrics.records import Kind
from letrics.search import SearchService
from letrics.store.base import Store
from letrics.store.documents import LocalDocuments
from tests.api.caller import Caller
from tests.contract.envelope import check
from tests.default_backends import loaded_engine, open_store

DAMAGED = {
    "empty": b"",
    "truncated": b'{"id":"c3","full_name":"Secret Na',
    "two objects": b'{"id":"c3"},{"id":"c4"}',
    "unbalanced": b'{"id":"c3"}]',
    "no object": b"7",
    "no object but a list": b"[1,2]",
    "too deep": b'{"id":' + b"[" * 100_000,
}


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "letrics.db"


@pytest.fixture
def store(path: Path) -> Iterator[Store]:
    with open_store(path) as opened:
        opened.put_contacts(
            [ContactPatch(company=f"f{n}.example", external_id=f"c{n}", full_name="Secret Name") for n in range(6)]
        )
        yield opened


@pytest.fixture
def api(store: Store, path: Path, tmp_path: Path, loop: asyncio.AbstractEventLoop) -> Iterator[Caller]:
    """Over an index that was loaded before anything is damaged."""
    with AccountsDatabase(tmp_path / "accounts.db") as accounts:
        Users(accounts).add("ann@people.example")
        token, _ = Tokens(accounts).create("ann@people.example", "reading", ["read"])
        engine = loaded_engine(tmp_path, store).engine
        backends = Backends(engine, LocalDocuments(store), lambda: open_store(path), LocalAuthenticator.over(accounts))
        metrics = Metrics()
        yield Caller(Application(build_table(backends, metrics), backends, metrics), loop, token)


def damage(path: Path, table: str, document: bytes) -> None:
    """Damage the record with the num 3, not as a change of the log."""
    connection = apsw.Connection(str(path))
    connection.execute(f"UPDATE {table} SET document = ? WHERE num = 3", (document,))
    connection.close()


@pytest.mark.parametrize("document", DAMAGED.values(), ids=DAMAGED)
@pytest.mark.parametrize("table", ["contact", "company"])
def test_documents_leave_out_a_malformed_one(
    api: Caller, path: Path, table: str, document: bytes, caplog: pytest.LogCaptureFixture
) -> None:
    damage(path, table, document)
    for query in ("", "&fields=id", "&fields=id&fields=company.name"):
        with caplog.at_level(logging.WARNING, "letrics.store"):
            page = json.loads(api.get(f"/v1/contacts?per_page=2{query}").body)
            assert [contact["id"] for contact in page["data"]] == ["c0", "c1"]
            cursor = page["meta"]["next_cursor"]
            page = json.loads(api.get(f"/v1/contacts?per_page=2&cursor={cursor}{query}").body)
        assert [contact["id"] for contact in page["data"]] == ["c2", "c4"], "the next one takes its place"
    assert "contact num 3" in caplog.text and "Secret" not in caplog.text


@pytest.mark.parametrize("document", DAMAGED.values(), ids=DAMAGED)
@pytest.mark.parametrize("target", ["/v1/contacts/c3", "/v1/companies/f3.example"])
def test_find_of_a_malformed_record_says_so(api: Caller, path: Path, document: bytes, target: str) -> None:
    damage(path, "company", document)
    details = check(api.get(target), "internal_error")
    assert "num 3 is malformed" in details and "letrics check" in details and "Secret" not in details
    assert json.loads(api.get("/v1/companies").body)["meta"]["total"] == 6


def flip_letter(path: Path, table: str) -> None:
    """Change one letter of the record with the num 3, so that its document can still be decoded."""
    connection = apsw.Connection(str(path))
    document: bytes = connection.execute(f"SELECT document FROM {table} WHERE num = 3").get
    old, new = (b"Secret Name", b"Secret Lame") if table == "contact" else (b'"f3.example"', b'"f3.examplf"')
    assert old in document
    connection.execute(f"UPDATE {table} SET document = ? WHERE num = 3", (document.replace(old, new),))
    connection.close()


@pytest.mark.parametrize("table", ["contact", "company"])
def test_document_with_one_wrong_letter_is_never_sent(api: Caller, path: Path, table: str) -> None:
    flip_letter(path, table)
    replies = [api.get(f"/v1/contacts?per_page=50{query}") for query in ("", "&fields=full_name", "&ids=c3")]
    replies += [api.post("/v1/contacts/export", {}), api.post("/v1/contacts/export", {"format": "csv"})]
    replies += [api.get("/v1/companies?per_page=50"), api.post("/v1/companies/export", {})]
    for reply in replies:
        assert b"Lame" not in reply.body and b"examplf" not in reply.body
    assert len(json.loads(replies[0].body)["data"]) == 5
    for target in ("/v1/contacts/c3", *(["/v1/companies/f3.example"] if table == "company" else [])):
        assert "letrics check" in check(api.get(target), "internal_error")


@pytest.mark.parametrize("table", ["contact", "company"])
def test_document_with_one_wrong_letter_is_not_indexed(
    store: Store, path: Path, tmp_path: Path, table: str, loop: asyncio.AbstractEventLoop
) -> None:
    flip_letter(path, table)
    service = SearchService(loaded_engine(tmp_path, store).engine, LocalDocuments(store))
    kind: Kind = "contacts" if table == "contact" else "companies"
    assert loop.run_until_complete(service.count(parse_request(kind, {}).query)).total == 5


def test_page_of_malformed_records_alone_ends(store: Store, path: Path, api: Caller) -> None:
    store.put_contacts([ContactPatch(company="f3.example", external_id=f"d{n}") for n in range(100)])
    damage(path, "company", b"")
    assert json.loads(api.get("/v1/contacts?per_page=1").body)["data"] != []
    assert [document for document in store.documents("contacts", range(6, 106)) if document is not None] == []


def test_walk_leaves_out_and_names_a_malformed_record(
    store: Store, path: Path, tmp_path: Path, loop: asyncio.AbstractEventLoop
) -> None:
    engine = loaded_engine(tmp_path, store).engine
    damage(path, "contact", b'{"id":"c3","full_name":7')
    names = list[str]()

    async def walk() -> list[bytes]:
        service = SearchService(engine, LocalDocuments(store))
        query = parse_request("contacts", {}).query
        return [document async for part in service.walk(query, left_out=names) for document in part]

    assert [json.loads(document)["id"] for document in loop.run_until_complete(walk())] == [
        "c0",
        "c1",
        "c2",
        "c4",
        "c5",
    ]
    assert names == ["num 3 (id 'c3')"]


def test_export_over_http_leaves_out_a_malformed_record(api: Caller, path: Path) -> None:
    damage(path, "contact", b"7")
    lines = api.post("/v1/contacts/export", {}).body.splitlines()
    assert [json.loads(line)["id"] for line in lines] == ["c0", "c1", "c2", "c4", "c5"]

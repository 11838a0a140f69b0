"""Upserts over HTTP: results in order, errors, permissions, undo, and that they do what an import does."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from io import BytesIO
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import click
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from letrics.accounts.database import AccountsDatabase
from letrics.accounts.tokens import Tokens
from letrics.accounts.users import Users
from letrics.cli.import_columns import map_columns, sample_file
from letrics.identity.patches import ContactPatch
from letrics.ingest.cell_rules import DEFAULT_RULES, complete_rules
from letrics.ingest.importer import Importer
from letrics.ingest.json_records import read_json_records
from letrics.ingest.mapped_source import map_source
from letrics.ingest.rejects import Rejects
from letrics.ingest.source import read_source
from letrics.ingest.text_rules import DEFAULT_TEXT_RULES
from letrics.records import KINDS, Kind
from letrics.store.base import Store
from letrics.store.import_record import ImportStart
from tests.api.caller import Caller, Reply
from tests.api.stored import Stored, stored
from tests.default_backends import fast_store

ANN = {"id": "ann", "full_name": "Ann Archer", "email": "ann@acme.example", "company": {"domain": "acme.example"}}
NOW = "2026-01-01T00:00:00.000Z"


@pytest.fixture
def opened(tmp_path: Path) -> Iterator[Stored]:
    with stored(tmp_path, lambda store: None) as opened:
        yield opened


@pytest.fixture
def writer(opened: Stored) -> Caller:
    return opened.writer


def put(caller: Caller, *records: dict[str, Any], kind: Kind = "contacts") -> Any:
    reply = caller.post(f"/v1/{kind}/upsert", {"records": list(records)})
    assert reply.status == 200, reply.body
    return reply.json


def statuses(reply: Any) -> list[str]:
    return [result["status"] for result in reply["data"]]


def test_results_are_in_order_of_the_records(writer: Caller) -> None:
    put(writer, ANN)
    reply = put(writer, {"id": "bob", "full_name": "Bob"}, ANN, {"phone": "1"}, ANN | {"job_title": "CEO"})
    assert statuses(reply) == ["new", "unchanged", "rejected", "changed"]
    assert [result["id"] for result in reply["data"]] == ["bob", "ann", None, "ann"]
    counts = {name: reply["meta"][name] for name in ("new", "changed", "unchanged", "rejected")}
    assert counts == dict.fromkeys(counts, 1)


def test_rejected_record_has_field_and_reason(writer: Caller) -> None:
    [result] = put(writer, {"linkedin_url": "", "email": "nobody"})["data"]
    assert (result["status"], result["id"], result["field"]) == ("rejected", None, "email")
    assert '"nobody"' in result["reason"]


def test_left_out_values_are_warnings_of_their_record(writer: Caller) -> None:
    reply = put(writer, {"domain": "a.example"}, {"domain": "b.example", "employees": "many", "nmae": "B"},
                kind="companies")  # fmt: skip
    assert statuses(reply) == ["new", "new"]
    assert reply["data"][0]["warnings"] == []
    [employees, name] = reply["data"][1]["warnings"]
    assert (employees["field"], '"many"' in employees["reason"]) == ("employees", True)
    assert (name["field"], "did you mean name?" in name["reason"]) == ("nmae", True)


def test_upserted_record_is_found_by_a_search(opened: Stored) -> None:
    [result] = put(opened.writer, ANN)["data"]
    opened.follow()
    assert opened.caller.post("/v1/contacts", {"emails": ["ann@acme.example"]}).ids == [result["id"]]


def test_upsert_is_an_import_that_can_be_undone(opened: Stored) -> None:
    put(opened.writer, ANN)
    before = opened.store.documents("contacts", [0])
    reply = put(opened.writer, ANN | {"job_title": "CEO"}, {"phone": "1"})
    id = reply["meta"]["import_id"]
    record = opened.store.find_import(id)
    assert (record.file, record.user, record.status) == ("upsert", "ann@people.example", "done")
    assert record.report == {"rows": 2, "rejected": 1, "warned": 0}
    assert record.mapping["email"] == "emails"
    while not opened.store.undo_import(id).finished:
        pass
    assert opened.store.documents("contacts", [0]) == before


def test_upsert_that_changes_nothing_has_no_import(writer: Caller) -> None:
    put(writer, ANN)
    assert put(writer, ANN)["meta"]["import_id"] is None


def test_companies_of_contacts_are_counted(writer: Caller) -> None:
    put(writer, ANN)
    meta = put(
        writer,
        ANN | {"company": {"domain": "acme.example", "name": "Acme"}},
        ANN | {"company": {"domain": "b.example"}},
    )["meta"]
    assert (meta["companies_new"], meta["companies_changed"]) == (1, 1)


def test_id_with_a_source_is_that_of_the_imported_contact(opened: Stored) -> None:
    opened.store.put_contacts([ContactPatch(external_id="crm:7", company="acme.example", full_name="Ann Archer")])
    [result] = put(opened.writer, {"id": "crm:7", "job_title": "CEO"})["data"]
    assert (result["status"], result["id"]) == ("changed", "crm:7")


def test_null_clears_and_absent_keeps(opened: Stored) -> None:
    put(opened.writer, ANN | {"phone": "+1 555 0100", "job_title": "CEO"})
    put(opened.writer, {"id": "ann", "phone": None})
    [document] = opened.store.documents("contacts", [0])
    assert document is not None
    record = json.loads(document)
    assert (record["phone"], record["job_title"], record["company"]["id"]) == (None, "CEO", "acme.example")


def test_thousand_records_are_accepted(writer: Caller) -> None:
    records = [{"domain": f"a{number}.example", "name": f"A {number}"} for number in range(1_000)]
    assert statuses(put(writer, *records, kind="companies")) == ["new"] * 1_000
    assert statuses(put(writer, *records, kind="companies")) == ["unchanged"] * 1_000


def test_same_names_in_all_records_count_once(writer: Caller) -> None:
    records = [{f"{n}": 1 for n in range(500)} | {"company": {f"{n}": 1 for n in range(499)}}] * 3
    assert writer.post("/v1/contacts/upsert", {"records": records}).status == 200


def body(records: Any) -> bytes:
    return json.dumps({"records": records}).encode()


@pytest.mark.parametrize(
    ("data", "field", "words"),
    [
        (b"", "records", "records is missing"),
        (b"{}", "records", "records is missing"),
        (b"[]", None, "must be a JSON object"),
        (b'{"records": 1}', "records", "must be a list of objects"),
        (b'{"records": null}', "records", "must be a list of objects"),
        (body([]), "records", "records is empty"),
        (body([{}] * 1_001), "records", "has 1,001 items; at most 1,000 are allowed"),
        (body([{f"{place}_{n}": 1 for n in range(143)} for place in range(7)]), "records", "has 1,001 different field"),
        (body([{"company": dict.fromkeys(map(str, range(1_000)))}]), "records", "at most 1,000 are allowed"),
        (body([{}, "x"]), "records[1]", '"x"'),
        (body([None]), "records[0]", "must be an object"),
        (b'{"record": [], "records": [{}]}', "record", "did you mean records?"),
        (b'{"upsert": true, "records": [{}]}', "upsert", "the only field is records"),
        (b'{"records": [{"id": "1", "id": "2"}]}', "id", "twice"),
        (b'{"records": [{"id": NaN}]}', None, "NaN"),
        (b'{"records": [{"id": "\xff"}]}', None, "not valid UTF-8"),
        (b'{"records": [', None, "not valid JSON"),
        (b'{"records": ' + b"[" * 100_000, None, "nested too deeply"),
    ],
)
def test_invalid_body_is_refused(opened: Stored, data: bytes, field: str | None, words: str) -> None:
    reply = opened.writer.post("/v1/contacts/upsert", data)
    assert (reply.status, reply.errors[0]["id"], reply.errors[0].get("field")) == (400, "invalid_input", field)
    assert words in reply.errors[0]["details"]
    assert opened.store.counts().contacts == 0


def test_all_problems_of_a_body_are_reported(writer: Caller) -> None:
    reply = writer.post("/v1/contacts/upsert", {"recrods": 1, "zzz": 2, "records": [1, {}, "x"]})
    assert [error["field"] for error in reply.errors] == ["recrods", "zzz", "records[0]", "records[2]"]


def test_ambiguous_field_is_refused_with_its_choices(writer: Caller) -> None:
    urls = ("https://www.linkedin.com/in/ann", "https://b.example")
    records = [{"full_name": "Ann", "company_domain": "a.example", "URL": url} for url in urls]
    reply = writer.post("/v1/contacts/upsert", {"records": records})
    assert (reply.status, reply.errors[0]["field"]) == (400, "URL")
    assert "linkedin_url or company_website" in reply.errors[0]["details"]


def test_parameter_of_the_path_is_refused(writer: Caller) -> None:
    reply = writer.post("/v1/contacts/upsert?dry_run=true", {"records": [ANN]})
    assert (reply.status, reply.errors[0]["field"]) == (400, "dry_run")


def test_form_and_too_large_body_are_refused(writer: Caller) -> None:
    form = writer.call("POST", "/v1/contacts/upsert", b"a=1", {"content-type": "application/x-www-form-urlencoded"})
    assert form.status == 415
    large = writer.call("POST", "/v1/contacts/upsert", [b"x" * (1 << 20)] * 17)
    assert (large.status, "split the request" in large.errors[0]["details"]) == (413, True)


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize(
    ("role", "scopes", "status"),
    [("viewer", ["read"], 403), ("editor", ["read"], 403), ("admin", ["read"], 403), ("editor", ["write"], 200),
     ("admin", ["write"], 200), ("admin", ["read", "write"], 200)],
)  # fmt: skip
def test_upsert_requires_the_scope_write(
    opened: Stored, tmp_path: Path, kind: Kind, role: Any, scopes: list[Any], status: int
) -> None:
    with AccountsDatabase(tmp_path / "accounts.db") as accounts:
        Users(accounts).add("eve@people.example", role=role)
        secret, _ = Tokens(accounts).create("eve@people.example", "t", scopes)
    record = ANN if kind == "contacts" else {"domain": "acme.example"}
    reply = opened.writer.post(f"/v1/{kind}/upsert", {"records": [record]}, token=secret)
    assert reply.status == status
    counts = opened.store.counts()
    assert (counts.contacts + counts.companies > 0) == (status == 200)
    if status == 403:
        assert reply.errors[0]["id"] == "forbidden"


@pytest.mark.parametrize("token", [None, "ltr_wrong"])
def test_upsert_without_a_token_is_unauthorized(opened: Stored, token: str | None) -> None:
    reply: Reply = opened.writer.post("/v1/contacts/upsert", {"records": [ANN]}, token=token)
    assert (reply.status, opened.store.counts().contacts) == (401, 0)


def test_get_of_the_path_explains_post(opened: Stored) -> None:
    reply = opened.caller.get("/v1/contacts/upsert")
    assert (reply.status, "send POST /v1/contacts/upsert" in reply.errors[0]["details"]) == (404, True)


texts = st.sampled_from(["", "Ann", "Ann Archer", "a@acme.example", "info@b.example", "acme.example", "n/a", "1",
                         "5.1.2026", "31.1.2026", "Software, Data", "Berlin, Germany",
                         "https://www.linkedin.com/in/ann"])  # fmt: skip
values = st.one_of(st.none(), texts, st.just([]), st.lists(texts, max_size=2), st.integers(-1, 2_000), st.booleans())
names = st.sampled_from(
    ["id", "full_name", "first_name", "last_name", "Email", "emails", "job_title", "phone", "linkedin_url", "locations",
     "company", "company_domain", "company_name", "company.industries", "employees", "added_at", "domain", "name",
     "tld", "Industries", "shoe_size", "website", "is_decision_maker"]
)  # fmt: skip
objects = st.dictionaries(names, values, max_size=6)
records = st.builds(
    lambda record, company: record if company is None else record | {"company": company},
    objects, st.none() | st.dictionaries(names, values, max_size=3),
)  # fmt: skip


@given(st.sampled_from(KINDS), st.lists(st.lists(records, min_size=1, max_size=8), min_size=1, max_size=3))
@settings(deadline=None, max_examples=40)
def test_upsert_does_what_an_import_does(kind: Kind, batches: list[list[dict[str, Any]]]) -> None:
    with TemporaryDirectory() as folder, ExitStack() as stack:
        home = Path(folder)
        upserted, imported = (stack.enter_context(fast_store(home / f"{name}.db", lambda: NOW)) for name in ("a", "b"))
        for batch in batches:
            lines = [json.dumps(record) for record in batch]
            (home / "rows.jsonl").write_text("\n".join(lines))
            rejected = import_file(imported, kind, home / "rows.jsonl")
            read = read_json_records(kind, [line.encode() for line in lines])
            upserted.upsert(ImportStart(kind=kind, file="upsert"), read.patches, {})
            assert [(number + 1, problem.reason) for number, problem in sorted(read.rejected.items())] == rejected
        assert everything(upserted) == everything(imported)


def import_file(store: Store, kind: Kind, path: Path) -> list[tuple[int, str]]:
    """Import a file as `letrics import` does; returns the line and reason of each rejected row."""
    with ExitStack() as stack:
        sample = sample_file(str(path), DEFAULT_TEXT_RULES, stack)
        try:
            [mapping] = map_columns([sample], kind, {}, with_source=False)
        except click.UsageError:
            assume(False)
        rules = complete_rules(DEFAULT_RULES, mapping, sample.rows)
        source = read_source(sample.file, DEFAULT_TEXT_RULES)
        rejects = BytesIO()
        importer = Importer(batch_size=1_000, rejects=Rejects(rejects))
        write: Callable[..., Any] = store.put_companies if kind == "companies" else store.put_contacts
        importer.run(str(path), source.rows, map_source(source, kind, mapping, None, rules), write)
        assume(not importer.report.tally.company_rows)  # an upsert rejects them
        lines = map(json.loads, rejects.getvalue().splitlines())
        return [(line["line"], line["reason"]) for line in lines if line["kind"] == "rejected"]


def everything(store: Store) -> list[list[bytes | None]]:
    counts = store.counts()
    ends: dict[Kind, int] = {"companies": counts.next_company, "contacts": counts.next_contact}
    return [store.documents(kind, range(end)) for kind, end in ends.items()]

"""The endpoints of imports, over a real data directory and real import processes."""

from __future__ import annotations

import asyncio
import json
import os
import signal
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import closing
from functools import wraps
from pathlib import Path
from typing import Any, cast

import apsw
import pytest

from letrics.accounts.authenticator import LocalAuthenticator
from letrics.accounts.database import AccountsDatabase
from letrics.accounts.tokens import Tokens
from letrics.accounts.users import Users
from letrics.api.application import Application
from letrics.api.backends import Backends
from letrics.api.endpoints import build_table
from letrics.api.idempotency import Idempotency
from letrics.api.import_endpoints import Imports
from letrics.api.import_jobs import ImportJobs
from letrics.api.metrics import Metrics
from letrics.api.stored_requests import IdempotencyFile
from letrics.engines.base import SearchEngine
from letrics.identity.patches import ContactPatch
from letrics.store.base import Store
from letrics.store.documents import LocalDocuments
from letrics.store.import_record import ImportStart
from tests.api.caller import Caller, Reply
from tests.api.plain import PlainEngine, PlainStore
from tests.contract.envelope import check
from tests.default_backends import open_store

ADA, EDI, VIC = "ada@people.example", "edi@people.example", "vic@people.example"
PEOPLE = (
    b"Full Name,Email,Company Domain\nAnn Archer,ann@acme.example,acme.example\nBob,nobody,acme.example\n,,\n,x,y\n"
)
MOST_BYTES = 100_000


class JobsOfOtherThreads(ImportJobs):
    """Import jobs whose work on files may not be done in the event loop."""

    def __getattribute__(self, name: str) -> Any:
        value = super().__getattribute__(name)
        if name in ("sweep", "find_file", "preview", "start", "running", "is_running", "cancel", "remove"):
            return self._in_other_thread(value)
        return value

    @staticmethod
    def _in_other_thread(work: Callable[..., Any]) -> Callable[..., Any]:
        @wraps(work)
        def checked(*values: Any) -> Any:
            assert threading.current_thread() is not threading.main_thread(), work
            return work(*values)

        return checked


@pytest.fixture
def home(tmp_path: Path) -> Path:
    open_store(tmp_path / "letrics.db").close()
    return tmp_path


@pytest.fixture
def is_shared() -> bool:
    """Whether other hosts import into the same database."""
    return False


@pytest.fixture
def callers(home: Path, is_shared: bool) -> Iterator[dict[str, Caller]]:
    """A caller of each role, and one of an admin whose token only reads."""
    loop = asyncio.new_event_loop()
    with AccountsDatabase(home / "accounts.db") as accounts:
        users, tokens = Users(accounts), Tokens(accounts)
        users.add(ADA, role="admin")
        users.add(EDI, role="editor")
        users.add(VIC, role="viewer")
        plain = PlainStore((), ())
        engine, documents = cast("SearchEngine", PlainEngine(plain)), LocalDocuments(cast("Store", plain))
        backends = Backends(
            engine, documents, lambda: open_store(home / "letrics.db"), LocalAuthenticator.over(accounts)
        )
        jobs = JobsOfOtherThreads(home)
        imports = Imports(backends, jobs, MOST_BYTES, is_shared=is_shared)
        requests = IdempotencyFile(home / "idempotency.db")
        table = build_table(backends, Metrics(), imports=imports)
        app = Application(table, backends, Metrics(), idempotency=Idempotency(requests))
        made = {
            "admin": tokens.create(ADA, "t", ["write"], None), "editor": tokens.create(EDI, "t", ["write"], None),
            "viewer": tokens.create(VIC, "t", ["read"], None), "reader": tokens.create(ADA, "t", ["read"], None),
        }  # fmt: skip
        yield {name: Caller(app, loop, secret) for name, (secret, _) in made.items()}
        jobs.wait()
    loop.run_until_complete(loop.shutdown_default_executor())
    loop.close()
    requests.close()


@pytest.fixture
def editor(callers: dict[str, Caller]) -> Caller:
    return callers["editor"]


def ended(caller: Caller, id: int) -> dict[str, Any]:
    """The import, once it has ended."""
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline:
        state: dict[str, Any] = caller.get(f"/v1/imports/{id}").json["data"]
        if state["status"] != "running":
            return state
        caller.loop.run_until_complete(asyncio.sleep(0.05))
    raise TimeoutError


def upload(caller: Caller, body: bytes = PEOPLE, query: str = "filename=people.csv") -> int:
    reply = caller.call("POST", f"/v1/imports?{query}", body, {"content-type": "text/csv"})
    assert reply.status == 202, reply.body
    id: int = reply.json["data"]["id"]
    assert reply.headers["location"] == f"/v1/imports/{id}"
    return id


def test_upload_is_imported_and_reported(editor: Caller, home: Path) -> None:
    id = upload(editor, query="filename=people.csv&source=crm&map=Email%3Demail")
    state = ended(editor, id)
    assert (state["status"], state["file"], state["user"], state["source"]) == ("done", "people.csv", EDI, "crm")
    assert state["mapping"]["Full Name"] == "full_name"
    assert state["changes"]["new"] >= 1
    assert not state["interrupted"]
    with open_store(home / "letrics.db") as store:
        assert store.counts().contacts == state["changes"]["new"]
    rejects = [json.loads(line) for line in editor.get(f"/v1/imports/{id}/rejects").body.splitlines()]
    assert len(rejects) == state["report"]["rejected"] + state["report"]["warned"]
    assert any(reject["line"] == 3 for reject in rejects)
    assert editor.get("/v1/imports").json["data"]["imports"] == [state]


def test_uploaded_file_is_removed_after_its_import(editor: Caller, home: Path) -> None:
    id = upload(editor)
    ended(editor, id)
    editor.loop.run_until_complete(asyncio.sleep(2))
    assert list((home / "uploads" / str(id)).rglob("people.csv")) == []


def test_undo_deletes_what_an_upload_added(editor: Caller, home: Path) -> None:
    id = upload(editor)
    ended(editor, id)
    undone = editor.call("DELETE", f"/v1/imports/{id}").json["data"]
    assert (undone["restored"], undone["kept"]) == (0, 0)
    assert undone["deleted"] >= 2
    with open_store(home / "letrics.db") as store:
        assert (store.counts().contacts, store.counts().companies) == (0, 0)
    again = editor.call("DELETE", f"/v1/imports/{id}")
    assert (again.status, again.errors[0]["id"]) == (409, "conflict")


def test_upload_that_is_sent_again_is_imported_once(editor: Caller) -> None:
    target, headers = "/v1/imports?filename=people.csv", {"content-type": "text/csv", "idempotency-key": "k1"}
    first = editor.call("POST", target, PEOPLE, headers)
    again = editor.call("POST", target, [PEOPLE[:10], PEOPLE[10:]], headers)
    assert (again.status, again.body, again.headers["location"]) == (202, first.body, first.headers["location"])
    assert again.headers["idempotent-replayed"] == "true"
    assert editor.call("POST", target, PEOPLE[:-1], headers).status == 422
    ended(editor, first.json["data"]["id"])
    assert len(editor.get("/v1/imports").json["data"]["imports"]) == 1


def test_every_operation_that_writes_honours_a_key(editor: Caller) -> None:
    for path, item in editor.get("/openapi.json").json["paths"].items():
        for method, operation in item.items():
            if method in ("post", "delete") and "(scope write)" in operation["summary"]:
                assert "Idempotency-Key" in [parameter["name"] for parameter in operation["parameters"]], (method, path)


def test_preview_names_the_footers_that_it_skips(editor: Caller) -> None:
    rows = b"company,website,employees\nAcme,acme.example,3\nTotal,,3\n"
    preview = editor.call("POST", "/v1/imports?preview=true&filename=companies.csv", rows).json["data"]
    assert preview["counts"]["skipped"] == 1 and "Total, 3" in preview["notes"][0]


def test_import_that_changes_many_names_has_to_be_confirmed(editor: Caller) -> None:
    def rows(name: str) -> bytes:
        return b"id,full_name,company_domain\n" + b"".join(
            b"%d,%s %d,a.example\n" % (n, name.encode(), n) for n in range(5)
        )

    ended(editor, upload(editor, rows("Ann")))
    preview = editor.call("POST", "/v1/imports?preview=true&filename=people.csv", rows("Bob")).json["data"]
    assert preview["name_changes"][0]["changed"] == 5
    state = ended(editor, upload(editor, rows("Bob")))
    assert (state["status"], state["changes"]) == ("failed", {})
    assert "the name of 5 of the 5 contacts" in state["report"]["problem"]
    assert "confirm_renames=true" in state["report"]["problem"]
    state = ended(editor, upload(editor, rows("Bob"), "filename=people.csv&confirm_renames=true"))
    assert (state["status"], state["changes"]["changed"]) == ("done", 5)


def test_cancel_of_an_ended_import_does_not_undo_it(editor: Caller, home: Path) -> None:
    id = upload(editor)
    state = ended(editor, id)
    reply = editor.call("DELETE", f"/v1/imports/{id}?cancel=true")
    assert (reply.status, reply.errors[0]["id"]) == (409, "conflict")
    assert editor.get(f"/v1/imports/{id}").json["data"] == state
    assert editor.call("DELETE", f"/v1/imports/{id}?cancel=maybe").status == 400


def test_preview_writes_nothing(editor: Caller, home: Path) -> None:
    reply = editor.call("POST", "/v1/imports?preview=true&filename=people.csv", PEOPLE)
    assert reply.status == 200
    data = reply.json["data"]
    assert (data["file"], data["kind"]) == ("people.csv", "contacts")
    assert [column["field"] for column in data["columns"]] == ["full_name", "emails", "company_domain"]
    assert data["records"][0]["full_name"] == "Ann Archer"
    assert editor.get("/v1/imports").json["data"] == {"imports": [], "next_before": None}
    assert list((home / "uploads").iterdir()) == []
    with open_store(home / "letrics.db") as store:
        assert store.counts().contacts == 0


def test_previews_at_the_same_time_are_limited(editor: Caller, home: Path) -> None:
    async def ask() -> list[Reply]:
        callers = [Caller(editor.app, editor.loop, editor.token) for _ in range(6)]
        return await asyncio.gather(*(each.ask("POST", "/v1/imports?preview=true", PEOPLE) for each in callers))

    replies = editor.loop.run_until_complete(ask())
    assert {reply.status for reply in replies} == {200, 429}
    refused = next(reply for reply in replies if reply.status == 429)
    assert "This token has 2 uploads" in refused.errors[0]["details"] and int(refused.headers["retry-after"]) > 0
    assert list((home / "uploads").iterdir()) == []


def store(caller: Caller, body: bytes = PEOPLE, name: str = "people.csv") -> str:
    reply = caller.call("POST", f"/v1/uploads?filename={name}", body)
    assert reply.status == 200, reply.body
    stored = reply.json["data"]
    assert (stored["file"], stored["bytes"]) == (name, len(body))
    upload: str = stored["upload"]
    return upload


def test_preview_of_a_damaged_file_is_refused(editor: Caller) -> None:
    reply = editor.call("POST", "/v1/imports?preview=true&filename=people.json", b'[{"email":"a@x.example"},{"em')
    assert (reply.status, reply.json["errors"][0]["id"]) == (400, "invalid_input")
    assert "people.json" in reply.json["errors"][0]["details"]


def test_stored_upload_is_previewed_and_imported_once(editor: Caller, home: Path) -> None:
    path = f"/v1/imports?upload={store(editor)}"
    for choice, field in (("", "full_name"), ("&map=Full Name%3Dlast_name", "last_name")):
        data = editor.call("POST", f"{path}&preview=true{choice.replace(' ', '%20')}", b"").json["data"]
        assert (data["file"], data["problem"], data["columns"][0]["field"]) == ("people.csv", None, field)
        assert data["rejects"][0]["file"] == "people.csv"
    reply = editor.call("POST", path, b"")
    assert reply.status == 202
    again = editor.call("POST", path, b"")
    assert (again.status, again.errors[0]["field"]) == (404, "upload")
    assert ended(editor, reply.json["data"]["id"])["changes"]["new"] >= 1
    assert [path.name for path in (home / "uploads").iterdir()] == [str(reply.json["data"]["id"])]


def test_stored_upload_that_is_refused_stays(editor: Caller) -> None:
    path = f"/v1/imports?upload={store(editor, PEOPLE.replace(b'Ann', 'Änn'.encode('cp1252')))}"
    for query in ("", "&preview=true"):
        assert "encoding=cp1252" in editor.call("POST", path + query, b"").errors[0]["details"]
    assert editor.call("POST", f"{path}&preview=true&encoding=cp1252", b"").json["data"]["problem"] is None


@pytest.mark.parametrize(
    ("head", "words", "kind"),
    [
        ("Foo,Bar", "identifies a contact", "contacts"),
        ("Name,Country", "kind=companies or kind=contacts", "contacts"),
        ("Full Name,LinkedIn", "map='LinkedIn=linkedin_url'", "contacts"),
    ],
)
def test_preview_of_unclear_columns_has_the_mapping(editor: Caller, head: str, words: str, kind: str) -> None:
    person, page = "https://www.linkedin.com/in/ann", "https://www.linkedin.com/company/acme"
    body = f"{head}\nAnn Archer,{person}\nBob Baker,{page}\n".encode()
    data = editor.call("POST", f"/v1/imports?preview=true&upload={store(editor, body, 'x.csv')}", b"").json["data"]
    assert (data["kind"], words in data["problem"]) == (kind, True), data["problem"]
    assert [column["name"] for column in data["columns"]] == head.split(",")


@pytest.mark.parametrize("upload", ["0" * 16, "..", "x", "0" * 40])
def test_unknown_upload_is_not_found(editor: Caller, upload: str) -> None:
    for query in ("", "&preview=true"):
        response = editor.call("POST", f"/v1/imports?upload={upload}{query}", b"")
        assert response.status == 404 and "or sent to another host" in response.json["errors"][0]["details"]


@pytest.mark.parametrize("name", ["file", "printed", "process", "rejects.jsonl"])
def test_upload_may_have_any_name(editor: Caller, name: str) -> None:
    assert ended(editor, upload(editor, query=f"filename={name}.csv".removesuffix(".csv")))["status"] == "done"


def test_report_has_reasons_and_no_path_of_the_server(editor: Caller, home: Path) -> None:
    id = upload(editor)
    report = ended(editor, id)["report"]
    assert [(reject["file"], reject["line"]) for reject in report["first_rejects"]] == [("people.csv", 5)]
    assert sum(of["count"] for of in report["warnings"].values()) == report["warned"] > 0
    assert str(home) not in editor.get(f"/v1/imports/{id}").body.decode()
    assert str(home) not in editor.get(f"/v1/imports/{id}/rejects").body.decode()


@pytest.mark.parametrize(
    ("query", "body", "status", "words"),
    [
        ("kind=people", PEOPLE, 400, "must be contacts or companies"),
        ("shoe=1", PEOPLE, 400, "is not a parameter of this path"),
        ("filename=a/b.csv", PEOPLE, 400, "must be a file name"),
        ("filename=..", PEOPLE, 400, "must be a file name"),
        ("filename=--help", PEOPLE, 400, "must be a file name"),
        (f"filename={'%C3%BC' * 126}", PEOPLE, 400, "must be a file name"),
        ("map=a%00b%3Demail", PEOPLE, 400, "no null characters"),
        (f"map={'a' * 10_001}%3Demail", PEOPLE, 400, "at most 10,000 characters"),
        ("source=%00", PEOPLE, 400, "no null characters"),
        ("strict=yes", PEOPLE, 400, "must be true or false"),
        ("skip_lines=x", PEOPLE, 400, "must be a number of lines"),
        ("", b"", 400, "The body is empty"),
        ("", b"foo,bar\n1,2\n", 400, "The file cannot be imported: upload"),
        ("map=Foo%3Demail", PEOPLE, 400, "Foo"),
        ("", b"x" * (MOST_BYTES + 1), 413, "raise the setting max_upload"),
    ],
)
def test_invalid_upload_is_refused(
    editor: Caller, home: Path, query: str, body: bytes, status: int, words: str
) -> None:
    reply = editor.call("POST", f"/v1/imports?{query}", body)
    assert (reply.status, words in reply.errors[0]["details"]) == (status, True), reply.body
    assert str(home) not in reply.body.decode()
    uploads = home / "uploads"
    assert not uploads.exists() or list(uploads.iterdir()) == []


def test_error_names_parameters_instead_of_options(editor: Caller) -> None:
    body = PEOPLE.replace(b"Ann", "Änn".encode("cp1252"))
    details = editor.call("POST", "/v1/imports?filename=people.csv", body).errors[0]["details"]
    assert "encoding=cp1252" in details
    assert "--" not in details


def test_form_is_refused(editor: Caller) -> None:
    reply = editor.call("POST", "/v1/imports", PEOPLE, {"content-type": "multipart/form-data; boundary=x"})
    assert (reply.status, reply.errors[0]["id"]) == (415, "unsupported_media_type")


@pytest.mark.parametrize("role", ["viewer", "reader"])
def test_every_endpoint_requires_write(callers: dict[str, Caller], role: str) -> None:
    id = upload(callers["admin"])
    ended(callers["admin"], id)
    for method, path in (
        ("POST", "/v1/imports"), ("GET", "/v1/imports"), ("GET", f"/v1/imports/{id}"), ("DELETE", f"/v1/imports/{id}"),
        ("GET", f"/v1/imports/{id}/rejects"), ("POST", "/v1/uploads"),
    ):  # fmt: skip
        reply = callers[role].call(method, path, PEOPLE if method == "POST" else b"")
        assert (reply.status, reply.errors[0]["id"]) == (403, "forbidden"), (method, path)
    assert ended(callers["admin"], id)["status"] == "done"


@pytest.mark.parametrize("path", ["/v1/imports/77", "/v1/imports/77/rejects", "/v1/imports/x"])
def test_unknown_import_is_404_before_403(callers: dict[str, Caller], path: str) -> None:
    assert callers["reader"].get(path).status == 404


def test_path_of_no_import_is_not_found_whatever_its_parameters(editor: Caller) -> None:
    for method, path in (("GET", "uploads"), ("DELETE", "uploads"), ("GET", "x/rejects")):
        assert editor.call(method, f"/v1/imports/{path}?a=b").status == 404


@pytest.mark.parametrize("id", ["9", "0", "x", "1e3", "9" * 40])
def test_unknown_import_is_not_found(editor: Caller, id: str) -> None:
    for method, path in (("GET", id), ("DELETE", id), ("GET", f"{id}/rejects")):
        assert editor.call(method, f"/v1/imports/{path}").status == 404


def test_rejects_without_a_file_say_where_it_may_be(editor: Caller, home: Path) -> None:
    id = upload(editor)
    ended(editor, id)
    next(home.glob(f"*/{id}/rejects.jsonl")).unlink()
    response = editor.get(f"/v1/imports/{id}/rejects")
    assert response.status == 404 and "sent to another host" in response.json["errors"][0]["details"]


def test_list_is_paged_from_the_newest(editor: Caller) -> None:
    ids = [upload(editor) for _ in range(3)]
    for id in ids:
        ended(editor, id)
    first = editor.get("/v1/imports?limit=2").json["data"]
    assert ([state["id"] for state in first["imports"]], first["next_before"]) == ([3, 2], 2)
    last = editor.get("/v1/imports?limit=2&before=2").json["data"]
    assert ([state["id"] for state in last["imports"]], last["next_before"]) == ([1], None)
    assert editor.get("/v1/imports?limit=0").status == 400
    assert editor.get(f"/v1/imports?before={'0' * 16}1{'0' * 20}").status == 400


def test_import_whose_process_was_killed_is_interrupted(editor: Caller, home: Path) -> None:
    rows = b"".join(b"Ann %d,ann%d@acme.example,acme.example\n" % (n, n) for n in range(2_000))
    id = upload(editor, b"Full Name,Email,Company Domain\n" + rows)
    process = home / "uploads" / str(id) / "process"
    if process.exists():
        os.kill(int(process.read_text()), signal.SIGKILL)
        editor.loop.run_until_complete(asyncio.sleep(1))
    state: dict[str, Any] = editor.get(f"/v1/imports/{id}").json["data"]
    assert state["status"] == "done" or state["interrupted"]


def test_old_uploads_are_removed_at_the_next_one(tmp_path: Path) -> None:
    jobs = ImportJobs(tmp_path)
    ages = {"7": 31, "8": 29, "new-1": 2, "new-2": 0}
    for name, days in ages.items():
        directory = tmp_path / "uploads" / name
        directory.mkdir(parents=True)
        (directory / "rejects.jsonl").write_text("{}")
        moment = time.time() - days * 86_400
        os.utime(directory, (moment, moment))
    with jobs.receiving() as (upload, _):
        pass
    assert {path.name for path in (tmp_path / "uploads").iterdir()} == {"8", "new-2", f"new-{upload}"}


@pytest.mark.parametrize("is_shared", [True])
def test_import_on_another_host_is_not_interrupted(editor: Caller, home: Path) -> None:
    with open_store(home / "letrics.db") as store:
        id = store.start_import(ImportStart(kind="contacts", file="people.csv", user=EDI))
    state = editor.get(f"/v1/imports/{id}").json["data"]
    assert (state["status"], state["interrupted"]) == ("running", False)
    assert editor.call("DELETE", f"/v1/imports/{id}").status == 409


def test_interrupted_import_is_undone_at_once(editor: Caller, home: Path) -> None:
    with open_store(home / "letrics.db") as store:
        id = store.start_import(ImportStart(kind="contacts", file="people.csv", user=EDI))
        store.put_contacts([ContactPatch(external_id="a1", full_name="Ann Archer")], of_import=id)
    state = editor.get(f"/v1/imports/{id}").json["data"]
    assert (state["status"], state["interrupted"]) == ("running", True)
    assert editor.call("DELETE", f"/v1/imports/{id}").json["data"]["deleted"] >= 1
    assert editor.get(f"/v1/imports/{id}").json["data"]["status"] == "undone"


def test_import_into_a_damaged_database_says_so(editor: Caller, home: Path) -> None:
    ended(editor, upload(editor))
    with closing(apsw.Connection(str(home / "letrics.db"))) as connection:
        connection.execute("UPDATE log SET next_company = 1 << 40")
    reply = editor.call("POST", "/v1/imports?filename=people.csv", PEOPLE, {"content-type": "text/csv"})
    details = check(reply, "internal_error")
    assert "is damaged: run `letrics check`" in details and str(home) not in details

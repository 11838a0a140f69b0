"""The endpoints of possible duplicates, over a real store."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from letrics.accounts.database import AccountsDatabase
from letrics.accounts.roles import SCOPES_OF, Role
from letrics.accounts.tokens import Tokens
from letrics.accounts.users import Users
from letrics.identity.patches import ContactPatch
from letrics.records import Email
from letrics.store.base import Store
from tests.api.applications import make_application
from tests.api.caller import Caller, Reply
from tests.api.stored import Stored, stored
from tests.contract.envelope import check

NAMES = ("Ann Archer", "Bob Baker", "Cy Cook", "Dee Dow")


def fill(store: Store) -> None:
    """Four contacts with one address: three pairs."""
    emails = (Email("office@acme.example", "personal"),)
    store.put_contacts(
        [
            ContactPatch(company="acme.example", full_name=name, external_id=f"crm:{at}" if at == 1 else None,
                         emails=emails, phone=str(at))
            for at, name in enumerate(NAMES)
        ]
    )  # fmt: skip


@pytest.fixture
def opened(tmp_path: Path) -> Iterator[Stored]:
    with stored(tmp_path, fill) as opened:
        yield opened


@pytest.fixture
def writer(opened: Stored) -> Caller:
    return opened.writer


def post(caller: Caller, path: str, body: object = None) -> Reply:
    data = b"" if body is None else json.dumps(body).encode()
    headers = {"content-type": "application/json"} if data else {}
    return caller.call("POST", f"/v1/duplicates/{path}", data, headers)


def pairs(caller: Caller, status: str = "open") -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = caller.get(f"/v1/duplicates?status={status}").json["data"]
    return found


def ids(pair: dict[str, Any]) -> list[str]:
    return [contact["id"] for contact in pair["contacts"]]


class TestReading:
    def test_list_has_both_contacts_and_the_reason(self, writer: Caller) -> None:
        reply = writer.get("/v1/duplicates")
        first = reply.json["data"][0]
        assert (first["status"], first["reason"], first["emails"]) == ("open", "email", ["office@acme.example"])
        assert first["merged_at"] is None and first["found_at"].endswith("Z")
        assert [contact["full_name"] for contact in first["contacts"]] == ["Ann Archer", "Bob Baker"]
        assert first["contacts"][0] == writer.get(f"/v1/contacts/{ids(first)[0]}").json["data"]
        assert writer.get(f"/v1/duplicates/{first['id']}").json["data"] == first

    def test_pages_have_an_exact_total(self, writer: Caller) -> None:
        every = pairs(writer)
        reply = writer.get("/v1/duplicates?per_page=2&page=2").json
        assert reply["data"] == every[2:]
        wanted = {"page": 2, "per_page": 2, "total": 3, "total_pages": 2}
        assert {name: value for name, value in reply["meta"].items() if name != "request_id"} == wanted
        beyond = writer.get("/v1/duplicates?page=1000000000&per_page=100").json
        assert (beyond["data"], beyond["meta"]["total"]) == ([], 3)
        none = writer.get("/v1/duplicates?status=dismissed").json
        assert (none["data"], none["meta"]["total"], none["meta"]["total_pages"]) == ([], 0, 0)

    @pytest.mark.parametrize(
        ("query", "field", "words"),
        [
            ("status=new", "status", "must be one of open, dismissed, merged"),
            ("page=0", "page", "from 1 to 1,000,000,000"),
            ("per_page=101", "per_page", "from 1 to 100"),
            ("per_page=many", "per_page", "from 1 to 100"),
            ("page=1&page=2", "page", "given twice"),
            ("after=1", "after", "available are status, page, per_page"),
        ],
    )
    def test_wrong_parameter_is_named(self, writer: Caller, query: str, field: str, words: str) -> None:
        assert words in check(writer.get(f"/v1/duplicates?{query}"), "invalid_input", field)

    @pytest.mark.parametrize("id", ["77", "0", "x", "-1", "1e3", "9" * 40, f"{1999:020}"])
    def test_unknown_pair_is_not_found(self, writer: Caller, id: str) -> None:
        assert "There is no pair" in check(writer.get(f"/v1/duplicates/{id}"), "not_found")
        for action in ("merge", "dismiss", "undo"):
            check(post(writer, f"{id}/{action}", {"keep": "crm:1"} if action == "merge" else None), "not_found")

    def test_single_pair_has_no_parameters(self, writer: Caller) -> None:
        check(writer.get("/v1/duplicates/1?status=open"), "invalid_input", "status")


class TestDeciding:
    @pytest.mark.parametrize("keeps_first", [True, False])
    def test_merge_keeps_the_named_contact(self, opened: Stored, keeps_first: bool) -> None:
        before = pairs(opened.writer)[0]
        keep, gone = ids(before) if keeps_first else ids(before)[::-1]
        reply = post(opened.writer, f"{before['id']}/merge", {"keep": keep})
        after = reply.json["data"]
        assert (reply.status, after["id"], after["status"], ids(after)) == (200, before["id"], "merged", [keep, gone])
        assert after["merged_at"] is not None and after["found_at"] == before["found_at"]
        opened.follow()
        assert opened.caller.get(f"/v1/contacts/{gone}").json["data"]["id"] == keep
        assert opened.caller.get("/v1/contacts").json["meta"]["total"] == 3
        assert pairs(opened.writer, "merged") == [after]

    def test_dismissed_pair_can_still_be_merged(self, writer: Caller) -> None:
        pair = pairs(writer)[1]
        dismissed = post(writer, f"{pair['id']}/dismiss").json["data"]
        assert dismissed == pair | {"status": "dismissed"}
        assert post(writer, f"{pair['id']}/dismiss").json["data"] == dismissed
        assert (pairs(writer, "dismissed"), len(pairs(writer))) == ([dismissed], 2)
        assert post(writer, f"{pair['id']}/merge", {"keep": ids(pair)[1]}).json["data"]["status"] == "merged"

    def test_undo_restores_the_pair(self, opened: Stored) -> None:
        before = pairs(opened.writer)
        contacts = opened.caller.get("/v1/contacts").json["data"]
        one, two = before[:2]
        post(opened.writer, f"{one['id']}/merge", {"keep": ids(one)[0]})
        post(opened.writer, f"{two['id']}/dismiss")
        undone = [post(opened.writer, f"{pair['id']}/undo").json["data"] for pair in (one, two)]
        assert undone == [one, two]
        assert pairs(opened.writer) == before
        opened.follow()
        again = opened.caller.get("/v1/contacts").json["data"]
        assert sorted(again, key=str) == sorted(contacts, key=str)

    def test_merged_pair_is_a_conflict(self, writer: Caller) -> None:
        pair = pairs(writer)[0]
        one, other = ids(pair)
        post(writer, f"{pair['id']}/merge", {"keep": one})
        for path, body in ((f"{pair['id']}/merge", {"keep": one}), (f"{pair['id']}/dismiss", None)):
            details = check(post(writer, path, body), "conflict")
            assert f'was merged already, "{other}" into "{one}"' in details

    def test_undo_of_an_open_pair_is_a_conflict(self, writer: Caller) -> None:
        assert "neither merged nor dismissed" in check(post(writer, "1/undo"), "conflict")

    def test_earlier_merge_is_undone_after_the_later_one(self, writer: Caller) -> None:
        first, second, _ = pairs(writer)
        post(writer, f"{first['id']}/merge", {"keep": "crm:1"})
        second = pairs(writer)[0]
        post(writer, f"{second['id']}/merge", {"keep": next(id for id in ids(second) if id != "crm:1")})
        check(post(writer, f"{first['id']}/undo"), "not_found")
        assert post(writer, f"{second['id']}/undo").status == 200
        assert post(writer, f"{first['id']}/undo").status == 200

    def test_concurrent_decision_is_a_conflict(self, opened: Stored) -> None:
        pair = pairs(opened.writer)[0]
        one, other = ids(pair)
        opened_before: list[bool] = []

        def open_store() -> Store:
            if opened_before:  # another process merges the contacts after the request found the pair
                opened.store.merge_contacts(one, other)
            opened_before.append(True)
            return opened.backends.open_store()

        app = make_application(replace(opened.backends, open_store=open_store))
        caller = Caller(app, opened.writer.loop, opened.writer.token)
        assert "changed meanwhile" in check(post(caller, f"{pair['id']}/merge", {"keep": one}), "conflict")

    @pytest.mark.parametrize(
        ("body", "field", "words"),
        [
            ({}, "keep", "keep is missing: send the id of the contact that stays"),
            ({"keep": None}, "keep", "keep is missing"),
            ({"keep": 1}, "keep", "keep 1 is not of this pair"),
            ({"keep": "nobody"}, "keep", 'or "crm:1"'),
            ({"kept": "crm:1"}, "kept", "did you mean keep?"),
        ],
    )
    def test_merge_names_a_wrong_body(self, writer: Caller, body: object, field: str, words: str) -> None:
        assert words in check(post(writer, "1/merge", body), "invalid_input", field)
        assert len(pairs(writer)) == 3

    def test_wrong_request_is_refused(self, writer: Caller) -> None:
        check(writer.call("POST", "/v1/duplicates/1/merge", b"keep", {"content-type": "text/plain"}),
              "unsupported_media_type")  # fmt: skip
        check(writer.call("POST", "/v1/duplicates/1/merge", b"[1]"), "invalid_input")
        check(writer.call("POST", "/v1/duplicates/1/merge?keep=crm:1", b'{"keep": "crm:1"}'), "invalid_input", "keep")
        check(post(writer, "1/dismiss", {"keep": "crm:1"}), "invalid_input", "keep")
        check(writer.call("GET", "/v1/duplicates/1/merge"), "method_not_allowed")


@pytest.mark.parametrize("role", ["viewer", "editor", "admin"])
def test_every_endpoint_is_for_editors_and_admins(opened: Stored, tmp_path: Path, role: Role) -> None:
    with AccountsDatabase(tmp_path / "accounts.db") as accounts:
        Users(accounts).add("role@people.example", role=role)
        secrets = [
            (scope, Tokens(accounts).create("role@people.example", scope, [scope], None)[0])
            for scope in SCOPES_OF[role]
        ]
    steps = [("dismiss", None), ("undo", None), ("merge", {"keep": "crm:1"}), ("undo", None)]
    for scope, secret in secrets:
        caller = Caller(opened.writer.app, opened.writer.loop, secret)
        allowed = scope == "write"
        for path, status in (("", 200), ("/1", 200)):
            assert caller.get(f"/v1/duplicates{path}").status == (status if allowed else 403)
        assert caller.get("/v1/duplicates/77").status == 404
        for action, body in steps:
            reply = post(caller, f"1/{action}", body)
            assert reply.status == (200 if allowed else 403), (role, scope, action, reply.body)
            assert allowed or opened.writer.get("/v1/duplicates/1").json["data"]["status"] == "open"

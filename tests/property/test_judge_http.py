"""The same judge over HTTP: whole responses, by GET and by POST, of the application over a real store and engine."""

from __future__ import annotations

import asyncio
import json
import random
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import msgspec
import pytest

from letrics.accounts.authenticator import LocalAuthenticator
from letrics.accounts.database import AccountsDatabase
from letrics.accounts.tokens import Tokens
from letrics.accounts.users import Users
from letrics.api.backends import Backends
from letrics.records import Kind
from letrics.search import WalkSizes
from letrics.store.documents import LocalDocuments
from tests.api.applications import make_application
from tests.api.caller import Caller, Reply, query_string
from tests.matrix.pairs import ALL_PAIRS, API_PAIRS, DEFAULT, Pair
from tests.property.judge import Judge
from tests.property.model import Answer, Held, Refused
from tests.property.scenario import Ask, Author, Walk

ASKS = 400 if ALL_PAIRS else 150
ASKS_OF_OTHERS = 60 if ALL_PAIRS else 40
_SEEN_WHOLE = 16 * 1024 - 200


class Wire:
    """A judged world behind the application."""

    def __init__(self, judge: Judge, caller: Caller) -> None:
        self.judge = judge
        self.caller = caller

    def send(self, method: str, kind: Kind, body: dict[str, Any]) -> Reply:
        """A member that restricts nothing has no form in a query string, and is left out of it."""
        asked = {name: value for name, value in body.items() if value is not None and value != []}
        if method == "GET" and len(query_string(asked)) < _SEEN_WHOLE:
            return self.caller.search("GET", kind, asked)
        return self.caller.search("POST", kind, body)

    def record(self, held: Held) -> Any:
        company = json.loads(msgspec.json.encode(held.company))
        return company if held.contact is None else json.loads(msgspec.json.encode(held.contact)) | {"company": company}


@pytest.fixture
def wire(tmp_path: Path, export_sizes: WalkSizes, pair: Pair) -> Iterator[Wire]:
    judge = Judge(tmp_path, pair)
    with AccountsDatabase(tmp_path / "accounts.db") as accounts:
        Users(accounts).add("ann@people.example")
        token, _ = Tokens(accounts).create("ann@people.example", "judge")
        verifier = LocalAuthenticator.over(accounts)
        store = judge.store
        backends = Backends(judge.engine, LocalDocuments(store), lambda: store, verifier)
        loop = asyncio.new_event_loop()
        app = make_application(backends, export_sizes)
        yield Wire(judge, Caller(app, loop, token))
        loop.close()
    judge.store.close()


def compare(wire: Wire, kind: Kind, reply: Reply, expected: Answer, body: dict[str, Any]) -> None:
    told = reply.json
    assert reply.status == 200 and told["errors"] == [], told
    meta = told["meta"]
    per_page = body.get("per_page") or 25
    assert meta["total"] == expected.total
    assert (meta["per_page"], meta["filters"]) == (per_page, expected.filters)
    if "cursor" in body:
        assert (meta["page"], meta["total_pages"]) == (None, None)
    else:
        assert (meta["page"], meta["total_pages"]) == (body.get("page") or 1, -(-expected.total // per_page))
    assert (meta["next_cursor"] is not None) == expected.more
    unmatched = [(item["field"], item["value"]) for item in meta["unmatched"]]
    assert list(dict.fromkeys(unmatched)) == list(dict.fromkeys(expected.unmatched))
    assert [warning["field"] for warning in meta["warnings"]] == expected.warnings
    places = [value for name, values in expected.filters.items() if name.endswith("locations") for value in values]
    assert sorted(place["value"] for place in meta["places"]) == sorted(places)
    held = [wire.judge.model.records[kind][id] for id in expected.ids]
    assert told["data"] == [wire.record(one) for one in held]
    assert set(meta) == {"request_id", "page", "per_page", "total", "total_pages", "next_cursor", "filters", "places",
                         "unmatched", "warnings", "took_ms"}  # fmt: skip


def ask(wire: Wire, step: Ask, method: str) -> None:
    model, body = wire.judge.model, step.body
    reply = wire.send(method, step.kind, body)
    to_blame: set[str] = set()
    try:
        expected = model.search(step.kind, body)
    except Refused as refusal:
        to_blame = refusal.fields
    if to_blame:
        assert reply.status == 400
        assert not to_blame.isdisjoint({error.get("field") for error in reply.errors})
        return
    compare(wire, step.kind, reply, expected, body)
    if step.whole:
        bare = {name: value for name, value in body.items() if name != "page"} | {"per_page": 100}
        reply, last = wire.send(method, step.kind, bare), None
        while cursor := reply.json["meta"]["next_cursor"]:
            last = model.search(step.kind, bare, last).nums[-1]
            reply = wire.send(method, step.kind, bare | {"cursor": cursor})
            compare(wire, step.kind, reply, model.search(step.kind, bare, last), bare | {"cursor": cursor})


@pytest.mark.parametrize("pair", API_PAIRS, ids=str)
def test_random_world_over_http(wire: Wire, seed: int, pair: Pair) -> None:
    rng = random.Random(f"{seed}:http")
    for step in Author(rng, 150).write(ASKS if pair is DEFAULT else ASKS_OF_OTHERS):
        match step:
            case Ask():
                wire.judge.follow()
                method = rng.choice(("GET", "POST"))
                try:
                    ask(wire, step, method)
                except AssertionError as error:
                    error.add_note(f"seed {seed}: {method} {step}")
                    raise
            case Walk():
                pass
            case _ if type(step).__name__ == "Reload":
                pass  # the application keeps its engine
            case _:
                wire.judge.change(step)

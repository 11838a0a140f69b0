"""Idempotency-Key: replays, different and concurrent requests, what is not stored, and which endpoints honour it."""

from __future__ import annotations

import asyncio
import json
import shutil
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import nullcontext
from pathlib import Path
from typing import Any

import pytest
from starlette.types import Message

from letrics.accounts.database import AccountsDatabase
from letrics.accounts.principal import Principal
from letrics.accounts.tokens import Tokens
from letrics.api.body import ClientGone
from letrics.api.call import Call
from letrics.api.idempotency import MAX_KEY, Idempotency
from letrics.api.response import ApiResponse
from letrics.api.stored_requests import IdempotencyFile
from letrics.errors import INTERNAL_ERROR, NOT_FOUND, ErrorKind, LetricsError, problem
from letrics.store.base import StoreAway
from tests.api.caller import Caller, Reply
from tests.api.calls import make_call
from tests.api.stored import Stored, stored
from tests.contract.world import put as put_world

ANN = {"id": "ann", "full_name": "Ann Archer", "email": "ann@acme.example", "company": {"domain": "acme.example"}}


@pytest.fixture
def opened(tmp_path: Path) -> Iterator[Stored]:
    with stored(tmp_path, put_world) as opened:
        yield opened


@pytest.fixture
def writer(opened: Stored) -> Caller:
    return opened.writer


def upsert(caller: Caller, key: str | None, *records: dict[str, Any], query: str = "", **rest: Any) -> Reply:
    headers = {} if key is None else {"idempotency-key": key}
    return caller.post(f"/v1/contacts/upsert{query}", {"records": list(records)}, headers=headers, **rest)


class TestReplays:
    def test_same_request_gets_the_same_response(self, opened: Stored) -> None:
        first = upsert(opened.writer, "k1", ANN)
        position = opened.store.position()
        again = upsert(opened.writer, "k1", ANN)
        assert (first.status, first.json["data"][0]["status"]) == (200, "changed")
        assert (again.status, again.body) == (first.status, first.body)
        assert (first.headers.get("idempotent-replayed"), again.headers["idempotent-replayed"]) == (None, "true")
        assert again.headers["x-request-id"] == again.json["meta"]["request_id"]
        assert opened.store.position() == position

    def test_other_key_or_none_runs_again(self, writer: Caller) -> None:
        upsert(writer, "k1", ANN)
        for key in ("k2", None):
            assert upsert(writer, key, ANN).json["data"][0]["status"] == "unchanged"

    def test_key_in_quotes_is_the_same(self, writer: Caller) -> None:
        first = upsert(writer, '"k 1\\""', ANN)
        assert upsert(writer, '"k 1\\""', ANN).body == first.body
        assert upsert(writer, '"k2"', ANN).status == 200
        assert upsert(writer, "k2", ANN).headers["idempotent-replayed"] == "true"

    def test_body_in_parts_is_the_same(self, writer: Caller) -> None:
        upsert(writer, "k1", ANN)
        data = json.dumps({"records": [ANN]}).encode()
        parts = [data[:7], data[7:9], b"", data[9:]]
        again = writer.call("POST", "/v1/contacts/upsert", parts, {"idempotency-key": "k1"})
        assert again.headers["idempotent-replayed"] == "true"

    def test_deletion_is_replayed(self, opened: Stored) -> None:
        for number in range(2):
            reply = opened.writer.call("DELETE", "/v1/contacts/ann", headers={"idempotency-key": "k1"})
            assert (reply.status, reply.json["data"]) == (200, {"deleted": 1})
            assert ("idempotent-replayed" in reply.headers) == (number == 1)
        assert opened.writer.call("DELETE", "/v1/contacts/ann").status == 404

    def test_invalid_request_is_replayed(self, writer: Caller) -> None:
        first = upsert(writer, "k1")
        assert (first.status, upsert(writer, "k1").body) == (400, first.body)


class TestMismatches:
    @pytest.mark.parametrize("other", [{"id": "bob", "full_name": "Bob"}, ANN | {"phone": "1" * 100_000}])
    def test_other_body_is_a_mismatch(self, opened: Stored, other: dict[str, Any]) -> None:
        upsert(opened.writer, "k1", ANN)
        position = opened.store.position()
        reply = upsert(opened.writer, "k1", other)
        [error] = reply.errors
        assert (reply.status, error["id"], error["code"]) == (422, "idempotency_mismatch", 422)
        assert (error["field"], opened.store.position()) == ("Idempotency-Key", position)
        assert upsert(opened.writer, "k1", ANN).status == 200

    def test_other_path_or_query_is_a_mismatch(self, writer: Caller) -> None:
        upsert(writer, "k1", ANN)
        body = {"records": [ANN]}
        for path in ("/v1/companies/upsert", "/v1/contacts/upsert?x=1"):
            assert writer.post(path, body, headers={"idempotency-key": "k1"}).status == 422
        assert writer.call("DELETE", "/v1/contacts/ann", headers={"idempotency-key": "k1"}).status == 422

    def test_each_token_has_its_own_keys(self, opened: Stored, tmp_path: Path) -> None:
        upsert(opened.writer, "k1", ANN)
        with AccountsDatabase(tmp_path / "accounts.db") as accounts:
            secret, _ = Tokens(accounts).create("ann@people.example", "other", ["write"])
        reply = upsert(opened.writer, "k1", {"id": "bob", "full_name": "Bob"}, token=secret)
        assert (reply.status, "idempotent-replayed" in reply.headers) == (200, False)


class TestKeys:
    @pytest.mark.parametrize(
        ("key", "words"),
        [("", "is empty"), ('""', "is empty"), ("x" * (MAX_KEY + 1), "at most 255"), ("a b", "visible ASCII"),
         ("sch\xf6n", "visible ASCII"), ('"a', None), ("x" * MAX_KEY, None)],
    )  # fmt: skip
    def test_length_and_characters_are_checked(self, writer: Caller, key: str, words: str | None) -> None:
        reply = upsert(writer, key, ANN)
        if words is None:
            assert reply.status == 200
            return
        assert (reply.status, reply.errors[0]["field"]) == (400, "Idempotency-Key")
        assert words in reply.errors[0]["details"]

    def test_two_headers_are_refused(self, writer: Caller) -> None:
        reply = upsert(writer, "k1", ANN, more=[("idempotency-key", "k2")])
        assert (reply.status, "has 2 Idempotency-Key headers" in reply.errors[0]["details"]) == (400, True)

    def test_key_of_a_caller_who_may_not_write_is_ignored(self, opened: Stored, tmp_path: Path) -> None:
        for _ in range(2):
            assert upsert(opened.caller, "a b", ANN).status == 403
        assert not (tmp_path / "idempotency.db").exists()

    def test_key_of_a_search_is_ignored(self, opened: Stored) -> None:
        for body in ({}, {"per_page": 1}):
            assert opened.writer.post("/v1/contacts", body, headers={"idempotency-key": "k1"}).status == 200

    def test_stored_file_has_neither_key_nor_request(self, writer: Caller, tmp_path: Path) -> None:
        upsert(writer, "secret-key-1", ANN)
        data = b"".join(file.read_bytes() for file in tmp_path.glob("idempotency.db*"))
        assert len(data) > 0
        assert b"secret-key" not in data
        assert b"Archer" not in data

    def test_every_operation_that_writes_honours_a_key(self, writer: Caller) -> None:
        document = json.loads(writer.get("/openapi.json").body)
        for path, item in document["paths"].items():
            for method, operation in item.items():
                if method in ("post", "put", "patch", "delete") and "write)" in operation["summary"]:
                    named = [parameter["name"] for parameter in operation["parameters"]]
                    assert "Idempotency-Key" in named, (method, path)
                    assert {"409", "422"} <= set(operation["responses"])


class Running:
    """Requests with one key, run by handlers."""

    def __init__(self, path: Path, **options: Any) -> None:
        self.file = IdempotencyFile(path)
        self.idempotency = Idempotency(self.file, **options)
        self.runs = 0

    def call(self, body: tuple[bytes, ...] = (b"body",), method: str = "POST") -> Call:
        call = make_call("/v1/x", method=method, headers=[(b"idempotency-key", b"k1")], body=body)
        call.principal = Principal(1, 2, frozenset(["write"]))
        return call

    async def reads(self, call: Call) -> ApiResponse:
        """Reads the whole body."""
        self.runs += 1
        while (await call.receive()).get("more_body"):
            pass
        return ApiResponse(b"%d" % self.runs)

    async def ask(self, handler: Any, *body: bytes) -> ApiResponse:
        return await self.idempotency.run(self.call(body or (b"body",)), handler)


@pytest.fixture
def running(tmp_path: Path) -> Iterator[Running]:
    running = Running(tmp_path / "idempotency.db", renew_seconds=0.01)
    yield running
    running.file.close()


def test_concurrent_requests_run_once(running: Running) -> None:
    async def ask_all() -> list[ApiResponse | BaseException]:
        released = asyncio.Event()

        async def slow(call: Call) -> ApiResponse:
            await released.wait()
            return await running.reads(call)

        asks = [asyncio.create_task(running.ask(slow)) for _ in range(8)]
        await asyncio.wait(asks, timeout=1, return_when=asyncio.ALL_COMPLETED)
        released.set()
        return await asyncio.gather(*asks, return_exceptions=True)

    responses = asyncio.run(ask_all())
    assert [response.body for response in responses if isinstance(response, ApiResponse)] == [b"1"]
    refused = [error for error in responses if isinstance(error, LetricsError)]
    assert [error.kind.id for error in refused] == ["conflict"] * 7
    assert asyncio.run(running.ask(running.reads)).body == b"1"


@pytest.mark.parametrize(
    ("error", "runs"),
    [(problem(NOT_FOUND, "x"), 1), (problem(INTERNAL_ERROR, "x"), 2), (RuntimeError("bug"), 2), (StoreAway("x"), 2),
     (problem(ErrorKind("conflict", 409, ""), "x"), 2), (problem(ErrorKind("too_many_requests", 429, ""), "x"), 2)],
)  # fmt: skip
def test_failures_that_can_pass_are_not_stored(running: Running, error: Exception, runs: int) -> None:
    async def failing(call: Call) -> ApiResponse:
        await running.reads(call)
        raise error

    first = asyncio.run(running.ask(failing))
    assert first.status >= 400
    assert asyncio.run(running.ask(failing)).status == first.status
    assert running.runs == runs


def test_failure_before_the_body_was_read_is_not_stored(running: Running) -> None:
    async def failing(call: Call) -> ApiResponse:
        running.runs += 1
        raise problem(NOT_FOUND, "x")

    for _ in range(2):
        asyncio.run(running.ask(failing))
    assert running.runs == 2


def test_body_that_a_handler_does_not_read_is_compared(running: Running) -> None:
    async def ignores(call: Call) -> ApiResponse:
        return ApiResponse(b"done")

    asyncio.run(running.ask(ignores, b"a", b"b"))
    assert asyncio.run(running.ask(ignores, b"ab")).body == b"done"
    with pytest.raises(LetricsError, match="different request"):
        asyncio.run(running.ask(ignores, b"a", b"c"))


def test_larger_body_is_not_read_to_its_end(running: Running) -> None:
    asyncio.run(running.ask(running.reads, b"abc"))
    call = running.call((b"x" * 10, *[b"y"] * 100))

    async def next_part() -> bytes:
        part: bytes = (await call.receive())["body"]
        return part

    with pytest.raises(LetricsError, match="different request"):
        asyncio.run(running.idempotency.run(call, running.reads))
    assert asyncio.run(next_part()) == b"y"


def test_cancelled_request_can_be_sent_again(running: Running) -> None:
    async def cancel() -> None:
        async def hangs(call: Call) -> ApiResponse:
            await asyncio.Event().wait()
            raise AssertionError

        task = asyncio.create_task(running.ask(hangs))
        await asyncio.sleep(0.2)
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)

    asyncio.run(cancel())
    assert asyncio.run(running.ask(running.reads)).body == b"1"


def test_failure_to_store_does_not_fail_the_request(tmp_path: Path) -> None:
    folder = tmp_path / "home"
    folder.mkdir()
    running = Running(folder / "idempotency.db")

    async def breaks(call: Call) -> ApiResponse:
        running.file.close()
        shutil.rmtree(folder)
        return await running.reads(call)

    assert asyncio.run(running.ask(breaks)).body == b"1"
    with pytest.raises(StoreAway):
        asyncio.run(running.ask(running.reads))
    assert running.runs == 1


@pytest.mark.parametrize(
    ("parts", "again"),
    [((b"",), nullcontext()), ((b"body",), nullcontext()),
     ((b"bo", b"dy"), pytest.raises(LetricsError, match="different request"))],  # the rest arrives only now
)  # fmt: skip
def test_request_whose_client_leaves_runs_once(running: Running, parts: tuple[bytes, ...], again: Any) -> None:
    async def ignores(call: Call) -> ApiResponse:
        running.runs += 1
        gone.set()
        return ApiResponse(b"%d" % running.runs)

    async def receive() -> Message:
        return {"type": "http.disconnect"} if gone.is_set() else await sent()

    for outcome in (nullcontext(), again):
        gone = asyncio.Event()
        call = running.call(parts)
        sent, call.receive = call.receive, receive
        with outcome:
            assert asyncio.run(running.idempotency.run(call, ignores)).body == b"1"
    assert running.runs == 1


def test_client_that_leaves_before_its_body_can_repeat(running: Running) -> None:
    call = running.call(())
    with pytest.raises(ClientGone):
        asyncio.run(running.idempotency.run(call, running.reads))
    assert asyncio.run(running.ask(running.reads)).body == b"1"


def test_response_of_a_request_cancelled_later_is_stored(running: Running) -> None:
    async def cancel() -> None:
        async def ends(call: Call) -> ApiResponse:
            response = await running.reads(call)
            asyncio.get_running_loop().call_soon(task.cancel)
            return response

        task = asyncio.create_task(running.ask(ends))
        await asyncio.gather(task, return_exceptions=True)
        assert task.cancelled()
        await asyncio.sleep(0.2)

    asyncio.run(cancel())
    assert asyncio.run(running.ask(running.reads)).body == b"1"


def test_key_does_not_wait_for_busy_threads(running: Running) -> None:
    async def ask() -> ApiResponse:
        asyncio.get_running_loop().set_default_executor(ThreadPoolExecutor(1))
        released = threading.Event()
        busy = asyncio.create_task(asyncio.to_thread(released.wait))
        await asyncio.sleep(0)
        try:
            return await asyncio.wait_for(running.ask(running.reads), 5)
        finally:
            released.set()
            await busy

    assert asyncio.run(ask()).body == b"1"

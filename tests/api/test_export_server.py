"""Exports over a socket: chunked to the end, aborted without a final chunk, and no work after a client disconnects."""

from __future__ import annotations

import socket
import time

import pytest

from letrics.accounts.database import AccountsDatabase
from letrics.accounts.tokens import Tokens
from letrics.accounts.verifier import CHECK_SECONDS
from letrics.api import export
from letrics.records import Kind
from letrics.store.base import StoreAway
from tests.api.test_server import Wire, statuses, wire
from tests.conftest import Service

__all__ = ["wire"]

PATIENCE = 20.0


@pytest.fixture(autouse=True)
def narrow(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(export, "_SLICE", 1)


def asked(wire: Wire, more: bytes = b"") -> bytes:
    return b"POST /v1/contacts/export HTTP/1.1\r\nHost: x\r\nContent-Length: 0\r\n" + wire.auth + more + b"\r\n"


def test_in_chunks_and_the_connection_goes_on(wire: Wire) -> None:
    following = b"GET /healthz HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n"
    reply = wire.send(asked(wire) + following)
    assert statuses(reply) == [b"200", b"200"]
    first = reply.partition(b"HTTP/1.1 200 OK\r\n")[2].partition(b"HTTP/1.1")[0]
    assert b"transfer-encoding: chunked" in first and first.endswith(b"\r\n0\r\n\r\n")
    assert first.count(b'"job_title"') == 5


def test_cut_off_where_it_fails(wire: Wire, service: Service, monkeypatch: pytest.MonkeyPatch) -> None:
    documents = service.store.documents

    def failing(kind: Kind, nums: list[int], _: object = None) -> list[bytes | None]:
        if nums == [3]:
            raise StoreAway("gone")
        return documents(kind, nums)

    monkeypatch.setattr(service.store, "documents", failing)
    reply = wire.send(asked(wire))
    assert statuses(reply) == [b"200"]
    assert reply.count(b'"job_title"') == 3 and not reply.endswith(b"0\r\n\r\n")
    monkeypatch.undo()
    assert wire.get(b"/v1/contacts")[0] == 200


def test_export_of_a_revoked_token_is_cut_off(wire: Wire, service: Service, monkeypatch: pytest.MonkeyPatch) -> None:
    documents = service.store.documents

    def revoking(kind: Kind, nums: list[int], _: object = None) -> list[bytes | None]:
        if nums == [2]:
            with AccountsDatabase(service.accounts) as other:
                token = next(token for token in Tokens(other).all() if token.name == "reading")
                Tokens(other).revoke(token.id)
            time.sleep(2 * CHECK_SECONDS)
        return documents(kind, nums)

    monkeypatch.setattr(service.store, "documents", revoking)
    reply = wire.send(asked(wire))
    assert statuses(reply) == [b"200"]
    assert reply.count(b'"job_title"') == 2 and not reply.endswith(b"0\r\n\r\n")


def test_a_caller_who_goes_away_ends_the_work(wire: Wire, service: Service, monkeypatch: pytest.MonkeyPatch) -> None:
    """An endless export with records of 1 MiB to a client that does not read."""
    read: list[int] = []
    document = b'{"text":"%s"}' % (b"a" * (1 << 20))

    def endless(kind: Kind, nums: list[int], _: object = None) -> list[bytes | None]:
        read.extend(nums)
        return [document]

    async def search(query: object, window: object) -> object:
        return Found()

    class Found:
        total, nums, more, position = 5, [1], True, None

    monkeypatch.setattr(service.store, "documents", endless)
    monkeypatch.setattr(service.engine, "search", search)
    with socket.create_connection(wire.address, timeout=PATIENCE) as connection:
        connection.sendall(asked(wire))
        assert connection.recv(100).startswith(b"HTTP/1.1 200")
        held = until_still(read)  # the export fills the socket buffers and then waits
    gone = until_still(read)
    assert gone - held <= 3
    monkeypatch.undo()
    assert b'route="/v1/contacts/export",status="499"' in wire.send(
        b"GET /metrics HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n"
    )


def until_still(read: list[int]) -> int:
    """The number of records read, once it no longer grows."""
    end = time.monotonic() + PATIENCE
    while True:
        before = len(read)
        time.sleep(0.3)
        if len(read) == before:
            return before
        assert time.monotonic() < end, "it goes on and on"

"""Exports over a socket: chunked to the end, aborted without a final chunk, and no work after a client disconnects."""

from __future__ import annotations

import socket
import time
from collections.abc import Sequence

import pytest

from letrics.accounts.database import AccountsDatabase
from letrics.accounts.tokens import Tokens
from letrics.accounts.verifier import CHECK_SECONDS
from letrics.engines.base import SearchRequest, SearchResult
from letrics.records import Kind
from letrics.search import WalkSizes
from letrics.store.base import Position, StoreAway
from tests.api.plain import PlainEngine, PlainStore
from tests.api.wire import Wire, statuses
from tests.conftest import Service
from tests.contract.world import COMPANIES, CONTACTS

PATIENCE = 20.0


@pytest.fixture
def export_sizes() -> WalkSizes:
    return WalkSizes(slice=1)


def asked(wire: Wire, more: bytes = b"") -> bytes:
    return b"POST /v1/contacts/export HTTP/1.1\r\nHost: x\r\nContent-Length: 0\r\n" + wire.auth + more + b"\r\n"


def test_in_chunks_and_the_connection_goes_on(wire: Wire) -> None:
    following = b"GET /healthz HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n"
    reply = wire.send(asked(wire) + following)
    assert statuses(reply) == [b"200", b"200"]
    first = reply.partition(b"HTTP/1.1 200 OK\r\n")[2].partition(b"HTTP/1.1")[0]
    assert b"transfer-encoding: chunked" in first and first.endswith(b"\r\n0\r\n\r\n")
    assert first.count(b'"job_title"') == 5


def test_cut_off_where_it_fails(wire: Wire, service: Service) -> None:
    def fail(nums: Sequence[int]) -> None:
        if list(nums) == [3]:
            raise StoreAway("gone")

    service.store.before_documents = fail
    reply = wire.send(asked(wire))
    assert statuses(reply) == [b"200"]
    assert reply.count(b'"job_title"') == 3 and not reply.endswith(b"0\r\n\r\n")
    assert wire.get(b"/v1/contacts")[0] == 200


def test_export_of_a_revoked_token_is_cut_off(wire: Wire, service: Service) -> None:
    def revoke(nums: Sequence[int]) -> None:
        if list(nums) == [2]:
            with AccountsDatabase(service.accounts) as other:
                token = next(token for token in Tokens(other).all() if token.name == "reading")
                Tokens(other).revoke(token.id)
            time.sleep(2 * CHECK_SECONDS)

    service.store.before_documents = revoke
    reply = wire.send(asked(wire))
    assert statuses(reply) == [b"200"]
    assert reply.count(b'"job_title"') == 2 and not reply.endswith(b"0\r\n\r\n")


class EndlessStore(PlainStore):
    """Each read returns one document of 1 MiB. `read` has the nums."""

    def __init__(self) -> None:
        super().__init__(COMPANIES, CONTACTS)
        self.read: list[int] = []

    def documents(self, kind: Kind, nums: Sequence[int], known_at: Position | None = None) -> list[bytes | None]:
        self.read.extend(nums)
        return [b'{"text":"%s"}' % (b"a" * (1 << 20))]


class EndlessEngine(PlainEngine):
    """Each search has more matches."""

    async def search(self, request: SearchRequest) -> SearchResult:
        return SearchResult(5, [1], True)


ENDLESS = EndlessStore()


@pytest.mark.parametrize(("plain_store", "plain_engine"), [(ENDLESS, EndlessEngine(ENDLESS))], ids=["endless"])
def test_a_caller_who_goes_away_ends_the_work(wire: Wire, plain_store: EndlessStore) -> None:
    """An endless export with records of 1 MiB to a client that does not read."""
    read = plain_store.read
    with socket.create_connection(wire.address, timeout=PATIENCE) as connection:
        connection.sendall(asked(wire))
        assert connection.recv(100).startswith(b"HTTP/1.1 200")
        held = until_still(read)  # the export fills the socket buffers and then waits
    gone = until_still(read)
    assert gone - held <= 3
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

"""The HTTP server over a socket: malformed and oversized requests."""

from __future__ import annotations

import json
import re
import socket
import threading
from collections.abc import Iterator

import pytest

from letrics.api.http_protocol import MAX_HEADERS, MAX_URL_READ
from letrics.api.server import Server, bind, url_of
from tests.conftest import Service


class Wire:
    """A server in a thread that receives raw requests."""

    def __init__(self, address: tuple[str, int], token: str) -> None:
        self.address = address
        self.auth = f"Authorization: Bearer {token}\r\n".encode()

    def send(self, *parts: bytes) -> bytes:
        """Send the parts and return all bytes until the server closes the connection."""
        with socket.create_connection(self.address, timeout=20) as connection:
            for part in parts:
                connection.sendall(part)
            reply = b""
            while data := connection.recv(1 << 16):
                reply += data
            return reply

    def get(self, target: bytes, headers: bytes = b"") -> tuple[int, dict[str, object]]:
        head = b"GET %s HTTP/1.1\r\nHost: x\r\nConnection: close\r\n%s%s\r\n" % (target, self.auth, headers)
        return parsed(self.send(head))


def parsed(reply: bytes) -> tuple[int, dict[str, object]]:
    head, _, body = reply.partition(b"\r\n\r\n")
    assert b"x-request-id: " in head
    return int(head.split()[1]), json.loads(body)


def statuses(reply: bytes) -> list[bytes]:
    return re.findall(rb"HTTP/1\.1 ([0-9]{3}) ", reply)


@pytest.fixture
def wire(service: Service) -> Iterator[Wire]:
    started = threading.Event()
    with bind("127.0.0.1", 0) as bound:
        server = Server(service.api.app, started.set)
        thread = threading.Thread(target=server.run, args=([bound],))
        thread.start()
        assert started.wait(20)
        yield Wire(bound.getsockname(), service.tokens["read"])
        server.should_exit = True
        thread.join(20)
        assert not thread.is_alive()


def test_the_usual(wire: Wire) -> None:
    status, body = wire.get(b"/v1/contacts?per_page=1")
    assert status == 200
    assert len(body["data"]) == 1  # type: ignore[arg-type]


def test_server_headers_say_nothing_of_the_server(wire: Wire) -> None:
    reply = wire.send(b"GET /healthz HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n").lower()
    assert b"server:" not in reply and b"date:" in reply


@pytest.mark.parametrize("size", [17_000, 70_000, 200_000, 1_000_000])
def test_a_long_url_is_told_and_not_dropped(wire: Wire, size: int) -> None:
    for target in (b"/v1/contacts?job_titles=" + b"a" * size, b"/v1/" + b"a" * size):
        status, body = wire.get(target)
        assert status == 414
        assert body["errors"][0]["id"] == "uri_too_long"  # type: ignore[index]


def test_a_url_without_end_is_cut_off(wire: Wire) -> None:
    assert parsed(wire.send(b"GET /" + b"a" * (MAX_URL_READ + (1 << 20))))[0] == 414


@pytest.mark.parametrize(
    "request_", [b"nonsense\r\n\r\n", b"GET /\xff HTTP/1.1\r\nHost: x\r\n\r\n",
                 b"GARBAGE / HTTP/1.1\r\n\r\n", b"POST /v1/contacts HTTP/1.1\r\nContent-Length: -1\r\n\r\n"],
)  # fmt: skip
def test_what_is_no_request_gets_the_envelope_too(wire: Wire, request_: bytes) -> None:
    status, body = parsed(wire.send(request_))
    assert status == 400
    assert body["errors"][0]["id"] == "invalid_input"  # type: ignore[index]


def test_headers_have_a_limit(wire: Wire) -> None:
    status, body = wire.get(b"/healthz", b"X-Long: " + b"a" * MAX_HEADERS + b"\r\n")
    assert status == 400
    assert "headers" in body["errors"][0]["details"]  # type: ignore[index]
    assert parsed(wire.send(b"GET / HTTP/1.1\r\nX: " + b"a" * 1_000_000))[0] == 400
    assert wire.get(b"/healthz", b"X-Long: " + b"a" * 8000 + b"\r\n")[0] == 200


def test_a_body_too_large_is_answered_before_it_is_sent(wire: Wire) -> None:
    head = b"POST /v1/contacts HTTP/1.1\r\nHost: x\r\nConnection: close\r\n" + wire.auth
    assert parsed(wire.send(head + b"Content-Length: 99999999999\r\n\r\n"))[0] == 413
    assert b"100 Continue" not in wire.send(head + b"Content-Length: 9999999\r\nExpect: 100-continue\r\n\r\n")
    chunk = b"%x\r\n%s\r\n" % (1 << 16, b" " * (1 << 16))
    assert parsed(wire.send(head + b"Transfer-Encoding: chunked\r\n\r\n" + chunk * 17))[0] == 413


def test_a_large_body_sent_all_the_same_lives_to_read_its_answer(wire: Wire) -> None:
    head = b"POST /v1/contacts HTTP/1.1\r\nHost: x\r\n" + wire.auth + b"Content-Length: 5000000\r\n\r\n"
    following = b"GET /healthz HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n"
    reply = wire.send(head, b" " * 5_000_000, following)
    assert statuses(reply) == [b"413", b"200"]


def test_pipelined_requests_are_answered_in_order(wire: Wire) -> None:
    one = b"GET /v1/contacts/%s HTTP/1.1\r\nHost: x\r\n" + wire.auth
    three = (one % b"ann" + b"\r\n", one % b"nobody" + b"\r\n", one % b"bob" + b"Connection: close\r\n\r\n")
    reply = wire.send(b"".join(three))
    assert statuses(reply) == [
        b"200",
        b"404",
        b"200",
    ]


def test_urls_of_sockets() -> None:
    with bind("127.0.0.1", 0) as bound:
        port = bound.getsockname()[1]
        assert url_of(bound) == f"http://127.0.0.1:{port}"
        bound.listen()
        with pytest.raises(OSError, match="in use"):
            bind("127.0.0.1", port)

"""The HTTP server over a socket: malformed and oversized requests."""

from __future__ import annotations

import pytest

from letrics.api.server import bind, url_of
from tests.api.wire import Wire, statuses


def test_the_usual(wire: Wire) -> None:
    status, body = wire.get(b"/v1/contacts?per_page=1")
    assert status == 200
    assert len(body["data"]) == 1  # type: ignore[arg-type]


def test_server_headers_say_nothing_of_the_server(wire: Wire) -> None:
    reply = wire.send(b"GET /healthz HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n").lower()
    assert b"server:" not in reply and b"date:" in reply


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

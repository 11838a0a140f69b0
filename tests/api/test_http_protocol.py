"""Malformed and oversized requests over a socket."""

from __future__ import annotations

import pytest

from letrics.api.http_protocol import MAX_HEADERS, MAX_URL_READ
from tests.api.wire import Wire, parsed, statuses


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

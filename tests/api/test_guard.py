"""Requests over a socket that are malformed, too large, or that two programs could interpret differently.

These tests fail if a release of uvicorn no longer calls what the guard overrides.
"""

from __future__ import annotations

import inspect

import pytest
from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

from letrics.api.guard import Guard
from letrics.api.request_head import MAX_HEADERS
from letrics.api.request_meter import (
    MAX_FRAMING_BYTES,
    MAX_HEADER_COUNT,
    MAX_PIPELINED,
    MAX_SMALL_CHUNKS,
    MAX_URL_READ,
)
from tests.api.wire import Wire, parsed, statuses
from tests.conftest import Service

POST = b"POST /v1/contacts HTTP/1.1\r\nHost: x\r\n"
GET = b"GET /healthz HTTP/1.1\r\nHost: x\r\n"
CHUNKED = b"Connection: close\r\nTransfer-Encoding: chunked\r\n\r\n"
LAST = GET + b"Connection: close\r\n\r\n"

REFUSED: dict[str, bytes] = {
    "two lengths": POST + b"Content-Length: 2\r\nContent-Length: 2\r\n\r\n{}",
    "two different lengths": POST + b"Content-Length: 2\r\nContent-Length: 3\r\n\r\n{}",
    "a list of lengths": POST + b"Content-Length: 2, 2\r\n\r\n{}",
    "a signed length": POST + b"Content-Length: +2\r\n\r\n{}",
    "an empty length": POST + b"Content-Length:\r\n\r\n",
    "length and chunked": POST + b"Content-Length: 2\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
    "chunked and length": POST + b"Transfer-Encoding: chunked\r\nContent-Length: 2\r\n\r\n0\r\n\r\n",
    "another coding": POST + b"Transfer-Encoding: gzip\r\n\r\n0\r\n\r\n",
    "two codings": POST + b"Transfer-Encoding: gzip, chunked\r\n\r\n0\r\n\r\n",
    "chunked twice": POST + b"Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
    "identity": POST + b"Transfer-Encoding: identity\r\n\r\n0\r\n\r\n",
    "almost chunked": POST + b"Transfer-Encoding: \x0bchunked\r\n\r\n0\r\n\r\n",
    "chunked in HTTP/1.0": b"POST / HTTP/1.0\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
    "a folded header": GET + b"A: b\r\n c\r\n\r\n",
    "a bare LF": b"GET /healthz HTTP/1.1\r\nHost: x\nA: b\r\n\r\n",
    "only LF": b"GET /healthz HTTP/1.1\nHost: x\n\n",
    "a bare CR": b"GET /healthz HTTP/1.1\r\nHost: x\rA: b\r\n\r\n",
    "NUL in a value": GET + b"A: b\0c\r\n\r\n",
    "NUL in a name": GET + b"A\0: b\r\n\r\n",
    "a space before the colon": GET + b"A : b\r\n\r\n",
    "a space before the first header": b"GET /healthz HTTP/1.1\r\n Host: x\r\n\r\n",
    "no colon": GET + b"A\r\n\r\n",
    "HTTP/0.9": b"GET /healthz\r\n\r\n",
    "HTTP/0.9 by name": b"GET /healthz HTTP/0.9\r\nHost: x\r\n\r\n",
    "HTTP/2.0": b"GET /healthz HTTP/2.0\r\nHost: x\r\n\r\n",
    "HTTP/1.2": b"GET /healthz HTTP/1.2\r\nHost: x\r\n\r\n",
    "another host in the URL": b"GET http://evil.example/healthz HTTP/1.1\r\nHost: x\r\n\r\n",
    "a user in the URL": b"GET http://a@x/healthz HTTP/1.1\r\nHost: x\r\n\r\n",
    "another scheme": b"GET ftp://x/healthz HTTP/1.1\r\nHost: x\r\n\r\n",
    "no slash": b"GET healthz HTTP/1.1\r\nHost: x\r\n\r\n",
    "an asterisk": b"GET * HTTP/1.1\r\nHost: x\r\n\r\n",
    "CONNECT": b"CONNECT x:80 HTTP/1.1\r\nHost: x:80\r\n\r\n",
    "a chunk with LF": POST + CHUNKED + b"2\n{}\r\n0\r\n\r\n",
    "a chunk ended by LF": POST + CHUNKED + b"2\r\n{}\n0\r\n\r\n",
    "a chunk with 0x": POST + CHUNKED + b"0x2\r\n{}\r\n0\r\n\r\n",
    "a chunk with a sign": POST + CHUNKED + b"+2\r\n{}\r\n0\r\n\r\n",
    "a chunk beyond 64 bits": POST + CHUNKED + b"10000000000000002\r\n{}\r\n0\r\n\r\n",
    "LF in an extension": POST + CHUNKED + b"2;a\nb\r\n{}\r\n0\r\n\r\n",
    "a length in a trailer": POST + CHUNKED + b"2\r\n{}\r\n0\r\nContent-Length: 5\r\n\r\n",
    "too many headers": GET + b"A: b\r\n" * MAX_HEADER_COUNT + b"\r\n",
    "too many trailers": POST + CHUNKED + b"0\r\n" + b"A: b\r\n" * (MAX_HEADER_COUNT + 1) + b"\r\n",
    "tiny chunks": POST + CHUNKED + b"1\r\n \r\n" * (MAX_SMALL_CHUNKS + 1) + b"0\r\n\r\n",
}  # fmt: skip


@pytest.mark.parametrize("request_", REFUSED.values(), ids=REFUSED)
def test_ambiguous_request_is_refused_once(wire: Wire, request_: bytes) -> None:
    reply = wire.send(request_ + LAST)
    assert statuses(reply) == [b"400"]
    assert parsed(reply)[1]["errors"][0]["id"] == "invalid_input"  # type: ignore[index]


@pytest.mark.parametrize(
    "ending", [b"0\r\nAuthorization: Bearer %s\r\n\r\n", b"2\r\n{}\r\n0\r\nauthorization: Bearer %s\r\n\r\n"]
)
def test_token_in_a_trailer_is_no_token(wire: Wire, service: Service, ending: bytes) -> None:
    reply = wire.send(POST + CHUNKED + ending % service.tokens["read"].encode())
    assert parsed(reply)[0] == 401


def test_trailers_do_not_change_the_request(wire: Wire) -> None:
    trailers = b"Content-Type: text/html\r\nX-Request-Id: late\r\nExpect: 100-continue\r\nA: b\r\n"
    reply = wire.send(POST + wire.auth + CHUNKED + b"2\r\n{}\r\n0\r\n" + trailers + b"\r\n")
    assert statuses(reply) == [b"200"] and b"x-request-id: late" not in reply


@pytest.mark.parametrize("start", [b"0\r\nX: ", b"2;", b"0;", b"0\r\nX"], ids=repr)
def test_endless_framing_is_cut_off(wire: Wire, start: bytes) -> None:
    """The body never ends, because its trailer or chunk extension is endless."""
    reply = wire.send(POST + wire.auth + CHUNKED, start, *[b"a" * MAX_FRAMING_BYTES] * 6)
    assert statuses(reply) == [b"400"] and b"extensions or trailers" in reply


def test_chunk_extensions_within_the_limit_are_ignored(wire: Wire) -> None:
    reply = wire.send(POST + wire.auth + CHUNKED + b'2;a=b;c="d"\r\n{}\r\n0;e\r\n\r\n')
    assert parsed(reply)[0] == 200


def test_url_in_absolute_form_of_the_host_is_served(wire: Wire) -> None:
    for target in (b"http://x/v1/contacts?per_page=1", b"HTTP://X/v1/contacts"):
        assert wire.get(target)[0] == 200
    assert statuses(wire.send(b"GET http://x HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n")) == [b"303"]


@pytest.mark.parametrize("header", [b"Expect: 100-continue\r\n", b"Connection: upgrade\r\nUpgrade: h2c\r\n"])
def test_connection_is_closed_after(wire: Wire, header: bytes) -> None:
    """One side could interpret the following bytes as a body or another protocol, and the other side as a request."""
    reply = wire.send(GET + header + b"\r\n" + GET + b"\r\n")
    assert statuses(reply) == [b"200"] and b"connection: close" in reply


def test_continue_is_not_sent_to_http_1_0(wire: Wire) -> None:
    head = b"POST /v1/contacts HTTP/1.0\r\nHost: x\r\nExpect: 100-continue\r\nContent-Length: 2\r\n" + wire.auth
    assert statuses(wire.send(head + b"\r\n{}")) == [b"200"]


def test_too_many_pipelined_requests_end_the_connection(wire: Wire) -> None:
    one = b"GET /v1/contacts HTTP/1.1\r\nHost: x\r\n" + wire.auth + b"\r\n"
    reply = wire.send(one * (MAX_PIPELINED + 50))
    assert set(statuses(reply)) == {b"200"} and len(statuses(reply)) <= MAX_PIPELINED + 1


def test_bad_request_behind_another_does_not_answer_for_it(wire: Wire) -> None:
    good = b"GET /v1/contacts/ann HTTP/1.1\r\nHost: x\r\n" + wire.auth + b"\r\n"
    reply = wire.send(good + b"nonsense\r\n\r\n")
    assert statuses(reply) == [b"200"]


def test_guard_overrides_only_what_uvicorn_has() -> None:
    for name, method in vars(Guard).items():
        if inspect.isfunction(method) and not (name.startswith("_") and not name.endswith("__")):
            theirs = inspect.signature(getattr(HttpToolsProtocol, name))
            assert list(inspect.signature(method).parameters)[:2] == list(theirs.parameters)[:2] or name == "__init__"


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

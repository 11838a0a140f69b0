"""A running server reports what is wrong with any request, never fails with a bug, and keeps running."""

from __future__ import annotations

import json
import random
import socket
from collections.abc import Iterator

import pytest

from tests.reliability.running import Server, serving

BODIES: dict[str, tuple[bytes, int]] = {
    "not JSON": (b"{", 400),
    "nothing but space": (b"  \n", 400),
    "a list": (b"[]", 400),
    "null": (b"null", 400),
    "a number": (b"1e999", 400),
    "NaN": (b'{"page": NaN}', 400),
    "infinity": (b'{"page": 1e400}', 400),
    "a huge integer": (b'{"page": ' + b"9" * 5_000 + b"}", 400),
    "over 2^63": (b'{"page": 9223372036854775808}', 400),
    "a negative page": (b'{"page": -1}', 400),
    "a float page": (b'{"page": 1.5}', 400),
    "a true page": (b'{"page": true}', 400),
    "invalid UTF-8": (b'{"job_titles": ["\xff\xfe"]}', 400),
    "overlong UTF-8": (b'{"job_titles": ["\xc0\xaf"]}', 400),
    "UTF-8 surrogates": (b'{"job_titles": ["\xed\xa0\x80"]}', 400),
    "an escaped half surrogate": (b'{"job_titles": ["\\ud800"]}', 400),
    "a half surrogate for a name": (b'{"\\udfff": 1}', 400),
    "an escaped NUL": (b'{"job_titles": ["a\\u0000b"]}', 400),
    "a NUL byte": (b'{"job_titles": ["a\x00b"]}', 400),
    "a byte order mark": (b"\xef\xbb\xbf{}", 400),
    "UTF-16": ('{"page": 1}'.encode("utf-16"), 400),
    "nested lists": (b'{"job_titles": ' + b"[" * 100_000 + b"]" * 100_000 + b"}", 400),
    "nested objects": (b'{"a":' * 50_000 + b"1" + b"}" * 50_000, 400),
    "nested below the usual limit": (b'{"job_titles": ' + b"[" * 900 + b"]" * 900 + b"}", 400),
    "nested and unclosed": (b"[" * 500_000, 400),
    "a key twice": (b'{"page": 1, "page": 2}', 400),
    "a key twice, escaped": (b'{"page": 1, "p\\u0061ge": 2}', 400),
    "a key twice, inside": (b'{"job_titles": [{"a": 1, "a": 2}]}', 400),
    "an empty key": (b'{"": 1}', 400),
    "a long key": (b'{"' + b"k" * 100_000 + b'": 1}', 400),
    "many unknown keys": (json.dumps({f"k{n}": n for n in range(20_000)}).encode(), 400),
    "a mebibyte of unknown keys": (json.dumps({f"k{n}": 1 for n in range(80_000)}).encode(), 400),
    "a mebibyte of keys, the last one twice": (
        b"{" + b",".join(b'"k%d":1' % n for n in range(90_000)) + b',"k89999":1}',
        400,
    ),
    "a year 1 with an offset": (b'{"added_after": "0001-01-01T00:00:00+14:00"}', 400),
    "a year 9999 with an offset": (b'{"added_before": "9999-12-31T23:59:59-12:00"}', 400),
    "a long fraction": (b'{"added_after": "2026-01-01T00:00:00.' + b"1" * 150 + b'Z"}', 400),
    "no such day": (b'{"added_after": "2026-02-30"}', 400),
    "Arabic digits": ('{"added_after": "٢٠٢٦-٠١-٠١"}'.encode(), 400),
    "an object for a text": (b'{"job_titles": [{}]}', 400),
    "a text for a list": (b'{"job_titles": "a"}', 400),
    "too many values": (json.dumps({"industries": ["x"] * 501}).encode(), 400),
    "a long value": (json.dumps({"industries": ["x" * 201]}).encode(), 400),
    "a blank value": ('{"industries": ["\u3000\u00a0"]}'.encode(), 400),
    "a forged cursor": (b'{"cursor": "AQAAAAAAAAAAAAAAAAAAAAAAAAAAAA"}', 400),
    "a cursor of odd letters": ('{"cursor": "üüüü\u2028"}'.encode(), 400),
    "a cursor too long": (json.dumps({"cursor": "A" * 100_000}).encode(), 400),
    "a mebibyte of space": (b"{" + b" " * (1 << 20) + b"}", 413),
    "deep pages": (b'{"page": 1000000000, "per_page": 100}', 200),
    "500 long needles": (json.dumps({"job_titles": [f"{n} " + "x y " * 40 for n in range(500)]}).encode(), 200),
    "10,000 domains": (json.dumps({"domains": [f"d{n}.example" for n in range(10_000)]}).encode(), 200),
    "odd domains": (
        json.dumps({"domains": ["http://[::1]/", "..", "a" * 200, "@", "xn--a.com", "💥.com"]}).encode(),
        200,
    ),
    "odd top-level domains": (json.dumps({"tlds": ["..", "*", "xn--", "💥", "a b", "-", "[]"]}).encode(), 200),
    "odd places": (json.dumps({"locations": [",", ",,,", "US,,", ", ".join("abcdefgh"), "ﷺ", "’"]}).encode(), 200),
    "letters that grow": (json.dumps({"job_titles": ["ﷺ" * 200, "İ" * 200, "ŉ" * 200]}).encode(), 200),
    "an empty body": (b"", 200),
}
"""Bodies of a search of contacts, and the status each must have."""

QUERIES: dict[str, tuple[str, int]] = {
    "broken percent": ("job_titles=%", 200),
    "not UTF-8": ("job_titles=%ff", 400),
    "NUL": ("job_titles=%00", 400),
    "half a surrogate": ("job_titles=%ed%a0%80", 400),
    "a name that is not UTF-8": ("%ff=1", 400),
    "only signs": ("&&&===&", 400),
    "empty values": ("job_titles=&page=&order=", 200),
    "brackets on a scalar": ("page[]=1", 400),
    "a scalar twice": ("page=1&page=1", 400),
    "a huge page": (f"page={'9' * 4_000}", 400),
    "a signed page": ("page=%2B1", 200),
    "Arabic digits": ("page=%D9%A1", 400),
    "a flag that is none": ("is_decision_maker=TRUE", 400),
    "a token": ("token=ltr_x", 400),
    "too long": ("job_titles=" + "a" * 20_000, 414),
    "many names": ("&".join(f"k{n}=1" for n in range(1_000)), 400),
}


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    with serving(tmp_path_factory.mktemp("home") / "letrics") as running:
        running.client.get("/readyz")
        yield running


_IDS = {400: "invalid_input", 413: "payload_too_large", 414: "uri_too_long"}


def raw(server: Server, data: bytes, wait: float = 5.0) -> bytes:
    """Send bytes as they are; returns whatever comes back until the server closes or falls silent."""
    with socket.create_connection(("127.0.0.1", server.port), timeout=wait) as connection:
        try:
            connection.sendall(data)
            connection.shutdown(socket.SHUT_WR)
            parts = []
            while part := connection.recv(65_536):
                parts.append(part)
        except (TimeoutError, ConnectionError):
            pass
    return b"".join(parts) if "parts" in locals() else b""


def bare(server: Server, method: str, target: str) -> bytes:
    """A request without a body, its target as it is."""
    lines = (
        f"{method} {target} HTTP/1.1",
        "Host: localhost",
        f"Authorization: Bearer {server.token}",
        "Connection: close",
    )
    return "".join(f"{line}\r\n" for line in (*lines, "")).encode()


def status_of(answer: bytes) -> int | None:
    return int(answer.split(b" ", 2)[1]) if answer.startswith(b"HTTP/1.1 ") else None


@pytest.mark.parametrize("name", BODIES)
def test_bodies(server: Server, name: str) -> None:
    body, status = BODIES[name]
    answer = server.client.post("/v1/contacts", content=body, headers={"Content-Type": "application/json"})
    assert answer.status_code == status, answer.text[:500]
    told = answer.json()
    assert set(told) == {"data", "meta", "errors"} and len(told["errors"]) <= 50 and len(answer.content) < 5_000_000
    if status >= 400:
        assert told["data"] is None and {error["id"] for error in told["errors"]} == {_IDS[status]}
    assert server.alive()


@pytest.mark.parametrize("name", QUERIES)
def test_query_strings(server: Server, name: str) -> None:
    query, status = QUERIES[name]
    answer = raw(server, bare(server, "GET", f"/v1/contacts?{query}"))
    assert status_of(answer) == status, answer[:500]
    if status >= 400:
        assert _IDS[status].encode() in answer
    assert server.alive()


@pytest.mark.parametrize(
    ("name", "value", "status"),
    [
        ("Authorization", b"Bearer", 401),
        ("Authorization", b"Bearer ", 401),
        ("Authorization", b"Bearer \xff\xfe", 401),
        ("Authorization", b"Bearer ltr_" + b"A" * 5_000, 401),
        ("Authorization", b"Basic eDp5", 401),
        ("Authorization", b"", 401),
        ("Content-Type", b"text/html", 415),
        ("Content-Type", b"\xff", 415),
        ("Content-Type", b"application/json; charset=\xff", 200),
        ("Content-Encoding", b"gzip", 415),
        ("X-Request-Id", b"\xff\x80" + b"y" * 500, 200),
        ("Cookie", b"session=" + b"z" * 4_000, 200),
        ("Accept", b"\xff", 200),
        ("Range", b"bytes=0-", 200),
    ],
)
def test_headers(server: Server, name: str, value: bytes, status: int) -> None:
    headers = {"Authorization": f"Bearer {server.token}".encode(), "Content-Type": b"application/json", name: value}
    lines = b"".join(key.encode() + b": " + text + b"\r\n" for key, text in headers.items())
    answer = raw(
        server,
        b"POST /v1/contacts HTTP/1.1\r\nHost: localhost\r\nContent-Length: 2\r\nConnection: close\r\n"
        + lines
        + b"\r\n{}",
    )
    assert status_of(answer) == status, answer[:500]
    assert b"x-request-id" in answer.lower()
    assert server.alive()


@pytest.mark.parametrize(
    ("method", "path", "status"),
    [
        ("GET", "/v1/contacts/%00", 404),
        ("GET", "/v1/contacts/%ff", 404),
        ("GET", "/v1/contacts/..%2f..%2fetc%2fpasswd", 404),
        ("GET", "/v1/contacts/" + "a" * 10_000, 404),
        ("GET", "/v1/contacts/💥", 404),
        ("GET", "/v1/companies/-", None),
        ("GET", "/v1/companies/%F0%9F%92%A5.com", 404),
        ("GET", "/v1/companies/xn--a.com", None),
        ("DELETE", "/v1/contacts", 405),
        ("PUT", "/v1/companies", 405),
        ("DELETE", "/v1/companies/nobody.example?with_contacts=maybe", None),
        ("DELETE", "/v1/contacts/nobody", 404),
        ("BREW", "/v1/contacts", None),
        ("GET", "/v1/", 404),
        ("GET", "/v1//contacts", 404),
        ("GET", "/v1/contacts/a/b/c", 404),
        ("GET", "/" + "x/" * 5_000, 404),
        ("GET", "/../../etc/passwd", 404),
        ("GET", "/static/..%2f..%2f..%2fpyproject.toml", 404),
        ("POST", "/healthz", 405),
    ],
)
def test_paths(server: Server, method: str, path: str, status: int | None) -> None:
    got = status_of(raw(server, bare(server, method, path)))
    assert got is not None and 400 <= got < 500
    assert status is None or got == status or (got == 400 and not path.isascii())  # raw letters may end at the parser
    assert server.alive()


@pytest.mark.parametrize(
    "data",
    [
        b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03" + b"\0" * 200,
        b"GET / HTTP/9.9\r\n\r\n",
        b"GET /healthz\r\n\r\n",
        b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n",
        b"\r\n" * 1_000,
        b"GET /healthz HTTP/1.1\r\n" + b"A: b\r\n" * 20_000 + b"\r\n",
        b"GET /healthz HTTP/1.1\r\nHost: localhost\r\nA: " + b"b" * 300_000 + b"\r\n\r\n",
        b"POST /v1/contacts HTTP/1.1\r\nHost: localhost\r\nContent-Length: -1\r\n\r\n{}",
        b"POST /v1/contacts HTTP/1.1\r\nHost: localhost\r\nContent-Length: 5\r\nContent-Length: 6\r\n\r\n{}",
        b"POST /v1/contacts HTTP/1.1\r\nHost: localhost\r\nContent-Length: 99999999999999999999\r\n\r\n{}",
        b"POST /v1/contacts HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: chunked\r\n\r\nZZ\r\n{}\r\n",
        b"POST /v1/contacts HTTP/1.1\r\nHost: localhost\r\n"
        b"Transfer-Encoding: chunked\r\nContent-Length: 2\r\n\r\n0\r\n\r\n",
        b"POST /v1/contacts HTTP/1.1\r\nHost: localhost\r\nContent-Length: 100\r\n\r\n{",
        b"GET /healthz HTTP/1.1\r\nHost: localhost\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n"
        b"Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Version: 13\r\n\r\n",
    ],
    ids=lambda data: repr(data[:40]),
)
def test_bytes_that_are_hardly_http(server: Server, data: bytes) -> None:
    status = status_of(raw(server, data, wait=1.0))
    assert status is None or status < 500
    assert server.alive()


@pytest.mark.slow
def test_random_bytes_in_good_requests(server: Server, seed: int) -> None:
    rng = random.Random(seed)
    good = (
        b'{"job_titles": ["manager", "c++"], "added_after": "2026-01-01", "per_page": 10, "locations": ["Berlin, DE"]}'
    )
    for _ in range(600):
        body = bytearray(good)
        for _ in range(rng.randint(1, 6)):
            at = rng.randrange(len(body))
            match rng.randrange(3):
                case 0:
                    body[at] = rng.randrange(256)
                case 1:
                    del body[at]
                case 2:
                    body[at:at] = rng.randbytes(rng.randint(1, 4))
        answer = server.client.post("/v1/contacts", content=bytes(body), headers={"Content-Type": "application/json"})
        assert answer.status_code in (200, 400), (seed, bytes(body), answer.text)
    assert server.alive()


def test_slow_and_broken_off_requests_hold_nobody_up(server: Server) -> None:
    held = []
    for _ in range(50):
        connection = socket.create_connection(("127.0.0.1", server.port))
        connection.sendall(b"POST /v1/contacts HTTP/1.1\r\nHost: localhost\r\nContent-Length: 50\r\n\r\n{")
        held.append(connection)
    assert server.total("contacts") == 0
    for connection in held:
        connection.close()
    assert server.alive()

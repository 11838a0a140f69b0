"""Compressed responses: content negotiation, which responses are compressed, and that decompression restores them."""

from __future__ import annotations

import gzip
import importlib
import json
import zlib
from collections.abc import Sequence
from typing import Any

import pytest
from starlette.types import Message, Receive, Scope, Send

from letrics.api.compression import MIN_BYTES, Compression
from letrics.search import WalkSizes
from letrics.store.base import StoreAway
from tests.api.caller import Caller, Reply
from tests.conftest import Service

LONG = {"per_page": 100}


@pytest.fixture
def api(service: Service) -> Caller:
    service.api.app = Compression(service.api.app)
    return service.api


def asking(coding: str) -> dict[str, str]:
    return {"Accept-Encoding": coding, "X-Request-Id": "same"}


def unpacked(reply: Reply) -> bytes:
    match reply.headers.get("content-encoding"):
        case None:
            return reply.body
        case "gzip":
            return gzip.decompress(reply.body)
        case "zstd":
            zstd = importlib.import_module("zstandard")
            return bytes(zstd.ZstdDecompressor().decompressobj().decompress(reply.body))
        case other:
            raise AssertionError(other)


@pytest.mark.parametrize("coding", ["gzip", "zstd"])
class TestEveryCoding:
    def test_a_page_of_records(self, api: Caller, coding: str) -> None:
        plain = api.post("/v1/contacts", LONG, headers=asking("identity"))
        packed = api.post("/v1/contacts", LONG, headers=asking(coding))
        assert packed.headers["content-encoding"] == coding
        assert packed.headers["vary"] == plain.headers["vary"] == "Accept-Encoding"
        assert int(packed.headers["content-length"]) == len(packed.body) < len(plain.body) / 2
        assert int(plain.headers["content-length"]) == len(plain.body) > MIN_BYTES
        first = unpacked(packed).partition(b',"meta"')[0]
        assert first == plain.body.partition(b',"meta"')[0]
        assert unpacked(packed).endswith(b'"errors":[]}')

    @pytest.mark.parametrize("export_sizes", [WalkSizes(slice=1), WalkSizes(slice=100_000)], ids=["1", "100000"])
    def test_a_stream(self, api: Caller, coding: str) -> None:
        plain = api.post("/v1/contacts/export")
        packed = api.post("/v1/contacts/export", headers=asking(coding))
        assert (packed.headers["content-encoding"], packed.headers["vary"]) == (coding, "Accept-Encoding")
        assert "content-length" not in packed.headers
        assert unpacked(packed) == plain.body and len(packed.body) < len(plain.body)

    def test_a_body_so_long_that_it_is_packed_in_parts(self, service: Service, coding: str) -> None:
        api = service.api
        api.app = Compression(api.app, part_bytes=2000)
        plain = api.get("/openapi.json").body
        assert unpacked(api.get("/openapi.json", headers=asking(coding))) == plain

    @pytest.mark.parametrize("export_sizes", [WalkSizes(slice=1)], ids=["1"])
    def test_a_stream_that_breaks_off_does_not_look_whole(self, service: Service, api: Caller, coding: str) -> None:
        def fail(nums: Sequence[int]) -> None:
            if list(nums) == [3]:
                raise StoreAway("gone")

        service.store.before_documents = fail
        packed = api.post("/v1/contacts/export", headers=asking(coding))
        assert not api.whole
        if coding == "gzip":
            assert not (unpacking := zlib.decompressobj(16 + zlib.MAX_WBITS)).decompress(packed.body).endswith(b"]}")
            assert not unpacking.eof

    def test_head_says_what_get_would(self, api: Caller, coding: str) -> None:
        get = api.get("/v1/contacts", headers=asking(coding))
        head = api.call("HEAD", "/v1/contacts", headers=asking(coding))
        assert (head.status, head.body) == (200, b"")
        assert head.headers["content-encoding"] == get.headers["content-encoding"] == coding
        assert set(head.headers) == set(get.headers) and head.headers["vary"] == "Accept-Encoding"
        small = api.call("HEAD", "/healthz", headers=asking(coding))
        assert "content-encoding" not in small.headers and int(small.headers["content-length"]) > 10


def test_what_is_small_is_sent_as_it_is(api: Caller) -> None:
    for reply in (
        api.get("/healthz", headers=asking("gzip")),
        api.post("/v1/contacts/count", headers=asking("gzip")),
        api.get("/v1/contacts", token=None, headers=asking("gzip")),
    ):
        assert "content-encoding" not in reply.headers and "vary" not in reply.headers
        assert int(reply.headers["content-length"]) == len(reply.body) < MIN_BYTES


def test_errors_are_packed_like_answers(api: Caller) -> None:
    body = {f"unknown_{n}": 1 for n in range(50)}
    reply = api.post("/v1/contacts", body, headers=asking("gzip"))
    assert reply.status == 400
    assert b"unknown_7 " in unpacked(reply).replace(b'\\"', b" ")


def test_parquet_is_packed_already(api: Caller) -> None:
    pytest.importorskip("pyarrow", reason="pyarrow is not installed")
    reply = api.post("/v1/companies/export?format=parquet", headers=asking("gzip"))
    assert reply.body.startswith(b"PAR1")
    assert "content-encoding" not in reply.headers and "vary" not in reply.headers


@pytest.mark.parametrize(
    ("accepted", "chosen"),
    [
        (None, None),
        ("", None),
        ("gzip", "gzip"),
        ("GZIP", "gzip"),
        ("br", None),
        ("br, gzip", "gzip"),
        ("gzip;q=0", None),
        ("gzip;q=0.001", "gzip"),
        ("gzip, identity", "gzip"),
        ("gzip;q=0.5, identity;q=0.5", "gzip"),
        ("identity", None),
        ("*;q=0", None),
        ("*;q=0, gzip", "gzip"),
        ("identity;q=0, gzip;q=0.1", "gzip"),
        ("gzip;q=high", None),
        ("gzip;q=nan", None),
        (",;q=1,gzip", "gzip"),
        ("é", None),
        ("gzip" * 5000, None),
        ("gzip" + " " * 900 + "x", None),
        ("gzip;" + " " * 900 + "q", None),
        ("gzip;q=" + "0" * 900, None),
        ("*", "zstd"),
        ("gzip, *", "zstd"),
        ("gzip, zstd, br", "zstd"),
    ],
)
def test_the_choice(api: Caller, accepted: str | None, chosen: str | None) -> None:
    reply = api.get("/openapi.json", headers={} if accepted is None else {"Accept-Encoding": accepted})
    assert reply.headers.get("content-encoding") == chosen and reply.headers["vary"] == "Accept-Encoding"


def sending(headers: list[tuple[bytes, bytes]], body: bytes, status: int = 200) -> Any:
    async def app(scope: Scope, receive: Receive, send: Send) -> None:
        await send({"type": "http.response.start", "status": status, "headers": headers})
        message: Message = {"type": "http.response.body", "body": body}
        await send(message)

    return Compression(app)


class TestPages:
    HTML = (b"content-type", b"text/html; charset=utf-8")

    def test_a_page_for_someone_signed_in_is_never_packed(self, api: Caller) -> None:
        caller = Caller(sending([self.HTML], b"a" * 5000), api.loop)
        assert "content-encoding" not in caller.get("/", headers=asking("gzip") | {"Cookie": "session=x"}).headers
        assert "content-encoding" in caller.get("/", headers=asking("gzip")).headers

    @pytest.mark.parametrize(
        ("header", "status"),
        [
            ((b"content-type", b"image/png"), 200),
            ((b"Content-Type", b"application/octet-stream"), 200),
            ((b"content-encoding", b"br"), 200),
            ((b"content-range", b"bytes 0-4999/9999"), 206),
            ((b"x-other", b"1"), 304),
        ],
    )
    def test_what_is_left_alone(self, api: Caller, header: tuple[bytes, bytes], status: int) -> None:
        headers = [header] if header[0].lower() == b"content-type" else [self.HTML, header]
        reply = Caller(sending(headers, b"a" * 5000, status), api.loop).get("/", headers=asking("gzip"))
        assert reply.body == b"a" * 5000
        assert reply.headers.get("content-encoding", "br") == "br"


def test_the_lifespan_passes_through(api: Caller) -> None:
    seen: list[str] = []

    async def app(scope: Scope, receive: Receive, send: Send) -> None:
        seen.append(scope["type"])

    api.loop.run_until_complete(Compression(app)({"type": "lifespan"}, None, None))  # type: ignore[arg-type]
    assert seen == ["lifespan"]


@pytest.mark.parametrize("accepted", ["gzip," + " " * 60_000 + "x", "gzip;q=" + "1" * 60_000, "gzip," * 20_000])
def test_long_accept_encoding_is_read(api: Caller, accepted: str) -> None:
    reply = api.get("/openapi.json", headers={"Accept-Encoding": accepted})
    assert json.loads(unpacked(reply))["openapi"]

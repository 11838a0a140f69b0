"""The separate port for metrics."""

from __future__ import annotations

import asyncio

import pytest

from letrics.api.metrics_port import serving_metrics
from letrics.api.server import bind


async def ask(request: bytes) -> bytes:
    async def text() -> bytes:
        return b"letrics_ready 1.0\n"

    with bind("127.0.0.1", 0) as bound:
        async with serving_metrics(bound, text):
            reader, writer = await asyncio.open_connection(*bound.getsockname())
            writer.write(request)
            if not request.endswith(b"\r\n\r\n"):
                writer.write_eof()
            answer = await reader.read()
            writer.close()
            return answer


@pytest.mark.parametrize(
    ("request_", "status", "body"),
    [(b"GET /metrics HTTP/1.1\r\nhost: x\r\n\r\n", b"200 OK", b"letrics_ready 1.0\n"),
     (b"HEAD /metrics HTTP/1.1\r\n\r\n", b"200 OK", b""),
     (b"GET /v1/contacts HTTP/1.1\r\n\r\n", b"404 Not Found", b"the metrics are at /metrics\n"),
     (b"POST /metrics HTTP/1.1\r\n\r\n", b"405 Method Not Allowed", b"use GET\n")],
)  # fmt: skip
def test_metrics_port_serves_metrics_and_nothing_else(request_: bytes, status: bytes, body: bytes) -> None:
    head, _, rest = asyncio.run(ask(request_)).partition(b"\r\n\r\n")
    assert head.startswith(b"HTTP/1.1 " + status) and rest == body and b"connection: close" in head


def test_metrics_port_drops_half_a_request_and_a_long_one() -> None:
    assert asyncio.run(ask(b"GET /metr")) == b""
    assert asyncio.run(ask(b"x" * 40_000)) == b""

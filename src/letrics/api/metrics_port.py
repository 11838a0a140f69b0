"""A separate port for metrics, so that Prometheus needs no access to the port of the API.

It serves `/metrics` and nothing else, one request a connection, with a few connections at a time.
"""

from __future__ import annotations

import asyncio
import logging
import socket
from collections.abc import AsyncGenerator, Awaitable, Callable
from contextlib import asynccontextmanager
from typing import Final

from letrics.api.metrics import MEDIA_TYPE

_log: Final = logging.getLogger("letrics.metrics")
_MAX_CONNECTIONS: Final = 16
"""The maximum number of connections that are served at a time. Further ones are closed."""
_MAX_HEAD: Final = 16 * 1024
"""The maximum size of the head of a request, in bytes."""
_SECONDS: Final = 10.0
"""The time limit of a connection, in seconds."""


@asynccontextmanager
async def serving_metrics(bound: socket.socket | None, text: Callable[[], Awaitable[bytes]]) -> AsyncGenerator[None]:
    """Serve the metrics that `text` returns on a listening socket until the end of the block. None: nowhere."""
    if bound is None:
        yield
        return
    opened = 0

    async def answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        nonlocal opened
        opened += 1
        try:
            if opened <= _MAX_CONNECTIONS:
                async with asyncio.timeout(_SECONDS):
                    writer.write(await _respond(reader, text))
                    await writer.drain()
        except (OSError, EOFError, TimeoutError, asyncio.LimitOverrunError):
            pass  # the client left, or is too slow
        except Exception:
            _log.exception("serving metrics failed")
        finally:
            opened -= 1
            writer.close()

    server = await asyncio.start_server(answer, sock=bound, limit=_MAX_HEAD)
    try:
        yield
    finally:
        server.close()


async def _respond(reader: asyncio.StreamReader, text: Callable[[], Awaitable[bytes]]) -> bytes:
    head = await reader.readuntil(b"\r\n\r\n")
    method, _, rest = head.partition(b" ")
    path = rest.partition(b" ")[0].partition(b"?")[0]
    if method not in (b"GET", b"HEAD"):
        return _response(b"405 Method Not Allowed", b"use GET\n", b"text/plain", b"allow: GET, HEAD\r\n")
    if path != b"/metrics":
        return _response(b"404 Not Found", b"the metrics are at /metrics\n", b"text/plain")
    whole = _response(b"200 OK", await text(), MEDIA_TYPE)
    return whole if method == b"GET" else whole.partition(b"\r\n\r\n")[0] + b"\r\n\r\n"


def _response(status: bytes, body: bytes, media_type: bytes, more: bytes = b"") -> bytes:
    headers = b"content-type: %s\r\ncontent-length: %d\r\ncache-control: no-store\r\n" % (media_type, len(body))
    return b"HTTP/1.1 %s\r\n%s%sconnection: close\r\n\r\n%s" % (status, headers, more, body)

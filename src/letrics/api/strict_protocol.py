"""Refuses HTTP/1.1 requests that uvicorn and httptools accept or read without bound.

llhttp, the parser of httptools, already rejects malformed line ends, white space and control characters, two
Content-Length headers, and Content-Length together with Transfer-Encoding; a test checks that. This class adds the
rest:

- Trailers of a chunked body are dropped. httptools reports them by the same callback as headers, and uvicorn would
  merge them into the headers of the running request (RFC 9110, section 6.5.1, forbids that).
- The size of chunk extensions and trailers, and the number of tiny chunks, headers and pipelined requests, are limited.
- Only HTTP/1.0 and 1.1 are accepted. `chunked` is the only transfer coding, and not with HTTP/1.0 (RFC 9112, section
  6.1).
- A URL in absolute form must have the same host as the Host header.
- The connection is closed after `Expect` or `Upgrade`: client and server may disagree on where the next request begins.
"""

from __future__ import annotations

from typing import Any, Final

import httptools
from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

MAX_HEADER_COUNT: Final = 100
"""The maximum number of headers of a request, and of trailers."""

MAX_FRAMING_BYTES: Final = 64 * 1024
"""The maximum size of consecutive chunk extensions and trailers without a byte of the body, in bytes."""

MAX_PIPELINED: Final = 50
"""The maximum number of requests that wait on one connection while another is being processed."""


MAX_SMALL_CHUNKS: Final = 10_000
"""The maximum number of chunks of a body whose average size is below `SMALL_CHUNK_BYTES`, or whose response is already
complete. Each chunk takes as much time as a large one."""

SMALL_CHUNK_BYTES: Final = 8
"""Chunks with a smaller average size than this, in bytes, count as small."""


class StrictProtocol(HttpToolsProtocol):
    """One HTTP connection. `reason` says why the parser refused a request."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.reason = ""
        self.in_body = False
        self._chunks: int | None = None
        self._body_bytes = 0
        self._framing_bytes = 0
        self._trailers = 0

    def data_received(self, data: bytes) -> None:
        in_body, body_bytes = self.in_body, self._body_bytes
        super().data_received(data)
        if not (in_body and self.in_body) or self._body_bytes != body_bytes:
            self._framing_bytes = 0
            return
        self._framing_bytes += len(data)
        if self._framing_bytes > MAX_FRAMING_BYTES:
            self.reason = f"The body's chunk extensions or trailers exceed {MAX_FRAMING_BYTES:,} bytes: omit them"
            self.send_400_response(self.reason)

    def on_header(self, name: bytes, value: bytes) -> None:
        if self.in_body:
            self._trailers += 1
            if self._trailers > MAX_HEADER_COUNT:
                raise self._wrong(f"The body has more than {MAX_HEADER_COUNT} trailers: omit them")
            return
        if len(self.headers) >= MAX_HEADER_COUNT:
            raise self._wrong(f"The request has more than {MAX_HEADER_COUNT} headers: send fewer")
        super().on_header(name, value)

    def on_headers_complete(self) -> None:
        version = self.parser.get_http_version()
        if version not in ("1.1", "1.0"):
            raise self._wrong(f"HTTP/{version} is not supported: use HTTP/1.1")
        if version == "1.0":
            self.expect_100_continue = False
        self._chunks = None
        for name, value in self.headers:
            if name == b"transfer-encoding":
                if version == "1.0" or value.strip().lower() != b"chunked":
                    raise self._wrong("Transfer-Encoding must be chunked, in an HTTP/1.1 request")
                self._chunks = 0
        if len(self.pipeline) >= MAX_PIPELINED:
            raise self._wrong(
                f"More than {MAX_PIPELINED} requests are waiting on this connection: wait for their responses"
            )
        if not self.url.startswith(b"/"):
            self.url = self._origin_form()
        super().on_headers_complete()
        if self.expect_100_continue or self.parser.should_upgrade():
            self.cycle.keep_alive = False
        self.in_body = True
        self._framing_bytes = self._trailers = self._body_bytes = 0

    def on_body(self, body: bytes) -> None:
        self._body_bytes += len(body)
        if self._chunks is not None:
            self._chunks += 1
            if self._chunks > MAX_SMALL_CHUNKS and (
                self.cycle.response_complete or self._body_bytes < SMALL_CHUNK_BYTES * self._chunks
            ):
                raise self._wrong("The body is sent in too many small chunks: send larger ones")
        super().on_body(body)

    def on_message_complete(self) -> None:
        self.in_body = False
        super().on_message_complete()

    def _origin_form(self) -> bytes:
        """The path and query of a URL in absolute form (RFC 9112, section 3.2.2)."""
        if self.url == b"*" and self.parser.get_method() == b"OPTIONS":
            return b"*"
        scheme, _, rest = self.url.partition(b"://")
        authority = rest.partition(b"/")[0].partition(b"?")[0]
        hosts = [value.strip().lower() for name, value in self.headers if name == b"host"]
        if scheme.lower() not in (b"http", b"https") or hosts != [authority.lower()]:
            raise self._wrong("The URL must begin with a slash, or be an http URL with the host of the Host header")
        target = rest[len(authority) :]
        return target if target.startswith(b"/") else b"/" + target

    def _wrong(self, reason: str) -> httptools.HttpParserError:
        self.reason = reason
        return httptools.HttpParserError(reason)

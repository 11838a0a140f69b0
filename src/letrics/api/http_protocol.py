"""Protocol errors and size limits of requests, which uvicorn reports in plain text or does not bound.

- A URL is stored up to one byte over its limit, so that the application can respond with 414 (the parser itself fails
  beyond 64 KiB).
- The size of request headers is limited.
- A malformed HTTP request gets the error envelope.
- Bytes that a client sends after its response are dropped, up to a limit, so that it can read the response.
"""

from __future__ import annotations

import secrets
from typing import Any, Final

import httptools
from uvicorn.protocols.http.httptools_impl import STATUS_LINE

from letrics.api.application import MAX_URL
from letrics.api.response import failure
from letrics.api.strict_protocol import StrictProtocol
from letrics.errors import INVALID_INPUT, URI_TOO_LONG, LetricsError, problem

MAX_HEADERS: Final = 32 * 1024
"""The maximum size of all request headers together, in bytes, as in nginx. Each connection can take this much memory
before the caller is authenticated."""

MAX_URL_READ: Final = 4 * 1024 * 1024
"""The maximum size of a URL that is read to its end, in bytes, so that it gets the usual 414 response."""

LINGER_SECONDS: Final = 2.0
"""How long the server keeps reading and dropping the bytes of a refused client, in seconds."""

MAX_DROPPED: Final = 64 * 1024 * 1024
"""The maximum size of an unwanted body that is read and dropped, in bytes. Beyond it the connection is closed."""


class HttpProtocol(StrictProtocol):
    """One HTTP connection with these limits."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.refused = False
        self._in_head = False
        self._head_bytes = 0
        self._url_bytes = 0
        self._dropped = 0

    def data_received(self, data: bytes) -> None:
        if self.refused:
            return
        super().data_received(data)
        if self._in_head and not self.refused:
            self._head_bytes += len(data)
            if self._url_bytes > MAX_URL_READ:
                self.refuse(problem(URI_TOO_LONG, f"The URL exceeds {MAX_URL:,} bytes: send a POST request"))
            elif self._head_bytes - self._url_bytes > MAX_URL + MAX_HEADERS:
                self.reason = f"The request headers exceed {MAX_HEADERS:,} bytes: send fewer or shorter ones"
                self.send_400_response(self.reason)

    def on_message_begin(self) -> None:
        super().on_message_begin()
        self._in_head = True
        self._head_bytes = self._url_bytes = self._dropped = 0

    def on_url(self, url: bytes) -> None:
        self._url_bytes += len(url)
        room = MAX_URL + 1 - len(self.url)
        if room > 0:
            self.url += url[:room]

    def on_headers_complete(self) -> None:
        self._in_head = False
        if sum(len(name) + len(value) for name, value in self.headers) > MAX_HEADERS:
            self.reason = f"The request headers exceed {MAX_HEADERS:,} bytes: send fewer or shorter ones"
            raise httptools.HttpParserError(self.reason)
        super().on_headers_complete()

    def on_body(self, body: bytes) -> None:
        if self.cycle.response_complete:
            self._dropped += len(body)
            if self._dropped > MAX_DROPPED:
                self.transport.close()
        super().on_body(body)

    def on_response_complete(self) -> None:
        if self.cycle.response_complete:
            self.cycle.body = bytearray()  # release the memory of the body while the connection is idle
        super().on_response_complete()

    def send_400_response(self, msg: str) -> None:  # noqa: ARG002
        details = self.reason or "The request is not valid HTTP/1.1: check the method, the URL and the headers"
        self.refuse(problem(INVALID_INPUT, details))

    def refuse(self, error: LetricsError, linger_seconds: float = LINGER_SECONDS) -> None:
        """Send an error without calling the application, and close. A response in progress is finished first."""
        if self.refused or self.transport.is_closing():
            return
        self.refused = True
        cycle = self.cycle
        if cycle is not None and not self.in_body and not cycle.response_complete:
            cycle.keep_alive = False  # the response in progress is the last one
            return
        if self.in_body:
            if cycle.response_started or self.pipeline:  # the client would match a second response to another request
                self.transport.close()
                return
            cycle.disconnected = True
            cycle.message_event.set()
        self.transport.write(_rendered(error))
        if not linger_seconds:
            self.transport.close()
            return
        # Closing now, with unread bytes, would reset the connection, and the client would lose this response.
        self.transport.write_eof()
        self.loop.call_later(linger_seconds, self.transport.close)


def _rendered(error: LetricsError) -> bytes:
    request_id = secrets.token_hex(16)
    response = failure(error, request_id)
    headers = [
        (b"content-type", response.media_type),
        (b"content-length", b"%d" % len(response.body)),
        (b"x-request-id", request_id.encode()),
        (b"x-content-type-options", b"nosniff"),
        (b"cache-control", b"no-store"),
        *response.headers,
        (b"connection", b"close"),
    ]
    return b"".join(
        [STATUS_LINE[response.status], *(b"%s: %s\r\n" % header for header in headers), b"\r\n", response.body]
    )

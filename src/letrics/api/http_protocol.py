"""The HTTP/1.1 parser's edges: what uvicorn would answer in plain text, or read without bound, done our way.

A URL is kept up to one byte over its limit, so that the application can answer 414 (the parser itself fails beyond
64 KiB). Request headers have a limit. A request that is not HTTP gets the envelope of an error. What a caller goes on
sending after its answer is dropped, up to a limit, so that it lives to read that answer.
"""

from __future__ import annotations

import secrets
from typing import Any, Final

import httptools
from uvicorn.protocols.http.httptools_impl import STATUS_LINE, HttpToolsProtocol

from letrics.api.answer import failure
from letrics.api.application import MAX_URL
from letrics.errors import INVALID_INPUT, URI_TOO_LONG, LetricsError, problem

MAX_HEADERS: Final = 64 * 1024
"""The limit of all request headers together, in bytes."""

MAX_URL_READ: Final = 4 * 1024 * 1024
"""How much of a URL is read to its end, in bytes, so that the answer to it is the usual one."""

LINGER_SECONDS: Final = 2.0
"""How long a refused caller's bytes are still taken and dropped."""

MAX_DROPPED: Final = 64 * 1024 * 1024
"""How much of a body nobody wants is read on, in bytes, before the connection is cut."""


class HttpProtocol(HttpToolsProtocol):
    """One connection."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._refused = False
        self._in_head = False
        self._head_bytes = 0
        self._url_bytes = 0
        self._dropped = 0

    def data_received(self, data: bytes) -> None:
        if self._refused:
            return
        super().data_received(data)
        if self._in_head and not self._refused:
            self._head_bytes += len(data)
            if self._url_bytes > MAX_URL_READ:
                self._refuse(problem(URI_TOO_LONG, f"The URL is far over {MAX_URL:,} bytes: send a POST"))
            elif self._head_bytes - self._url_bytes > MAX_URL + MAX_HEADERS:
                self.send_400_response("")

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
        size = sum(len(name) + len(value) for name, value in self.headers)
        if size > MAX_HEADERS:
            self._head_bytes = MAX_URL + size
            raise httptools.HttpParserError(f"the headers are over {MAX_HEADERS:,} bytes")
        super().on_headers_complete()

    def on_body(self, body: bytes) -> None:
        if self.cycle.response_complete:
            self._dropped += len(body)
            if self._dropped > MAX_DROPPED:
                self.transport.close()
        super().on_body(body)

    def send_400_response(self, msg: str) -> None:  # noqa: ARG002
        details = "This is not an HTTP/1.1 request that can be read: see the method, the URL and the headers"
        if self._head_bytes - self._url_bytes > MAX_HEADERS:
            details = f"The request's headers are over {MAX_HEADERS:,} bytes: send less"
        self._refuse(problem(INVALID_INPUT, details))

    def _refuse(self, error: LetricsError) -> None:
        """Answer without the application, and close."""
        request_id = secrets.token_hex(16)
        answer = failure(error, request_id)
        headers = [
            (b"content-type", answer.media_type),
            (b"content-length", b"%d" % len(answer.body)),
            (b"x-request-id", request_id.encode()),
            (b"x-content-type-options", b"nosniff"),
            (b"connection", b"close"),
        ]
        lines = [STATUS_LINE[answer.status], *(b"%s: %s\r\n" % header for header in headers), b"\r\n", answer.body]
        self.transport.write(b"".join(lines))
        # Closing at once, with bytes unread, would reset the connection and take this answer with it.
        self.transport.write_eof()
        self._refused = True
        self.loop.call_later(LINGER_SECONDS, self.transport.close)

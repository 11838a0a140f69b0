"""Measures what the client of a connection sends and reads, in size and in time."""

from __future__ import annotations

from typing import Final

from letrics.api.application import MAX_URL
from letrics.api.connection_limits import ConnectionLimits
from letrics.errors import INVALID_INPUT, URI_TOO_LONG, LetricsError, problem

MAX_URL_READ: Final = 4 * 1024 * 1024
"""The maximum size of a URL that is read to its end, in bytes, so that it gets the usual 414 response."""
MAX_HEADER_COUNT: Final = 100
"""The maximum number of headers and trailers of a request."""
MAX_FRAMING_BYTES: Final = 64 * 1024
"""The maximum size of the headers as they are sent, and of consecutive chunk extensions and trailers without a byte of
the body, in bytes."""
MAX_PIPELINED: Final = 50
"""The maximum number of requests that wait on one connection while another is being processed."""
MAX_SMALL_CHUNKS: Final = 10_000
"""The maximum number of parts of a body whose average size is below `SMALL_CHUNK_BYTES`. Each takes as much time as a
large one."""
SMALL_CHUNK_BYTES: Final = 8
"""Parts with a smaller average size than this, in bytes, count as small."""


class RequestMeter:
    """The state of one connection. Methods raise LetricsError if the current request exceeds a limit of size.

    `_since` is the time from which the client makes the server wait for a head, a body, or until it has read a
    response. Bytes of a body that are received, and bytes of a response that are read, move it forward.
    """

    def __init__(self, limits: ConnectionLimits, now: float) -> None:
        self._limits = limits
        self._in_head = True
        self.in_body = False
        self._since = now
        self._received = self._unsent = 0
        self._url_bytes = self._fields = self._framing_bytes = self._parts = self._body_bytes = 0

    def read(self, size: int, now: float) -> LetricsError | None:
        """Bytes arrived, of which the methods below report what they are. Returns an error if too many of the bytes
        before belong neither to a URL nor to a body."""
        if not self._in_head and not self.in_body:
            self._in_head, self._since = True, now
        if self._framing_bytes > MAX_FRAMING_BYTES:
            return _wrong("The request headers, or the body's chunk extensions or trailers, are too long: shorten them")
        self._framing_bytes += size
        return None

    def url(self, before: bytes, part: bytes) -> bytes:
        """A part of the URL. Returns as much of the URL as the application needs to refuse one that is too long."""
        self._in_head, self._framing_bytes = True, 0
        self._url_bytes += len(part)
        if self._url_bytes > MAX_URL_READ:
            raise problem(URI_TOO_LONG, f"The URL exceeds {MAX_URL_READ:,} bytes: send a POST request")
        return before + part[: max(0, MAX_URL + 1 - len(before))]

    def field(self) -> None:
        """A header, or a trailer of a body."""
        self._fields += 1
        if self._fields > MAX_HEADER_COUNT:
            raise _wrong(f"The request has more than {MAX_HEADER_COUNT} headers or trailers: send fewer")

    def head(self, now: float, waiting: int) -> None:
        """The head of the request is complete. `waiting` requests of the connection wait for an earlier response."""
        self._in_head, self.in_body, self._since = False, True, now
        self._url_bytes = self._fields = self._framing_bytes = 0
        self._received = self._parts = self._body_bytes = 0
        if waiting >= MAX_PIPELINED:
            raise _wrong(f"{MAX_PIPELINED} requests are waiting on this connection: wait for their responses")

    def body(self, size: int) -> None:
        """A part of the body."""
        self._framing_bytes = 0
        self._received += size
        self._body_bytes += size
        self._parts += 1
        if self._parts > MAX_SMALL_CHUNKS and self._body_bytes < SMALL_CHUNK_BYTES * self._parts:
            raise _wrong("The body is sent in too many small chunks: send larger ones")

    def end(self) -> None:
        """The request is complete."""
        self.in_body = False
        self._fields = self._framing_bytes = 0

    def is_late(self, now: float, unsent: int, *, answering: bool, paused: bool) -> bool:
        """Whether the client is too slow. Call it about once a second.

        `unsent` is the number of bytes that the client has not read. While the server is `answering`, it waits for no
        head, and while reading is `paused`, for no body.
        """
        limits, before = self._limits, self._unsent
        received, self._received, self._unsent = self._received, 0, unsent
        if unsent:
            # While much is unsent, writing is paused: that there is more means that the client has read the rest.
            read = (before - unsent) / limits.write_bytes_per_second if unsent <= before else limits.write_seconds
            return self._is_over(now, limits.write_seconds, read)
        if self.in_body and not paused:
            return self._is_over(now, limits.body_seconds, received / limits.body_bytes_per_second * answering)
        if self._in_head and not answering:
            return self._is_over(now, limits.head_seconds, 0)
        self._since = now
        return False

    def _is_over(self, now: float, seconds: float, credit: float) -> bool:
        self._since = min(now, self._since + credit)
        return now - self._since > seconds


def _wrong(details: str) -> LetricsError:
    return problem(INVALID_INPUT, details)

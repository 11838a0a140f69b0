"""Time-outs of connections, and their maximum number. uvicorn only limits the idle time between requests.

The server calls `check` of every connection once per second, so requests need no timers. A client that is too slow is
disconnected without a response, as in nginx: browsers open connections in advance, and would show the response for a
request that they send later.
"""

from __future__ import annotations

from typing import Any, Final

from letrics.api.connection_limits import MAX_LINGERING, ConnectionCounts, ConnectionLimits
from letrics.api.http_protocol import HttpProtocol
from letrics.errors import UNAVAILABLE, problem

_FULL_LINGER_SECONDS: Final = 1.0
"""Seconds that a refused connection stays open so that the client can read the response."""


class TimedProtocol(HttpProtocol):
    """One HTTP connection with time-outs. All connections of a server share `counts`."""

    def __init__(self, *args: Any, limits: ConnectionLimits, counts: ConnectionCounts, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._limits = limits
        self._counts = counts
        self._admitted = False
        self._head_since: float | None = None
        self._body_since: float | None = None
        self._received = 0
        self._unsent = 0
        self._taken = 0
        self._taking_since = 0.0

    def connection_made(self, transport: Any) -> None:
        super().connection_made(transport)
        self._taking_since = self.loop.time()
        counts = self._counts
        if counts.open < self._limits.max_connections:
            self._admitted = True
            self._head_since = self.loop.time()
            counts.open += 1
            return
        counts.refused += 1
        linger = _FULL_LINGER_SECONDS if counts.lingering < MAX_LINGERING else 0
        counts.lingering += 1
        self.refuse(problem(UNAVAILABLE, "Too many connections are open: retry in a moment", Retry_After="1"), linger)

    def connection_lost(self, exc: Exception | None) -> None:
        if self._admitted:
            self._counts.open -= 1
        else:
            self._counts.lingering -= 1
        super().connection_lost(exc)

    def data_received(self, data: bytes) -> None:
        if self._head_since is None and self._body_since is None:
            self._head_since = self.loop.time()
        super().data_received(data)

    def on_message_begin(self) -> None:
        super().on_message_begin()
        if self._head_since is None:
            self._head_since = self.loop.time()

    def on_headers_complete(self) -> None:
        super().on_headers_complete()
        self._head_since, self._body_since, self._received = None, self.loop.time(), 0

    def on_body(self, body: bytes) -> None:
        self._received += len(body)
        super().on_body(body)

    def on_message_complete(self) -> None:
        self._body_since = None
        super().on_message_complete()

    def pause_writing(self) -> None:
        self._measure()
        super().pause_writing()

    def resume_writing(self) -> None:
        self._measure()
        super().resume_writing()

    def check(self, now: float) -> None:
        """Close the connection if its client is too slow."""
        if self._stalled(now):
            self.transport.abort()
        elif not self.transport.is_closing() and not self.refused and self._late(now):
            self.transport.close()

    def _late(self, now: float) -> bool:
        """Whether the head or the body of a request is overdue. Time in which the server does not read, or processes an
        earlier request, does not count."""
        answering = self.cycle is not None and not self.cycle.response_complete
        if self._head_since is not None:
            if answering:
                self._head_since = now
            return now - self._head_since > self._limits.head_seconds
        if self._body_since is not None:
            if self.flow.read_paused:
                self._body_since = now
            credit = self._received / self._limits.body_bytes_per_second if answering else 0
            return now - self._body_since > self._limits.body_seconds + credit
        return False

    def _stalled(self, now: float) -> bool:
        """Whether the client reads the pending response too slowly: in `write_seconds` neither all of it nor
        `write_bytes_per_second` on average."""
        self._measure()
        limits = self._limits
        if not self._unsent or self._taken >= limits.write_seconds * limits.write_bytes_per_second:
            self._taken, self._taking_since = 0, now
        return now - self._taking_since > limits.write_seconds

    def _measure(self) -> None:
        """Count the bytes that the client read since the last call.

        Bytes written in between make the count too low. While much is unsent, writing is paused and the count is exact.
        """
        unsent = self.transport.get_write_buffer_size()
        self._taken += max(0, self._unsent - unsent)
        self._unsent = unsent

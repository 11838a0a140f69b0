"""Time-outs and the limit of connections. uvicorn has a time-out for idle connections between requests only.

The server calls `check` of every connection once a second; no request pays for a timer. A client that is too slow is
disconnected without a response, as nginx does: browsers open connections ahead of need, and would show the response to
a request that they send later.
"""

from __future__ import annotations

from typing import Any, Final

from letrics.api.connection_limits import MAX_LINGERING, ConnectionCounts, ConnectionLimits
from letrics.api.http_protocol import HttpProtocol
from letrics.errors import UNAVAILABLE, problem

_FULL_LINGER_SECONDS: Final = 1.0


class TimedProtocol(HttpProtocol):
    """One connection. `counts` is shared by all connections of a server."""

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
        self.refuse(
            problem(UNAVAILABLE, "Too many connections are open: try again in a moment", Retry_After="1"), linger
        )

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
        """Close the connection where its client is too slow."""
        if self._stalled(now):
            self.transport.abort()
        elif not self.transport.is_closing() and not self.refused and self._late(now):
            self.transport.close()

    def _late(self, now: float) -> bool:
        """Whether the head or the body of a request is overdue. Time in which the server itself does not read, or is
        answering an earlier request, does not count."""
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
        """Whether the client takes what there is to send too slowly: in `write_seconds` neither all of it nor
        `write_bytes_per_second` on average."""
        self._measure()
        limits = self._limits
        if not self._unsent or self._taken >= limits.write_seconds * limits.write_bytes_per_second:
            self._taken, self._taking_since = 0, now
        return now - self._taking_since > limits.write_seconds

    def _measure(self) -> None:
        """Count what the client has taken since the last call. What was written meanwhile makes it less than it was;
        while writing is paused, which is whenever much is unsent, nothing is."""
        unsent = self.transport.get_write_buffer_size()
        self._taken += max(0, self._unsent - unsent)
        self._unsent = unsent

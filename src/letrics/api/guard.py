"""Guards a connection of uvicorn: limits of size, time and number, and refusals with the error envelope."""

from sys import exception
from typing import Any

from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

from letrics.api.connection_counts import COUNTS
from letrics.api.connection_limits import LINGER_SECONDS, ConnectionLimits
from letrics.api.request_head import origin_form
from letrics.api.request_meter import RequestMeter
from letrics.api.response import NOT_HTTP, TOO_MANY_CONNECTIONS, http_failure
from letrics.errors import LetricsError


class Guard(HttpToolsProtocol):
    """One connection. Where a method raises LetricsError, uvicorn calls `send_400_response`."""

    def __init__(self, *args: Any, limits: ConnectionLimits, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._limits, self._meter, self._refused = limits, RequestMeter(limits, self.loop.time()), False

    def connection_made(self, transport: Any) -> None:
        super().connection_made(transport)
        self.loop.call_later(1, self._check)
        COUNTS.opened += 1
        if (linger_seconds := self._limits.linger_seconds(len(self.connections))) is not None:
            COUNTS.refused += 1
            self._refuse(TOO_MANY_CONNECTIONS, linger_seconds)

    def connection_lost(self, exc: Exception | None) -> None:
        COUNTS.opened -= 1
        super().connection_lost(exc)

    def data_received(self, data: bytes) -> None:
        if not self._refused and (error := self._meter.read(len(data), self.loop.time())):
            self._refuse(error)
        elif not self._refused:
            super().data_received(data)

    def on_url(self, url: bytes) -> None:
        self.url = self._meter.url(self.url, url)

    def on_header(self, name: bytes, value: bytes) -> None:
        self._meter.field()
        if not self._meter.in_body:  # else it is a trailer, not a header (RFC 9110, section 6.5.1)
            super().on_header(name, value)

    def on_headers_complete(self) -> None:
        self.url = origin_form(self.url, self.parser.get_http_version(), self.headers)
        self.expect_100_continue &= self.parser.get_http_version() == "1.1"
        super().on_headers_complete()
        if self.expect_100_continue or self.parser.should_upgrade():
            self.cycle.keep_alive = False  # the client may disagree on where the next request begins
        self._meter.head(self.loop.time(), len(self.pipeline))

    def on_body(self, body: bytes) -> None:
        self._meter.body(len(body))
        super().on_body(body)

    def on_message_complete(self) -> None:
        self._meter.end()
        super().on_message_complete()

    def send_400_response(self, msg: str) -> None:  # noqa: ARG002
        self._refuse(why if isinstance(why := getattr(exception(), "__context__", None), LetricsError) else NOT_HTTP)

    def _refuse(self, error: LetricsError, linger_seconds: float = LINGER_SECONDS) -> None:
        cycle, started, self._refused = self.cycle, bool(self.pipeline), True
        if cycle is not None:  # a response in progress is the last one
            started |= cycle.response_started if self._meter.in_body else not cycle.response_complete
            cycle.keep_alive, cycle.disconnected = False, not started
        if not started and not self.transport.is_closing():
            self.transport.write(http_failure(error))
            self.transport.write_eof()
        if not started or cycle.response_complete:  # not now: a reset could keep the client from reading the response
            self.loop.call_later(linger_seconds, self.transport.close)

    def _check(self) -> None:
        if self in self.connections:
            self.loop.call_later(1, self._check)
            answering = self.cycle is not None and not self.cycle.response_complete
            unsent, paused = self.transport.get_write_buffer_size(), self.flow.read_paused
            if self._meter.is_late(self.loop.time(), unsent, answering=answering, paused=paused):
                self.transport.abort()
            if self.cycle is not None and not answering:
                self.cycle.body.clear()  # release a body that was not read

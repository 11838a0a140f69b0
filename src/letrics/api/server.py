"""The HTTP server of one process: uvicorn with uvloop and httptools, on a socket that the caller has bound."""

from __future__ import annotations

import asyncio
import contextlib
import signal
import socket
from collections.abc import Callable, Generator
from functools import partial
from types import FrameType
from typing import Final, cast

import uvicorn
from starlette.types import ASGIApp

from letrics.api.connection_limits import ConnectionLimits
from letrics.api.guard import Guard

_GRACE_SECONDS: Final = 10
"""Seconds that requests in progress may take to finish when the server stops."""
_BACKLOG: Final = 2048
"""The maximum number of connections that wait to be accepted."""


def bind(host: str, port: int) -> socket.socket:
    """Bind a TCP socket to an address, without listening. Port 0 selects a free port. Raises OSError."""
    family, kind, protocol, _, address = socket.getaddrinfo(
        host, port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE
    )[0]
    bound = socket.socket(family, kind, protocol)
    try:
        bound.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        bound.bind(address)
    except BaseException:
        bound.close()
        raise
    return bound


def url_of(bound: socket.socket) -> str:
    """The URL at which this machine reaches a bound socket."""
    host, port = bound.getsockname()[:2]
    return f"http://[{host}]:{port}" if ":" in host else f"http://{host}:{port}"


class Server(uvicorn.Server):
    """A server that runs until SIGTERM or SIGINT, or until the write end of the pipe `lifeline` is closed."""

    def __init__(
        self, app: ASGIApp, started: Callable[[], None] | None = None, lifeline: int | None = None,
        limits: ConnectionLimits | None = None,
    ) -> None:  # fmt: skip
        limits = limits or ConnectionLimits()
        super().__init__(
            uvicorn.Config(
                app,
                http=cast("type[asyncio.Protocol]", partial(Guard, limits=limits)),
                loop="uvloop",
                ws="none",
                lifespan="on",
                log_config=None,
                access_log=False,
                server_header=False,
                backlog=_BACKLOG,
                timeout_graceful_shutdown=_GRACE_SECONDS,
                timeout_keep_alive=limits.keep_alive_seconds,
            )
        )
        self._when_started = started
        self._lifeline = lifeline
        self.interrupted = False

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets)
        if self._lifeline is not None:
            asyncio.get_running_loop().add_reader(self._lifeline, self._cut)
        if self._when_started is not None:
            self._when_started()

    def _cut(self) -> None:
        assert self._lifeline is not None
        asyncio.get_running_loop().remove_reader(self._lifeline)
        self.should_exit = True

    def handle_exit(self, sig: int, frame: FrameType | None) -> None:
        self.interrupted |= sig == signal.SIGINT
        super().handle_exit(sig, frame)

    @contextlib.contextmanager
    def capture_signals(self) -> Generator[None, None, None]:
        # uvicorn raises the captured signals again after shutdown. Drop them: the caller reads `interrupted` instead.
        with super().capture_signals():
            yield
            self._captured_signals.clear()

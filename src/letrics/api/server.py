"""The HTTP server: uvicorn with uvloop and httptools, in one process or several, on a socket that is already bound."""

from __future__ import annotations

import asyncio
import os
import signal
import socket
import sys
from collections.abc import Callable
from functools import partial
from multiprocessing import parent_process
from typing import Any, Final, cast

import uvicorn
from uvicorn.supervisors import Multiprocess

from letrics.api.connection_limits import ConnectionLimits
from letrics.api.guard import Guard

_GRACE_SECONDS: Final = 10
"""Seconds that requests in progress may take to finish when the server stops."""
_HANG_SECONDS: Final = 60
"""Seconds after which a server process that does not react is replaced."""
_BACKLOG: Final = 2048
"""The maximum number of connections that wait to be accepted."""


def bind(host: str, port: int) -> socket.socket:
    """A TCP socket that listens to an address. Port 0 selects a free port. Raises OSError."""
    family, _, _, _, address = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE)[0]
    both = family == socket.AF_INET6  # :: is every IPv4 address, too
    return socket.create_server(address[:2], family=family, backlog=_BACKLOG, dualstack_ipv6=both)


def url_of(bound: socket.socket) -> str:
    """The URL at which this machine reaches a bound socket."""
    host, port = bound.getsockname()[:2]
    return f"http://[{host}]:{port}" if ":" in host else f"http://{host}:{port}"


def make_config(app: Any, limits: ConnectionLimits | None = None, **more: Any) -> uvicorn.Config:
    """The configuration of uvicorn for an ASGI application. `more` are further settings of uvicorn."""
    limits = limits or ConnectionLimits()
    return uvicorn.Config(
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
        timeout_worker_healthcheck=_HANG_SECONDS,
        **more,
    )


def run(config: uvicorn.Config, bound: socket.socket) -> bool:
    """Serve in this process until SIGTERM or SIGINT. Returns whether it was SIGINT."""
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))  # uvicorn raises the signal again after the shutdown
    try:
        uvicorn.Server(config).run(sockets=[bound])
    except KeyboardInterrupt:
        return True
    except SystemExit as ended:
        if ended.code:
            raise
    return False


class Workers(Multiprocess):
    """Several server processes; those that die are replaced. `ready` is called once, when all have started.

    `ended` is called with the id of each process that was replaced.
    """

    def __init__(
        self, config: uvicorn.Config, bound: socket.socket, ready: Callable[[], None],
        ended: Callable[[int], None] | None = None,
    ) -> None:  # fmt: skip
        os.environ["PYTHONSAFEPATH"] = "1"  # the processes must not import modules from the working directory
        super().__init__(config, [bound])
        self._ended = ended
        self._known: set[int] = set()
        self._ready: Callable[[], None] | None = ready
        self.interrupted = False

    def keep_subprocess_alive(self) -> None:
        for process in self.processes:
            # With this end open, a process that is killed before it responds would be waited for as if it were hung.
            process.child_conn.close()
        super().keep_subprocess_alive()
        now = {process.pid for process in self.processes if process.pid is not None}
        for pid in self._known - now:
            if self._ended is not None:
                self._ended(pid)
        self._known = now
        if self._ready is not None and all(process.is_ready() for process in self.processes):
            self._ready()
            self._ready = None

    def handle_int(self) -> None:
        self.interrupted = True
        super().handle_int()


def stop_with_parent() -> None:
    """Have this server process stop when its parent process has ended in any way. Call it in the event loop."""
    parent, loop = parent_process(), asyncio.get_running_loop()
    assert parent is not None

    def stop() -> None:
        loop.remove_reader(parent.sentinel)
        os.kill(os.getpid(), signal.SIGTERM)

    loop.add_reader(parent.sentinel, stop)

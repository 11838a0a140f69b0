"""Time limits of a connection, and the limit of connections in one server process."""

from __future__ import annotations

import logging
import resource
import time
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Final

_log: Final = logging.getLogger("letrics.server")
_LOG_SECONDS: Final = 10.0
"""The minimum time between two log lines about refused connections, in seconds."""

LINGER_SECONDS: Final = 2.0
"""How long the server keeps reading and dropping the bytes of a refused client, in seconds."""

MAX_LINGERING: Final = 64
"""The maximum number of refused connections that stay open until their clients have read the response. Further ones
are closed immediately."""

RESERVED_DESCRIPTORS: Final = 192
"""File descriptors reserved for the databases, the index, the log and connections that are being refused. A server
process has about 40 of these open."""

MAX_DEFAULT_CONNECTIONS: Final = 10_000
"""The maximum of the default number of connections, whatever the limit of open files. An idle connection takes about
10 KB."""


def available_connections() -> int:
    """The number of connections that the limit of open files (RLIMIT_NOFILE) allows."""
    soft, _ = resource.getrlimit(resource.RLIMIT_NOFILE)
    if soft == resource.RLIM_INFINITY:
        return 1 << 20
    return max(16, soft - RESERVED_DESCRIPTORS)


def default_max_connections() -> int:
    return min(MAX_DEFAULT_CONNECTIONS, available_connections())


@dataclass(frozen=True, slots=True)
class ConnectionLimits:
    """The limits of a server process. Times are in seconds.

    `body_seconds` is extended by one second for each `body_bytes_per_second` bytes received. In each period of
    `write_seconds`, a client must read the whole response or `write_bytes_per_second` on average.
    """

    head_seconds: float = 10
    body_seconds: float = 30
    write_seconds: float = 60
    keep_alive_seconds: int = 65
    body_bytes_per_second: int = 1024
    write_bytes_per_second: int = 1024
    max_connections: int = field(default_factory=default_max_connections)

    def linger_seconds(self, connections: int) -> float | None:
        """None if the last of `connections` open ones is served; else how long it stays open for the refusal."""
        over = connections - self.max_connections
        if over <= 0:
            return None
        _log_refusal(int(time.monotonic() // _LOG_SECONDS))
        return 1.0 if over <= MAX_LINGERING else 0.0


@lru_cache(1)
def _log_refusal(_: int) -> None:
    """Log that connections are refused, once in each period."""
    _log.warning("connections are refused: as many as max_connections allows are open")

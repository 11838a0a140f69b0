"""Time limits of a connection, and the limit of connections in one server process."""

from __future__ import annotations

import resource
from dataclasses import dataclass, field
from typing import Final

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


@dataclass(slots=True)
class ConnectionCounts:
    """Connection counts of one server process: `open` are being served, `lingering` were refused and are still open,
    `refused` is the number refused since the last log line."""

    open: int = 0
    lingering: int = 0
    refused: int = 0

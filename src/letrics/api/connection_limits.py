"""How long a connection may take, and how many there may be in one server process."""

from __future__ import annotations

import resource
from dataclasses import dataclass, field
from typing import Final

MAX_LINGERING: Final = 64
"""How many refused connections may stay open until their clients have read the response; further ones are closed at
once."""

RESERVED_DESCRIPTORS: Final = 192
"""File descriptors that are left for the databases, the index, the log and connections that are being refused. A server
process has about 40 open."""

MAX_DEFAULT_CONNECTIONS: Final = 10_000
"""The default where far more descriptors are allowed. An idle connection takes about 10 KB."""


def available_connections() -> int:
    """How many connections the limit on open files (RLIMIT_NOFILE) leaves room for."""
    soft, _ = resource.getrlimit(resource.RLIMIT_NOFILE)
    if soft == resource.RLIM_INFINITY:
        return 1 << 20
    return max(16, soft - RESERVED_DESCRIPTORS)


def default_max_connections() -> int:
    return min(MAX_DEFAULT_CONNECTIONS, available_connections())


@dataclass(frozen=True, slots=True)
class ConnectionLimits:
    """Times are in seconds. `body_seconds` is extended by a second for each `body_bytes_per_second` that came. In each
    period of `write_seconds`, a client must take the whole response or `write_bytes_per_second` on average."""

    head_seconds: float = 10
    body_seconds: float = 30
    write_seconds: float = 60
    keep_alive_seconds: int = 65
    body_bytes_per_second: int = 1024
    write_bytes_per_second: int = 1024
    max_connections: int = field(default_factory=default_max_connections)


@dataclass(slots=True)
class ConnectionCounts:
    """The connections of one server process: those served, those refused that are still open, and how many have been
    refused since this was last logged."""

    open: int = 0
    lingering: int = 0
    refused: int = 0

"""The request object that handlers receive."""

from __future__ import annotations

import os
import re
import time
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final
from urllib.parse import unquote_to_bytes

from starlette.types import Receive, Scope

from letrics.accounts.principal import Principal

_WELL_FORMED_ID: Final = re.compile(rb"[A-Za-z0-9._-]{1,128}")
"""Matches a request id that a caller may choose: 1 to 128 letters, digits, dots, underscores or hyphens."""


@dataclass(slots=True)
class Call:
    """A request.

    `segments` is the path split at slashes, then percent-decoded; None if it is not UTF-8. `headers` maps each
    lower-case name to all its values. `variable` is the segment that fills the placeholder of the route. `principal` is
    set on paths under /v1. `page` is the scope that pages were called with. `verify` authenticates the caller again,
    because a token may be revoked while a long response is sent.
    """

    scope: Scope
    receive: Receive
    method: str
    segments: tuple[str, ...] | None
    headers: Mapping[bytes, Sequence[bytes]]
    request_id: str
    started: float = field(default_factory=time.perf_counter)
    principal: Principal | None = None
    verify: Callable[[], Awaitable[Principal]] | None = None
    route: str = "unknown"
    variable: str = ""
    page: Scope | None = None

    @classmethod
    def of(cls, scope: Scope, receive: Receive) -> Call:
        headers: dict[bytes, list[bytes]] = {}
        for name, value in scope["headers"]:
            headers.setdefault(name, []).append(value)
        return cls(scope, receive, scope["method"], _segments(scope), headers, _request_id(headers))

    @property
    def query(self) -> bytes:
        """The raw query string."""
        query: bytes = self.scope["query_string"]
        return query

    def header(self, name: bytes) -> Sequence[bytes]:
        """All values of the header with this lower-case name."""
        return self.headers.get(name, ())

    def under_v1(self) -> bool:
        return self.segments is not None and self.segments[:1] == ("v1",)

    def url_length(self) -> int:
        """The length of the raw path and query string, in bytes."""
        path = len(self.scope.get("raw_path") or self.scope["path"])
        return path + (len(self.query) + 1 if self.query else 0)


def _segments(scope: Scope) -> tuple[str, ...] | None:
    # Split the raw path: an id may contain a slash, encoded as %2F, which does not separate segments.
    raw: bytes = scope.get("raw_path") or scope["path"].encode("utf-8", "surrogateescape")
    text = raw.partition(b"?")[0].removeprefix(b"/")
    try:
        if b"%" not in text:
            return tuple(text.decode().split("/"))
        return tuple(unquote_to_bytes(part).decode() for part in text.split(b"/"))
    except UnicodeDecodeError:
        # Keep the path under /v1 if its first segment is v1: authentication comes before the check of the path.
        return ("v1", "\ufffd", "\ufffd", "\ufffd") if text.startswith(b"v1/") else None


def _request_id(headers: Mapping[bytes, Sequence[bytes]]) -> str:
    """The request id that the caller sent, if it is well-formed; else a new one."""
    given = headers.get(b"x-request-id", ())
    if len(given) == 1 and _WELL_FORMED_ID.fullmatch(given[0]):
        return given[0].decode("ascii")
    return os.urandom(16).hex()

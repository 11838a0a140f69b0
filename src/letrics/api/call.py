"""One request as handlers see it."""

from __future__ import annotations

import os
import re
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final
from urllib.parse import unquote_to_bytes

from starlette.types import Receive, Scope

from letrics.accounts.principal import Principal

_WELL_FORMED_ID: Final = re.compile(rb"[A-Za-z0-9._-]{1,128}")


@dataclass(slots=True)
class Call:
    """A request. `segments` is the path split at its slashes, then percent-decoded; None where that is not UTF-8.

    `headers` has every value of each, by lower-case names. `variable` is the segment that fills the placeholder of the
    route. `principal` is set on paths under /v1, and `verify` finds out who is calling again: a token may be revoked
    while a long response is sent.
    """

    scope: Scope
    receive: Receive
    method: str
    segments: tuple[str, ...] | None
    headers: Mapping[bytes, Sequence[bytes]]
    request_id: str
    started: float = field(default_factory=time.perf_counter)
    principal: Principal | None = None
    verify: Callable[[], Principal] | None = None
    route: str = "unknown"
    variable: str = ""

    @classmethod
    def of(cls, scope: Scope, receive: Receive) -> Call:
        headers: dict[bytes, list[bytes]] = {}
        for name, value in scope["headers"]:
            headers.setdefault(name, []).append(value)
        return cls(scope, receive, scope["method"], _segments(scope), headers, _request_id(headers))

    @property
    def query(self) -> bytes:
        """The query string, as it came."""
        query: bytes = self.scope["query_string"]
        return query

    def header(self, name: bytes) -> Sequence[bytes]:
        """Every value of a header, by its lower-case name."""
        return self.headers.get(name, ())

    def under_v1(self) -> bool:
        return self.segments is not None and self.segments[:1] == ("v1",)

    def url_length(self) -> int:
        """Bytes of the path and the query string as they came."""
        path = len(self.scope.get("raw_path") or self.scope["path"])
        return path + (len(self.query) + 1 if self.query else 0)


def _segments(scope: Scope) -> tuple[str, ...] | None:
    # The raw path, because an id may hold a slash, which is then %2F and no end of a segment.
    raw: bytes = scope.get("raw_path") or scope["path"].encode("utf-8", "surrogateescape")
    text = raw.partition(b"?")[0].removeprefix(b"/")
    try:
        if b"%" not in text:
            return tuple(text.decode().split("/"))
        return tuple(unquote_to_bytes(part).decode() for part in text.split(b"/"))
    except UnicodeDecodeError:
        # Still under /v1 when its first segment says so: who may ask is judged before whether the path exists.
        return ("v1", "\ufffd", "\ufffd", "\ufffd") if text.startswith(b"v1/") else None


def _request_id(headers: Mapping[bytes, Sequence[bytes]]) -> str:
    """The caller's own, when it is 1 to 128 of letters, digits, dot, underscore and hyphen; else a new one."""
    given = headers.get(b"x-request-id", ())
    if len(given) == 1 and _WELL_FORMED_ID.fullmatch(given[0]):
        return given[0].decode("ascii")
    return os.urandom(16).hex()

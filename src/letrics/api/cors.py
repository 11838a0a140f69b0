"""CORS: lets scripts of other sites use the API in a browser (the Fetch standard, section 3.2, "CORS protocol").

Disabled unless origins are configured. Scripts send tokens in a header, so credentials (cookies) are never allowed.
Only the API is shared. Pages, and the requests of their scripts under /app, are for this site only.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from letrics.api.response import Header

_PREFLIGHT: Final[Sequence[Header]] = (
    (b"access-control-allow-methods", b"GET, HEAD, POST, DELETE"),
    (b"access-control-allow-headers", b"authorization, content-type, x-request-id"),
    (b"access-control-max-age", b"3600"),
    (b"x-content-type-options", b"nosniff"),
)
_EXPOSED: Final[Header] = (b"access-control-expose-headers", b"x-request-id, retry-after, content-disposition")
_VARY: Final[Header] = (b"vary", b"origin")


class Cors:
    """Middleware that lets `origins`, such as `https://crm.example`, use the API of `app`; `*` is every origin."""

    def __init__(self, app: ASGIApp, origins: Sequence[str]) -> None:
        self._app = app
        self._every = "*" in origins
        self._origins = frozenset(origin.encode("ascii") for origin in origins)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or not _of_the_api(scope["path"]):
            await self._app(scope, receive, send)
            return
        asked = {name: value for name, value in scope["headers"] if name in (b"origin", _METHOD)}
        allowed = self._allowed(asked.get(b"origin"))
        if allowed and scope["method"] == "OPTIONS" and _METHOD in asked:
            await send({"type": "http.response.start", "status": 204, "headers": [*allowed, *_PREFLIGHT]})
            await send({"type": "http.response.body", "body": b""})
            return

        async def sharing(message: Message) -> None:
            if message["type"] == "http.response.start":
                added = [*allowed, _EXPOSED] if allowed else [] if self._every else [_VARY]
                message = {**message, "headers": [*message.get("headers", ()), *added]}
            await send(message)

        await self._app(scope, receive, sharing)

    def _allowed(self, origin: bytes | None) -> list[Header]:
        """The headers that let a script of this origin read the response; none if the origin is not allowed."""
        if origin is None:
            return []
        if self._every:
            return [(b"access-control-allow-origin", b"*")]
        if origin in self._origins:
            return [(b"access-control-allow-origin", origin), _VARY]
        return []


_METHOD: Final = b"access-control-request-method"


def _of_the_api(path: str) -> bool:
    return path == "/openapi.json" or path == "/v1" or path.startswith("/v1/")

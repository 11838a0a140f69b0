"""HTTP Strict Transport Security (RFC 6797): a browser that has used HTTPS once uses it for this host ever after."""

from __future__ import annotations

from typing import Final

from starlette.types import ASGIApp, Message, Receive, Scope, Send

HEADER: Final = (b"strict-transport-security", b"max-age=31536000")
"""One year. Without includeSubDomains: other hosts of the domain are not this program's to decide about."""


class StrictTransport:
    """Adds the header to every response over HTTPS.

    `https` says that clients use HTTPS even if the request itself is plain HTTP, as behind a proxy.
    """

    def __init__(self, app: ASGIApp, *, https: bool) -> None:
        self._app = app
        self._https = https

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or not (self._https or scope.get("scheme") == "https"):
            await self._app(scope, receive, send)
            return

        async def strict(message: Message) -> None:
            if message["type"] == "http.response.start":
                message["headers"] = [*message.get("headers", ()), HEADER]
            await send(message)

        await self._app(scope, receive, strict)

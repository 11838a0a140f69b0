"""Compresses responses with gzip or zstd (`Accept-Encoding`), by the library starlette-compress.

Pages for a signed-in user are never compressed: they contain secrets next to text that an attacker may choose, and the
compressed length would reveal the secrets (the BREACH attack). Responses under /v1 are safe, because no foreign page
can send the caller's token.
"""

from __future__ import annotations

import asyncio
from typing import Final

from starlette.types import ASGIApp, Message, Receive, Scope, Send
from starlette_compress import CompressMiddleware, add_compress_type

MIN_BYTES: Final = 1024
"""The minimum size of a body that is compressed, in bytes."""
PART_BYTES: Final = 256 * 1024
"""The size of the parts in which a body is compressed, in bytes. Each delays other requests for some milliseconds."""
_GZIP_LEVEL: Final = 4
"""The compression level of gzip, from 1 (fastest) to 9 (smallest)."""
_ZSTD_LEVEL: Final = 3
"""The compression level of zstd, from 1 (fastest) to 22 (smallest)."""
_NO_PAGES: Final = ("/v1/", "/app/", "/static/", "/openapi.json")
"""The beginnings of the paths that are not pages."""

for _type in ("application/x-ndjson", "text/csv"):
    add_compress_type(_type)


class Compression:
    """Middleware that compresses the responses of `app`, in parts of `part_bytes`."""

    def __init__(self, app: ASGIApp, part_bytes: int = PART_BYTES) -> None:
        self._app = app
        self._part_bytes = part_bytes
        self._compressed = CompressMiddleware(
            self._in_parts, minimum_size=MIN_BYTES, brotli=False, gzip_level=_GZIP_LEVEL, zstd_level=_ZSTD_LEVEL
        )

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or (not scope["path"].startswith(_NO_PAGES) and _has_cookie(scope)):
            await self._app(scope, receive, send)
        else:
            await self._compressed(scope, receive, send)

    async def _in_parts(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Call the application, and split its body if it is long."""

        async def split(message: Message) -> None:
            while len(message.get("body", b"")) > self._part_bytes:
                body = message["body"]
                await send({"type": "http.response.body", "body": body[: self._part_bytes], "more_body": True})
                message = {**message, "body": body[self._part_bytes :]}
                await asyncio.sleep(0)  # other requests go first
            await send(message)

        await self._app(scope, receive, split)


def _has_cookie(scope: Scope) -> bool:
    return any(name == b"cookie" for name, _ in scope["headers"])

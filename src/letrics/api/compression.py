"""ASGI middleware that compresses responses (`Accept-Encoding`, RFC 9110, section 12.5.3).

It supports gzip, and zstd if Python or the extra `zstd` provides it. Small or already compressed responses are passed
through unchanged.

Pages for a signed-in user are never compressed: they contain secrets next to text that an attacker may choose, and the
compressed length would reveal the secrets (the BREACH attack). Responses under /v1 are safe, because no foreign page
can send the caller's token.
"""

from __future__ import annotations

import asyncio
import importlib
import re
import zlib
from collections.abc import Callable
from typing import Any, Final, Protocol, cast

from starlette.types import ASGIApp, Message, Receive, Scope, Send

MIN_BYTES: Final = 1024
"""The minimum size of a body that is compressed, in bytes."""

THREAD_BYTES: Final = 256 * 1024
"""The size of a body, in bytes, from which it is compressed in a thread, because it would block other requests for
milliseconds."""
_GZIP_LEVEL: Final = 4
"""The compression level of gzip, from 1 (fastest) to 9 (smallest)."""
_ZSTD_LEVEL: Final = 3
"""The compression level of zstd, from 1 (fastest) to 22 (smallest)."""
_VARY: Final = (b"vary", b"accept-encoding")
_MAX_ACCEPTED: Final = 1000
"""The maximum size of an Accept-Encoding header, in bytes. A longer one is ignored; browsers send about 30 bytes."""
_QUALITY: Final = re.compile(r"[01](\.[0-9]{0,3})?")
"""Matches a quality value from 0 to 1 with up to three decimals (RFC 9110, section 12.4.2)."""
_COMPRESSIBLE: Final = (
    b"text/",
    b"application/json",
    b"application/x-ndjson",
    b"application/javascript",
    b"image/svg+xml",
)


class Packer(Protocol):
    """Compresses one body, part by part."""

    def compress(self, data: bytes, /) -> bytes: ...

    def flush(self) -> bytes: ...


def _gzip() -> Packer:
    return zlib.compressobj(_GZIP_LEVEL, zlib.DEFLATED, 16 + zlib.MAX_WBITS)


def _zstd() -> Callable[[], Packer] | None:
    try:
        made: Any = importlib.import_module("compression.zstd")  # Python 3.14
    except ImportError:
        try:
            made = importlib.import_module("zstandard")
        except ImportError:
            return None
        return lambda: cast("Packer", made.ZstdCompressor(level=_ZSTD_LEVEL).compressobj())
    return lambda: cast("Packer", made.ZstdCompressor(level=_ZSTD_LEVEL))


def _packers() -> dict[str, Callable[[], Packer]]:
    zstd = _zstd()
    return {"gzip": _gzip} if zstd is None else {"zstd": zstd, "gzip": _gzip}


PACKERS: Final = _packers()
"""The compressor of each content coding, in order of preference."""


class Compression:
    """Middleware that compresses the responses of `app`, those of `thread_bytes` or more in a thread."""

    def __init__(self, app: ASGIApp, thread_bytes: int = THREAD_BYTES) -> None:
        self._app = app
        self._thread_bytes = thread_bytes

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        await self._app(scope, receive, _Sender(scope, send, self._thread_bytes))


class _Sender:
    """Sends one response, compressed if the client accepts that and it saves space."""

    def __init__(self, scope: Scope, send: Send, thread_bytes: int) -> None:
        self._scope = scope
        self._send = send
        self._thread_bytes = thread_bytes
        self._start: Message | None = None
        self._packer: Packer | None = None

    async def __call__(self, message: Message) -> None:
        if message["type"] == "http.response.start":
            if _is_compressible(message, self._scope):
                self._start = message  # hold it until the first part shows its length
                return
            await self._send(message)
        elif self._start is not None:
            start, self._start = self._start, None
            await self._begin(start, message)
        elif self._packer is not None:
            await self._send({**message, "body": self._compressed(message.get("body", b""), message)})
        else:
            await self._send(message)

    async def _begin(self, start: Message, first: Message) -> None:
        body, more = first.get("body", b""), first.get("more_body", False)
        head = self._scope["method"] == "HEAD"
        length = _length(start) if head else len(body)
        if not more and length < MIN_BYTES:
            await self._send(start)
            await self._send(first)
            return
        coding = choose(_header(self._scope["headers"], b"accept-encoding"))
        headers = [*start["headers"], _VARY]
        if coding is None:
            await self._send({**start, "headers": headers})
            await self._send(first)
            return
        self._packer = PACKERS[coding]()
        if len(body) >= self._thread_bytes:
            body = await asyncio.to_thread(self._compressed, body, first)
        elif not head:
            body = self._compressed(body, first)
        headers = [_weakened(name, value) for name, value in headers if name != b"content-length"]
        headers.append((b"content-encoding", coding.encode()))
        if not more and not head:
            headers.append((b"content-length", b"%d" % len(body)))
        await self._send({**start, "headers": headers})
        await self._send({**first, "body": body})

    def _compressed(self, body: bytes, message: Message) -> bytes:
        assert self._packer is not None
        data = self._packer.compress(body) if body else b""
        return data if message.get("more_body", False) else data + self._packer.flush()


def choose(accepted: bytes | None) -> str | None:
    """Choose the content coding for an Accept-Encoding header; None for no compression.

    Among codings of equal quality, the first of PACKERS wins. Malformed items are skipped, and a header over 1,000
    bytes is ignored.
    """
    if not accepted or len(accepted) > _MAX_ACCEPTED:
        return None
    liked: dict[str, float] = {}
    for part in accepted.decode("latin-1").lower().split(","):
        name, _, weight = part.partition(";")
        quality = weight.strip().removeprefix("q=") if weight else "1"
        if _QUALITY.fullmatch(quality):
            liked[name.strip().removeprefix("x-")] = float(quality)
    every, as_it_is = liked.get("*", 0.0), liked.get("identity", 0.0)
    best = max(PACKERS, key=lambda coding: liked.get(coding, every))
    quality_of_best = liked.get(best, every)
    return best if quality_of_best > 0 and quality_of_best >= as_it_is else None


def _is_compressible(start: Message, scope: Scope) -> bool:
    if start["status"] in (204, 206, 304):
        return False
    headers = start.get("headers", ())
    media_type = coding = b""
    for name, value in headers:
        if name == b"content-type":
            media_type = value.lower()
        elif name == b"content-encoding":
            coding = value
    if coding or not media_type.startswith(_COMPRESSIBLE):
        return False
    return not (media_type.startswith(b"text/html") and _header(scope["headers"], b"cookie") is not None)


def _header(headers: Any, name: bytes) -> bytes | None:
    """The joined values of a header; None if it is absent. ASGI header names are lower-case."""
    found = [value for key, value in headers if key == name]
    return b",".join(found) if found else None


def _length(start: Message) -> int:
    given = _header(start["headers"], b"content-length")
    return int(given) if given is not None else MIN_BYTES


def _weakened(name: bytes, value: bytes) -> tuple[bytes, bytes]:
    """The header with a strong entity tag made weak. A strong tag identifies the exact bytes, which compression changes
    (RFC 9110, section 8.8.1)."""
    strong = name.lower() == b"etag" and not value.startswith(b"W/")
    return name, b"W/" + value if strong else value

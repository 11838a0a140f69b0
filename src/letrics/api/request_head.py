"""Checks the head of a request for what two programs could read in two ways (RFC 9112, sections 3.2.2 and 6.1)."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from letrics.errors import INVALID_INPUT, problem

MAX_HEADERS: Final = 32 * 1024
"""The maximum size of all request headers together, in bytes, as in nginx. Each connection can take this much memory
before the caller is authenticated."""


def origin_form(url: bytes, version: str, headers: Sequence[tuple[bytes, bytes]]) -> bytes:
    """The path and query of a request's URL. Raises LetricsError (invalid_input) if the request must be refused.

    Header names are lower-case. The only transfer coding is `chunked`, in HTTP/1.1. A URL in absolute form must have
    the host of the Host header.
    """
    if version not in ("1.0", "1.1"):
        raise problem(INVALID_INPUT, f"HTTP/{version} is not supported: use HTTP/1.1")
    if sum(len(name) + len(value) for name, value in headers) > MAX_HEADERS:
        raise problem(INVALID_INPUT, f"The request headers exceed {MAX_HEADERS:,} bytes: send fewer or shorter ones")
    codings = [value.strip().lower() for name, value in headers if name == b"transfer-encoding"]
    if codings and (version == "1.0" or codings != [b"chunked"]):
        raise problem(INVALID_INPUT, "Transfer-Encoding must be chunked, in an HTTP/1.1 request")
    if url.startswith(b"/"):
        return url
    scheme, _, rest = url.partition(b"://")
    authority = rest.partition(b"/")[0].partition(b"?")[0]
    hosts = [value.strip().lower() for name, value in headers if name == b"host"]
    if scheme.lower() not in (b"http", b"https") or hosts != [authority.lower()]:
        raise problem(
            INVALID_INPUT, "The URL must begin with a slash, or be an http URL with the host of the Host header"
        )
    target = rest[len(authority) :]
    return target if target.startswith(b"/") else b"/" + target

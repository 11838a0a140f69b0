"""Cookies of browsers, and protection against cross-site request forgery (CSRF).

The session cookie is `__Host-letrics` over HTTPS (RFC 6265bis: Secure, no domain, path /), else `letrics_session`.
"""

from __future__ import annotations

import hmac
from collections.abc import Iterable
from typing import Final
from urllib.parse import urlsplit

from letrics.accounts.sessions import form_token

SAFE_METHODS: Final = frozenset({"GET", "HEAD", "OPTIONS"})
MAX_COOKIES: Final = 16 * 1024
"""Bytes of a Cookie header (16 KiB) above which it is ignored. Browsers limit each cookie to 4 KiB."""

Headers = Iterable[tuple[bytes, bytes]]


def session_cookie(secure: bool) -> str:
    """The name of the cookie with a session's secret; `secure` says that the connection is HTTPS."""
    return "__Host-letrics" if secure else "letrics_session"


def form_cookie(secure: bool) -> str:
    """The name of the cookie that forms are bound to before a user is signed in."""
    return "__Host-letrics-form" if secure else "letrics_form"


def known_cookie(secure: bool) -> str:
    """The name of the cookie by which a user's browser is known when they sign in again."""
    return "__Host-letrics-browser" if secure else "letrics_browser"


def cookie(headers: Headers, name: str) -> str:
    """The value of a cookie.

    Empty if the cookie is absent or occurs several times, because another site on the same domain may have set one.
    """
    found = [
        pair.partition("=")[2].strip()
        for key, value in headers
        if key == b"cookie" and len(value) <= MAX_COOKIES
        for pair in value.decode("latin-1").split(";")
        if pair.partition("=")[0].strip() == name and "=" in pair
    ]
    return found[0] if len(found) == 1 else ""


def from_elsewhere(headers: Headers) -> str | None:
    """The reason for treating a request as cross-site, or None if no header indicates that it is.

    The header `Sec-Fetch-Site` decides. If the browser does not send it, `Origin` is compared with `Host`.
    """
    sent = list(headers)
    site = _one(sent, b"sec-fetch-site")
    if site is not None:
        return None if site in ("same-origin", "none") else f"the browser reports it as {site[:20]}"
    origin = _one(sent, b"origin")
    if origin is None:
        return None
    try:
        there = urlsplit(origin)
        here = urlsplit(f"{there.scheme}://{_one(sent, b'host') or ''}")
        same = bool(there.hostname) and (there.hostname, there.port) == (here.hostname, here.port)
    except ValueError:
        same = False
    return None if same else "it comes from another site"


def form_token_matches(secret: str, given: str) -> bool:
    """Whether `given` is the CSRF token of the browser with this secret. The comparison takes constant time."""
    return bool(secret) and hmac.compare_digest(form_token(secret).encode(), given.encode("utf-8", "surrogatepass"))


def _one(headers: list[tuple[bytes, bytes]], name: bytes) -> str | None:
    """The value of a header. Repeated headers are joined, so that the result equals no expected value."""
    found = [value.decode("latin-1").strip() for key, value in headers if key == name]
    return ", ".join(found) if found else None

"""What a browser sends along, judged: its cookies, and whether a request that changes something is its person's own.

The session's cookie is `__Host-letrics` over HTTPS (RFC 6265bis: Secure, no domain, path /), else `letrics_session`.
"""

from __future__ import annotations

import hmac
from collections.abc import Iterable
from typing import Final
from urllib.parse import urlsplit

from letrics.accounts.sessions import form_token

SAFE_METHODS: Final = frozenset({"GET", "HEAD", "OPTIONS"})
MAX_COOKIES: Final = 16 * 1024
"""A longer Cookie header is ignored; browsers keep each cookie below 4 KiB."""

Headers = Iterable[tuple[bytes, bytes]]


def session_cookie(secure: bool) -> str:
    """The name of the cookie that holds a session's secret."""
    return "__Host-letrics" if secure else "letrics_session"


def form_cookie(secure: bool) -> str:
    """The name of the cookie to which forms are bound before anybody is signed in."""
    return "__Host-letrics-form" if secure else "letrics_form"


def cookie(headers: Headers, name: str) -> str:
    """The value of a cookie; empty where it is absent, or there several times (a neighbour may have set one)."""
    found = [
        pair.partition("=")[2].strip()
        for key, value in headers
        if key == b"cookie" and len(value) <= MAX_COOKIES
        for pair in value.decode("latin-1").split(";")
        if pair.partition("=")[0].strip() == name and "=" in pair
    ]
    return found[0] if len(found) == 1 else ""


def from_elsewhere(headers: Headers) -> str | None:
    """Why a request that changes something does not come from our own pages; None where nothing says so.

    A browser's word `Sec-Fetch-Site` decides; one that does not send it is judged by `Origin` against `Host`.
    """
    sent = list(headers)
    site = _one(sent, b"sec-fetch-site")
    if site is not None:
        return None if site in ("same-origin", "none") else f"the browser calls it {site[:20]}"
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
    """Whether `given` is the form token of the browser that holds `secret`."""
    return bool(secret) and hmac.compare_digest(form_token(secret).encode(), given.encode("utf-8", "surrogatepass"))


def _one(headers: list[tuple[bytes, bytes]], name: bytes) -> str | None:
    """A header's value; the values of one that was sent twice joined, which then equals nothing expected."""
    found = [value.decode("latin-1").strip() for key, value in headers if key == name]
    return ", ".join(found) if found else None

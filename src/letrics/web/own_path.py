"""Validation of the redirect target after sign-in: only paths of this site, to prevent open redirects."""

from __future__ import annotations

from typing import Final
from urllib.parse import unquote

_MAX: Final = 2000
"""Maximum length of a path, in characters."""

_NOT_AFTER_SIGN_IN: Final = (
    "/signin",
    "/signout",
    "/setup",
    "/invitation",
    "/reset",
    "/link",
    "/v1",
    "/app",
    "/static",
)
"""Paths that are not valid targets, with everything below them."""


def own_path(text: str, otherwise: str = "/") -> str:
    """Return `text` if a browser interprets it as a path of this site, otherwise `otherwise`.

    Rejects schemes, `//host`, backslashes (browsers interpret them as slashes), control characters and white space, in
    plain or percent-encoded form.
    """
    if not 0 < len(text) <= _MAX or not text.isascii() or any(c <= " " or c in '\\\x7f<>"' for c in text):
        return otherwise
    path = text.partition("?")[0].partition("#")[0]
    for _ in range(4):
        if not path.startswith("/") or "//" in path or "\\" in path or any(c < " " or c == "\x7f" for c in path):
            return otherwise
        decoded = unquote(path, errors="replace")
        if decoded == path:
            break
        path = decoded
    else:
        return otherwise
    if any(path == stem or path.startswith(f"{stem}/") for stem in _NOT_AFTER_SIGN_IN):
        return otherwise
    return text

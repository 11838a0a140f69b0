"""Where to go after signing in: only ever to a page of our own."""

from __future__ import annotations

from typing import Final
from urllib.parse import unquote

_MAX: Final = 2000
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


def own_path(text: str, otherwise: str = "/") -> str:
    """`text` where it is a path of ours as a browser would read it, else `otherwise`.

    Refused are schemes, `//host`, backslashes (browsers read them as slashes), control characters and white space, and
    all of these percent-encoded in the path, however often.
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

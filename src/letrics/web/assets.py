"""Static files, read once and served from memory.

Their URLs contain a fingerprint of all files, so that browsers can cache them permanently and JavaScript modules can
import each other by relative paths.
"""

from __future__ import annotations

import hashlib
from functools import cache
from importlib import resources
from importlib.resources.abc import Traversable
from typing import Final

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response

_TYPES: Final = {
    "css": "text/css; charset=utf-8",
    "js": "text/javascript; charset=utf-8",
    "svg": "image/svg+xml",
    "png": "image/png",
    "ico": "image/x-icon",
    "txt": "text/plain; charset=utf-8",
}
"""Media type by file extension. Files with other extensions are not served."""

_PERMANENT: Final = "public, max-age=31536000, immutable"
"""Cache-Control of URLs with the current fingerprint: one year, in seconds."""


@cache
def _files() -> dict[str, bytes]:
    found: dict[str, bytes] = {}

    def walk(folder: Traversable, prefix: str) -> None:
        for entry in folder.iterdir():
            if entry.is_dir():
                walk(entry, f"{prefix}{entry.name}/")
            elif entry.name.rpartition(".")[2] in _TYPES:
                found[prefix + entry.name] = entry.read_bytes()

    walk(resources.files("letrics.web") / "static", "")
    return found


@cache
def fingerprint() -> str:
    """Return a hash of all static files, 16 hexadecimal digits."""
    digest = hashlib.sha256()
    for name, data in sorted(_files().items()):
        digest.update(b"%s\0%d\0" % (name.encode(), len(data)) + data)
    return digest.hexdigest()[:16]


def static(name: str) -> str:
    """Return the URL of a static file. Raises KeyError if it does not exist."""
    if name not in _files():
        raise KeyError(f"static file {name} does not exist")
    return f"/static/{fingerprint()}/{name}"


async def serve_static(request: Request) -> Response:
    """Serve a file by its URL from `static`.

    A URL without a fingerprint, or with an outdated one, gets the file with `Cache-Control: no-cache`.
    """
    path: str = request.path_params["path"]
    head, _, rest = path.partition("/")
    current = head == fingerprint()
    for name in (rest, path):
        data = _files().get(name)
        if data is not None:
            tag = f'W/"{fingerprint()}"'  # weak, as the bytes differ when they are compressed
            headers = {"Cache-Control": _PERMANENT if current else "no-cache", "ETag": tag}
            if request.headers.get("if-none-match", "") == tag:
                return Response(status_code=304, headers=headers)
            return Response(data, media_type=_TYPES[name.rpartition(".")[2]], headers=headers)
    raise HTTPException(404, "This file does not exist")

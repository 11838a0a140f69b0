"""Static files, read once at start. Their URLs hold a fingerprint of all of them, so that browsers may keep them for
ever and modules may import each other by relative names."""

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
_FOR_EVER: Final = "public, max-age=31536000, immutable"


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
    """Changes whenever any of the files does."""
    digest = hashlib.sha256()
    for name, data in sorted(_files().items()):
        digest.update(b"%s\0%d\0" % (name.encode(), len(data)) + data)
    return digest.hexdigest()[:16]


def static(name: str) -> str:
    """The URL of a static file. Raises KeyError where there is none of that name."""
    if name not in _files():
        raise KeyError(f"there is no static file {name}")
    return f"/static/{fingerprint()}/{name}"


async def serve_static(request: Request) -> Response:
    """A file by the URL that `static` gives; by its bare name, or another fingerprint, it is not to be kept."""
    path: str = request.path_params["path"]
    head, _, rest = path.partition("/")
    current = head == fingerprint()
    for name in (rest, path):
        data = _files().get(name)
        if data is not None:
            tag = f'"{fingerprint()}"'
            headers = {"Cache-Control": _FOR_EVER if current else "no-cache", "ETag": tag}
            if request.headers.get("if-none-match", "").removeprefix("W/") == tag:  # weak where it went out packed
                return Response(status_code=304, headers=headers)
            return Response(data, media_type=_TYPES[name.rpartition(".")[2]], headers=headers)
    raise HTTPException(404, "There is no such file")

"""The pages for people, and their files. Everything is served from here; nothing runs in the browser."""

from __future__ import annotations

from importlib import resources
from typing import Final

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import BaseRoute, Route, Router
from starlette.types import ASGIApp, Receive, Scope, Send

from letrics.web.reference import reference_page

_HEADERS: Final = {
    "Content-Security-Policy": "default-src 'none'; style-src 'self'; img-src 'self'; base-uri 'none'; "
    "form-action 'none'; frame-ancestors 'none'",
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
}


def build_pages() -> ASGIApp:
    """The application of the pages. A path it does not have, or not for that method, is raised as HTTPException."""
    page = reference_page().encode()
    stylesheet = (resources.files("letrics.web") / "static" / "docs.css").read_bytes()

    async def docs(_: Request) -> Response:
        return Response(page, media_type="text/html", headers=_HEADERS | {"Cache-Control": "no-cache"})

    async def style(_: Request) -> Response:
        return Response(stylesheet, media_type="text/css", headers=_HEADERS | {"Cache-Control": "no-cache"})

    async def home(_: Request) -> Response:
        return RedirectResponse("/docs", headers=_HEADERS)

    routes: list[BaseRoute] = [Route("/", home), Route("/docs", docs), Route("/static/docs.css", style)]
    return Router(routes, redirect_slashes=False, default=_nowhere)


async def _nowhere(scope: Scope, receive: Receive, send: Send) -> None:  # noqa: ARG001
    raise HTTPException(404, "There is no such page: see /docs")

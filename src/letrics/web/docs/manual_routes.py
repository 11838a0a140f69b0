"""Routes of the manual. They need no sign-in, and their samples use the address of this server."""

from __future__ import annotations

import asyncio
from typing import Final

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import BaseRoute, Route

from letrics.web.docs.contents import chapters, contents
from letrics.web.docs.manual import adapt, read_page
from letrics.web.docs.requests import SAMPLES
from letrics.web.docs.samples import LANGUAGES, render
from letrics.web.page import page, visit

MOVED: Final = {"/docs/importing": "/docs/import", "/docs/structure": "/docs/api"}
"""Pages that have another path than in version 0.1.0."""


def routes() -> list[BaseRoute]:
    """Return one route per page, and one per page that has moved."""
    moved = [_moved(old, new) for old, new in MOVED.items()]
    return [*(_chapter(position) for position in range(len(chapters()))), *moved]


def _chapter(position: int) -> Route:
    listed = chapters()
    chapter = listed[position]
    before = listed[position - 1] if position else None
    after = listed[position + 1] if position + 1 < len(listed) else None

    async def show(request: Request) -> Response:
        shown = await asyncio.to_thread(read_page, chapter)  # converts the page if it was not loaded yet
        seen = visit(request)
        response = page(
            request,
            "docs/page.html",
            chapter=chapter,
            manual=shown,
            contents=contents(),
            before=before,
            after=after,
            languages=LANGUAGES,
            samples=lambda name: render(SAMPLES[name], seen.base_url),
            adapt=lambda text: adapt(text, seen.base_url, seen.command_home),
        )
        if "set-cookie" in response.headers:  # the cookie is for forms, and these pages have none
            del response.headers["set-cookie"]
        return response

    return Route(chapter.path, show)


def _moved(old: str, new: str) -> Route:
    async def redirect(request: Request) -> Response:  # noqa: ARG001
        return RedirectResponse(new, 301)

    return Route(old, redirect)

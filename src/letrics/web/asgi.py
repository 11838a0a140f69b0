"""ASGI application of all pages: looks up the session, routes the request and adds the security headers."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final
from urllib.parse import quote

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route, Router
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from letrics.errors import LetricsError
from letrics.store.base import StoreAway
from letrics.web import (
    admin,
    duplicate_pages,
    entry,
    forget_page,
    overview,
    second_step,
    tokens,
    two_factor,
    user_settings,
)
from letrics.web.assets import serve_static
from letrics.web.docs.manual import load_manual
from letrics.web.docs.manual_routes import routes as docs_routes
from letrics.web.explorer import search_page
from letrics.web.forms import guarded
from letrics.web.headers import ALWAYS
from letrics.web.importing import import_page, preview_page, report_page
from letrics.web.page import SignInNeeded, page, redirect
from letrics.web.site import Site
from letrics.web.templates import compile_templates
from letrics.web.visit import KEY, Visit

FAILURE: Final = "letrics.failure"
"""Key in the ASGI scope of a LetricsError to show as an error page, whatever the path."""


def build_pages(site: Site) -> ASGIApp:
    """Build the application of the pages. It raises HTTPException, LetricsError and StoreAway to its caller."""
    return Pages(site, all_routes())


def prepare_pages() -> None:
    """Compile the templates and convert the manual (0.7 s in total), so that no request has to wait for it."""
    compile_templates()
    load_manual()


def all_routes() -> list[BaseRoute]:
    """Return the routes of all pages and static files."""
    return [
        *_public(),
        *overview.routes(),
        *entry.routes(),
        *second_step.routes(),
        *user_settings.routes(),
        *two_factor.routes(),
        *tokens.routes(),
        *admin.routes(),
        *search_page.routes(),
        *duplicate_pages.routes(),
        *forget_page.routes(),
        *import_page.routes(),
        *preview_page.routes(),
        *report_page.routes(),
    ]


class Pages:
    """ASGI application: CSRF protection, session lookup and security headers around the routes."""

    def __init__(self, site: Site, routes: Iterable[BaseRoute]) -> None:
        self._site = site
        listed = list(routes)
        for route in listed:
            if isinstance(route, Route):
                route.app = guarded(route.app)
        self._router = Router(listed, redirect_slashes=False, default=_not_found)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        async def safe(message: Message) -> None:
            if message["type"] == "http.response.start":
                message["headers"] = [*message.get("headers", ()), *ALWAYS]
            await send(message)

        failure: LetricsError | None = scope.get(FAILURE)
        if failure is not None:
            scope[KEY] = await self._visit(scope)
            await _error_page(Request(scope), failure)(scope, receive, safe)
            return
        if not scope["path"].startswith("/static/"):
            public = scope["path"].startswith("/docs")  # available even if the accounts database is not
            visit = scope[KEY] = await (self._visit(scope) if public else Visit.of(scope, self._site))
            if visit.session is not None:
                self._site.touch(visit.session, visit.address)
        try:
            await self._router(scope, receive, safe)
        except SignInNeeded:
            await _to_sign_in(Request(scope))(scope, receive, safe)

    async def _visit(self, scope: Scope) -> Visit:
        """Return the visit. If the session cannot be looked up, it is a visit without a session."""
        try:
            return await Visit.of(scope, self._site)
        except StoreAway:
            return await Visit.of({**scope, "headers": []}, self._site)


def _error_page(request: Request, failure: LetricsError) -> Response:
    status = failure.kind.code
    response = page(
        request,
        "failure.html",
        status,
        code=status,
        details=[item.details for item in failure.problems],
        request_id=request.scope["letrics.request_id"],
        notice=None,
    )
    response.headers.update(failure.headers)
    return response


def _to_sign_in(request: Request) -> Response:
    """Redirect to the sign-in page. After sign-in, GET and HEAD requests return to this page."""
    here = request.url.path + (f"?{request.url.query}" if request.url.query else "")
    return redirect(f"/signin?next={quote(here, safe='/')}" if request.method in ("GET", "HEAD") else "/signin")


def _public() -> list[BaseRoute]:
    return [*docs_routes(), Route("/static/{path:path}", serve_static)]


async def _not_found(scope: Scope, receive: Receive, send: Send) -> None:  # noqa: ARG001
    raise HTTPException(404, "This page does not exist. The documentation is at /docs")

"""The first page."""

from __future__ import annotations

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route

from letrics.accounts.links import Links
from letrics.accounts.sessions import Session
from letrics.web.page import current_session, page, redirect, signed_in, site


async def home(request: Request) -> Response:
    """On to where the visitor can begin."""
    if current_session(request) is not None:
        return redirect("/overview")
    has_users = await site(request).accounts(lambda database: Links(database).has_users())
    return redirect("/signin" if has_users else "/setup")


@signed_in
async def overview(request: Request, session: Session) -> Response:  # noqa: ARG001
    """Where to go from here."""
    return page(request, "overview.html")


def routes() -> list[BaseRoute]:
    return [Route("/", home), Route("/overview", overview)]

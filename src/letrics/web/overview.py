"""The first page, and the overview: how much there is, how complete and how fresh."""

from __future__ import annotations

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route

from letrics.accounts.database import now_ms
from letrics.accounts.links import Links
from letrics.accounts.sessions import Session
from letrics.web.figures.asking import Asking
from letrics.web.figures.numbers import figures, freshness
from letrics.web.page import current_session, page, redirect, signed_in, site


async def home(request: Request) -> Response:
    """On to where the visitor can begin."""
    if current_session(request) is not None:
        return redirect("/overview")
    has_users = await site(request).accounts(lambda database: Links(database).has_users())
    return redirect("/signin" if has_users else "/setup")


@signed_in
async def overview(request: Request, session: Session) -> Response:
    """All figures; where there are no records yet, how to get some."""
    asking = Asking(site(request).ask, session.principal)
    now = now_ms()
    shown = [await figures(asking, "contacts", now), await figures(asking, "companies", now)]
    empty = not any(of.total for of in shown)
    return page(request, "overview.html", shown=shown, empty=empty, fresh=await freshness(asking, now))


def routes() -> list[BaseRoute]:
    return [Route("/", home), Route("/overview", overview)]

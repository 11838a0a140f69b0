"""Home page and overview page: number of records, field coverage and freshness."""

from __future__ import annotations

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route

from letrics.accounts.database import now_ms
from letrics.accounts.links import Links
from letrics.accounts.sessions import Session
from letrics.web.duplicate_pages import count_open_pairs
from letrics.web.figures.numbers import figures
from letrics.web.page import current_session, page, redirect, signed_in, site


async def home(request: Request) -> Response:
    """Redirect to the overview, to sign-in, or to set-up if there are no users."""
    if current_session(request) is not None:
        return redirect("/overview")
    has_users = await site(request).accounts(lambda database: Links(database).has_users())
    return redirect("/signin" if has_users else "/setup")


@signed_in
async def overview(request: Request, session: Session) -> Response:
    """Show all figures, or how to import records if there are none."""
    service, now = site(request).search, now_ms()
    shown = [await figures(service, "contacts", now), await figures(service, "companies", now)]
    empty = not any(of.total for of in shown)
    duplicates = await count_open_pairs(request, session)
    fresh = await service.freshness()
    return page(request, "overview.html", shown=shown, empty=empty, fresh=fresh, duplicates=duplicates)


def routes() -> list[BaseRoute]:
    return [Route("/", home), Route("/overview", overview)]

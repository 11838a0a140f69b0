"""The page `/import`: upload a file, past imports, and templates to download."""

from __future__ import annotations

from typing import Final
from urllib.parse import urlencode

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route

from letrics.accounts.sessions import Session
from letrics.web.explorer.path_kind import kind_of
from letrics.web.importing.api_reply import ask_api
from letrics.web.importing.import_state import ShownImport
from letrics.web.importing.template_files import template_csv
from letrics.web.page import editor_only, form, page, redirect, site

_LISTED: Final = 20
"""The number of past imports on a page."""


@editor_only
async def show(request: Request, session: Session) -> Response:
    """Show the form to upload a file, and past imports. `before` is an id: only older imports are listed. Upserts are
    listed if `upserts` is true."""
    return await _page(request, session)


@editor_only
async def paste(request: Request, session: Session) -> Response:
    """Store pasted rows as an upload, and lead to its preview. This needs no script."""
    rows = form(request).get("rows")
    if not rows.strip():
        return await _page(request, session, rows, "Paste the rows of a table: the first one names the columns.")
    path = f"/v1/uploads?{urlencode({'filename': 'pasted rows.csv'})}"
    reply = await ask_api(request, session, "POST", path, rows.encode())
    if reply.problem is not None:
        return await _page(request, session, rows, reply.problem)
    return redirect(f"/import/uploads/{reply.data['upload']}")


@editor_only
async def template(request: Request, session: Session) -> Response:  # noqa: ARG001
    """Download the template of a kind."""
    kind = kind_of(request)
    headers = {"Content-Disposition": f'attachment; filename="{kind}-template.csv"', "Cache-Control": "no-store"}
    return Response(template_csv(kind), headers=headers, media_type="text/csv")


async def _page(request: Request, session: Session, rows: str = "", problem: str | None = None) -> Response:
    before = request.query_params.get("before", "")
    upserts = "true" if request.query_params.get("upserts") == "true" else "false"
    query = urlencode({"limit": _LISTED, "upserts": upserts} | ({"before": before} if before else {}))
    reply = await ask_api(request, session, "GET", f"/v1/imports?{query}")
    found = reply.data or {"imports": [], "next_before": None}
    return page(
        request,
        "import/page.html",
        400 if problem or reply.problem else 200,
        imports=[ShownImport(each) for each in found["imports"]],
        next_before=found["next_before"],
        before=before,
        upserts=upserts == "true",
        rows=rows,
        problem=problem or reply.problem,
        max_upload=site(request).max_upload,
    )


def routes() -> list[BaseRoute]:
    return [
        Route("/import", show),
        Route("/import/paste", paste, methods=["POST"]),
        Route("/import/templates/{kind}.csv", template),
    ]

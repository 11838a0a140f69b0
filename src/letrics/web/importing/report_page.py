"""The pages of one import: its progress while it runs, then its report, and undoing it."""

from __future__ import annotations

from typing import Any

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route

from letrics.accounts.sessions import Session
from letrics.web.importing.api_reply import ask_api
from letrics.web.importing.import_state import ShownImport
from letrics.web.page import editor_only, page, redirect


@editor_only
async def report(request: Request, session: Session) -> Response:
    """Show the progress or the report of an import. The page asks for it again while the import runs."""
    return await _page(request, session)


@editor_only
async def undo(request: Request, session: Session) -> Response:
    """Undo an import. GET shows the confirmation page."""
    shown = await _import(request, session)
    if request.method != "POST":
        return page(request, "import/undo.html", shown=shown)
    if shown.state == "running":
        return await _page(
            request, session, problem="The import is running: cancel it first, or wait until it has ended."
        )
    reply = await ask_api(request, session, "DELETE", f"/v1/imports/{shown.id}")
    return await _page(request, session, problem=reply.problem, undone=reply.data)


@editor_only
async def cancel(request: Request, session: Session) -> Response:
    """Cancel an import that is running. One that has ended meanwhile is not undone."""
    id = request.path_params["id"]
    reply = await ask_api(request, session, "DELETE", f"/v1/imports/{id}?cancel=true")
    if reply.problem is not None:
        return await _page(request, session, problem=reply.problem)
    return redirect(f"/import/{id}", "import-cancelled")


async def _page(
    request: Request, session: Session, problem: str | None = None, undone: dict[str, Any] | None = None
) -> Response:
    shown = await _import(request, session)
    return page(request, "import/report.html", 409 if problem else 200, shown=shown, problem=problem, undone=undone)


async def _import(request: Request, session: Session) -> ShownImport:
    reply = await ask_api(request, session, "GET", f"/v1/imports/{request.path_params['id']}")
    return ShownImport(reply.data)


def routes() -> list[BaseRoute]:
    return [
        Route("/import/{id:int}", report),
        Route("/import/{id:int}/undo", undo, methods=["GET", "POST"]),
        Route("/import/{id:int}/cancel", cancel, methods=["POST"]),
    ]

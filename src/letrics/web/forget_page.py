"""The page `/forget`: asks an editor for confirmation, and forgets the person of a contact."""

from __future__ import annotations

from typing import Any
from urllib.parse import quote, urlencode

import msgspec
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route

from letrics.accounts.sessions import Session
from letrics.web.page import editor_only, page, redirect, site


@editor_only
async def forget(request: Request, session: Session) -> Response:
    """Forget the person of the contact `id` of the query string. GET shows the confirmation page."""
    id = request.query_params.get("id", "")
    contact = await _ask(request, session, "GET", id)
    if request.method == "POST":
        await _ask(request, session, "DELETE", id, "?forget=true")
        return redirect("/explore/contacts", "forgotten")
    back = f"/explore/contacts?{urlencode({'open': id})}"
    return page(request, "forget.html", id=id, name=contact.get("full_name") or id, back=back)


def routes() -> list[BaseRoute]:
    return [Route("/forget", forget, methods=["GET", "POST"])]


async def _ask(request: Request, session: Session, method: str, id: str, query: str = "") -> dict[str, Any]:
    """Call the API of contacts. Raises HTTPException if it fails."""
    if not id:
        raise HTTPException(404, "The address of this page needs the id of a contact: /forget?id=ID")
    path = f"/v1/contacts/{quote(id, safe='')}{query}"
    status, reply = await site(request).ask(method, path, b"", session.principal)
    envelope: dict[str, Any] = msgspec.json.decode(reply)
    if status != 200:
        raise HTTPException(status, " ".join(item["details"] for item in envelope["errors"]))
    return dict(envelope["data"])

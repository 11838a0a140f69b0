"""The page `/duplicates`: pairs of contacts that may be one person, to merge, to dismiss, and to undo either."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final
from urllib.parse import urlencode

import msgspec
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route

from letrics.accounts.sessions import Session
from letrics.store.duplicate_record import DUPLICATE_STATUSES
from letrics.web.comparison import compare, contacts_of
from letrics.web.page import editor_only, page, redirect, site

_PER_PAGE: Final = 10
"""The number of pairs on a page."""
_REFUSED: Final = frozenset({400, 404, 409})
"""Statuses of decisions that are shown above the list, because the list shows the state as it is."""


@dataclass(frozen=True, slots=True)
class PairList:
    """The list of pairs that a request comes from, and its page, so that the response leads back there."""

    status: str
    page: int

    @classmethod
    def of(cls, request: Request) -> PairList:
        """The place in the query string; values that are not valid count as absent."""
        status, number = (request.query_params.get(name, "") for name in ("status", "page"))
        is_number = number.isascii() and number.isdigit() and 0 < len(number) < 10
        return cls(status if status in DUPLICATE_STATUSES else "open", max(int(number), 1) if is_number else 1)

    def query(self, **more: str) -> str:
        """The query string that leads here; what is usual is left out."""
        pairs = {"status": self.status} if self.status != "open" else {}
        pairs |= {"page": str(self.page)} if self.page > 1 else {}
        return urlencode(pairs | more)

    def link(self, **more: str) -> str:
        """The path of the list."""
        query = self.query(**more)
        return f"/duplicates?{query}" if query else "/duplicates"


class DecisionRefused(Exception):
    """The API refused a request: its status, and what it reports."""

    def __init__(self, status: int, details: str) -> None:
        super().__init__(details)
        self.status = status


@editor_only
async def listed(request: Request, session: Session) -> Response:
    """List the pairs of a status."""
    return await _shown(request, session)


@editor_only
async def merge(request: Request, session: Session) -> Response:
    """Merge a pair into the contact `keep` of the query string. GET shows the confirmation page."""
    keep = request.query_params.get("keep", "")
    if request.method == "POST":
        return await _decide(request, session, "merge", {"keep": keep})
    try:
        pair = await _pair(request, session)
    except DecisionRefused as error:
        return await _shown(request, session, error)
    one, other = contacts_of(pair)
    if keep not in (one.id, other.id):
        raise HTTPException(400, "Choose one of the two contacts of the pair.")
    kept, gone = (one, other) if keep == one.id else (other, one)
    return page(request, "duplicates/merge.html", kept=kept, gone=gone, back=PairList.of(request).link())


@editor_only
async def dismiss(request: Request, session: Session) -> Response:
    """Note that the contacts of a pair are different people."""
    return await _decide(request, session, "dismiss")


@editor_only
async def undo(request: Request, session: Session) -> Response:
    """Undo the merge or the dismissal of a pair."""
    return await _decide(request, session, "undo")


async def count_open_pairs(request: Request, session: Session) -> int:
    """The number of pairs to decide on; 0 for users who cannot decide, and while the database is unavailable."""
    if not session.principal.may("write"):
        return 0
    try:
        return int((await _ask(request, session, "GET", "?per_page=1"))["meta"]["total"])
    except HTTPException:
        return 0


def routes() -> list[BaseRoute]:
    return [
        Route("/duplicates", listed),
        Route("/duplicates/{id:int}/merge", merge, methods=["GET", "POST"]),
        Route("/duplicates/{id:int}/dismiss", dismiss, methods=["POST"]),
        Route("/duplicates/{id:int}/undo", undo, methods=["POST"]),
    ]


async def _decide(request: Request, session: Session, action: str, body: Mapping[str, str] | None = None) -> Response:
    """Decide on a pair and go back to the list, which shows what was done; or show why it was refused."""
    id: int = request.path_params["id"]
    sent = b"" if body is None else msgspec.json.encode(body)
    try:
        await _ask(request, session, "POST", f"/{id}/{action}", sent)
    except DecisionRefused as error:
        return await _shown(request, session, error)
    return redirect(PairList.of(request).link(decided=str(id)))


async def _shown(request: Request, session: Session, refused: DecisionRefused | None = None) -> Response:
    place = PairList.of(request)
    asked = urlencode({"status": place.status, "page": place.page, "per_page": _PER_PAGE})
    found = await _ask(request, session, "GET", f"?{asked}")
    total, last = found["meta"]["total"], found["meta"]["total_pages"]
    if place.page > max(last, 1):  # the last pair of the last page was decided
        return redirect(PairList(place.status, max(last, 1)).link(**_decided(request)))
    totals = {place.status: total}
    for status in DUPLICATE_STATUSES:
        if status not in totals:
            totals[status] = (await _ask(request, session, "GET", f"?status={status}&per_page=1"))["meta"]["total"]
    return page(
        request,
        "duplicates/list.html",
        200 if refused is None else refused.status,
        problem=None if refused is None else str(refused),
        place=place,
        last=last,
        tabs=[(status, PairList(status, 1).link(), totals[status]) for status in DUPLICATE_STATUSES],
        pairs=[(pair, contacts_of(pair), compare(*pair["contacts"])) for pair in found["data"]],
        previous=PairList(place.status, place.page - 1).link() if place.page > 1 else None,
        following=PairList(place.status, place.page + 1).link() if place.page < last else None,
        decided=None if refused else await _last_decided(request, session),
        contacts_of=contacts_of,
    )


def _decided(request: Request) -> dict[str, str]:
    """The pair that the previous request decided on, as a parameter."""
    id = request.query_params.get("decided", "")
    return {"decided": id} if id.isascii() and id.isdigit() and len(id) < 16 else {}


async def _last_decided(request: Request, session: Session) -> dict[str, Any] | None:
    """The pair that the previous request decided on, if it still exists."""
    id = _decided(request).get("decided")
    try:
        return None if id is None else dict((await _ask(request, session, "GET", f"/{id}"))["data"])
    except DecisionRefused:
        return None


async def _pair(request: Request, session: Session) -> dict[str, Any]:
    id: int = request.path_params["id"]
    return dict((await _ask(request, session, "GET", f"/{id}"))["data"])


async def _ask(request: Request, session: Session, method: str, path: str, body: bytes = b"") -> dict[str, Any]:
    """Call the API of duplicates. Raises DecisionRefused, and HTTPException for other failures."""
    status, reply = await site(request).ask(method, f"/v1/duplicates{path}", body, session.principal)
    envelope: dict[str, Any] = msgspec.json.decode(reply)
    if status == 200:
        return envelope
    details = " ".join(item["details"] for item in envelope["errors"])
    if status in _REFUSED:
        raise DecisionRefused(status, details)
    raise HTTPException(status, details)

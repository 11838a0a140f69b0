"""Forms: read, bounded, and refused where they are not the person's own."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final
from urllib.parse import parse_qsl

from starlette.exceptions import HTTPException
from starlette.requests import ClientDisconnect, Request
from starlette.types import ASGIApp, Receive, Scope, Send

from letrics.accounts.browser import SAFE_METHODS, form_token_matches, from_elsewhere
from letrics.web.visit import KEY, Visit

MAX_BYTES: Final = 1 << 20
MAX_BYTES_SIGNED_OUT: Final = 16 * 1024
"""Anybody may send the forms of the sign-in pages, and each is held in memory until it is complete."""
_FORM: Final = "letrics.form"
_MEDIA_TYPE: Final = "application/x-www-form-urlencoded"
_MAX_FIELDS: Final = 20_000


class Form:
    """The fields of a form as they were sent, text by name."""

    def __init__(self, pairs: list[tuple[str, str]]) -> None:
        self._pairs = pairs

    def get(self, name: str, otherwise: str = "") -> str:
        """The first value of a field."""
        return next((value for key, value in self._pairs if key == name), otherwise)

    def all(self, name: str) -> list[str]:
        """Every value of a field."""
        return [value for key, value in self._pairs if key == name]

    def without(self, *names: str) -> Form:
        """The form without some of its fields."""
        return Form([pair for pair in self._pairs if pair[0] not in names])

    @property
    def pairs(self) -> Sequence[tuple[str, str]]:
        """Every field with its value, in the order in which they were sent."""
        return self._pairs


def form(request: Request) -> Form:
    """The form that came with a request; without fields where it was not a form."""
    found: Form = request.scope.get(_FORM) or Form([])
    return found


def keep_form(request: Request, kept: Form) -> None:
    """Let `kept` be the form of the request from now on."""
    request.scope[_FORM] = kept


def guarded(app: ASGIApp) -> ASGIApp:
    """`app`, reached by a request that changes something only from our own pages.

    Two things are asked for: that the browser does not say the request comes from elsewhere, and the form token, as the
    field `csrf` of a form or as the header `X-CSRF`. A body that is no form is not read here and needs the header.
    Raises HTTPException 403 and 413.
    """

    async def guard(scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http" and scope["method"] not in SAFE_METHODS:
            request = Request(scope, receive)
            reason = from_elsewhere(scope["headers"])
            if reason is not None:
                raise HTTPException(403, f"This request was not made by a page of this site ({reason}).")
            media_type = request.headers.get("content-type", "").partition(";")[0].strip().lower()
            visit: Visit = scope[KEY]
            limit = MAX_BYTES_SIGNED_OUT if visit.session is None else MAX_BYTES
            sent = await _read(request, limit) if media_type in (_MEDIA_TYPE, "") else Form([])
            scope[_FORM] = sent
            given = request.headers.get("x-csrf") or sent.get("csrf")
            if visit.fresh or not form_token_matches(visit.secret, given):
                raise HTTPException(
                    403,
                    "This form is out of date: you have signed in or out since it was opened, or cookies are blocked. "
                    "Go back, reload the page and send it again.",
                )
        await app(scope, receive, send)

    return guard


async def _read(request: Request, limit: int) -> Form:
    data = bytearray()
    try:
        async for part in request.stream():
            data += part
            if len(data) > limit:
                raise HTTPException(413, f"The form is over {limit:,} bytes.")
    except ClientDisconnect:
        raise HTTPException(400, "The request ended early.") from None
    try:
        text = bytes(data).decode("ascii")
        pairs = parse_qsl(text, keep_blank_values=True, max_num_fields=_MAX_FIELDS, errors="strict")
    except ValueError:
        raise HTTPException(400, "The form cannot be read: it is not URL-encoded UTF-8.") from None
    return Form(pairs)

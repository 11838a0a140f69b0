"""Form parsing with size limits, and protection against cross-site request forgery (CSRF)."""

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
"""Maximum size of a form of a signed-in user, in bytes."""

MAX_BYTES_SIGNED_OUT: Final = 16 * 1024
"""Maximum size of a form without a session, in bytes. Any client can send one, and the server buffers it in memory."""

_FORM: Final = "letrics.form"
"""Key of the parsed form in the ASGI scope."""

_MEDIA_TYPE: Final = "application/x-www-form-urlencoded"
_MAX_FIELDS: Final = 20_000
"""Maximum number of fields of a form."""


class Form:
    """The submitted fields of a form, in order. A name can occur several times."""

    def __init__(self, pairs: list[tuple[str, str]]) -> None:
        self._pairs = pairs

    def get(self, name: str, otherwise: str = "") -> str:
        """Return the first value of a field, or `otherwise`."""
        return next((value for key, value in self._pairs if key == name), otherwise)

    def all(self, name: str) -> list[str]:
        """Return all values of a field."""
        return [value for key, value in self._pairs if key == name]

    def without(self, *names: str) -> Form:
        """Return a copy without the fields `names`."""
        return Form([pair for pair in self._pairs if pair[0] not in names])

    @property
    def pairs(self) -> Sequence[tuple[str, str]]:
        """All fields with their values, in the submitted order."""
        return self._pairs


def form(request: Request) -> Form:
    """Return the form of a request. It is empty if the body was not a form."""
    found: Form = request.scope.get(_FORM) or Form([])
    return found


def keep_form(request: Request, kept: Form) -> None:
    """Replace the form of a request."""
    request.scope[_FORM] = kept


def guarded(app: ASGIApp) -> ASGIApp:
    """Protect `app` against CSRF: requests that change data must come from pages of this site.

    Two checks: the browser must not report another origin, and the request must have the form token in the form field
    `csrf` or in the header `X-CSRF`. Bodies that are not forms are not read here and need the header. Raises
    HTTPException 403 and 413.
    """

    async def guard(scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http" and scope["method"] not in SAFE_METHODS:
            request = Request(scope, receive)
            reason = from_elsewhere(scope["headers"])
            if reason is not None:
                raise HTTPException(403, f"This request did not come from a page of this site ({reason}).")
            media_type = request.headers.get("content-type", "").partition(";")[0].strip().lower()
            visit: Visit = scope[KEY]
            limit = MAX_BYTES_SIGNED_OUT if visit.session is None else MAX_BYTES
            sent = await _read(request, limit) if media_type in (_MEDIA_TYPE, "") else Form([])
            scope[_FORM] = sent
            given = request.headers.get("x-csrf") or sent.get("csrf")
            if visit.fresh or not form_token_matches(visit.secret, given):
                raise HTTPException(
                    403,
                    "This form is out of date: you signed in or out after you opened it, or cookies are blocked. "
                    "Go back, reload the page and submit the form again.",
                )
        await app(scope, receive, send)

    return guard


async def _read(request: Request, limit: int) -> Form:
    data = bytearray()
    try:
        async for part in request.stream():
            data += part
            if len(data) > limit:
                raise HTTPException(413, f"The form is larger than {limit:,} bytes.")
    except ClientDisconnect:
        raise HTTPException(400, "The request is incomplete.") from None
    try:
        text = bytes(data).decode("ascii")
        pairs = parse_qsl(text, keep_blank_values=True, max_num_fields=_MAX_FIELDS, errors="strict")
    except ValueError:
        raise HTTPException(400, "Invalid form: it is not URL-encoded UTF-8.") from None
    return Form(pairs)

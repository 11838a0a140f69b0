"""Re-authentication: changes that grant access ask for the password again if the sign-in is not recent.

The response to the submitted form is a page that asks for the password and contains all fields of the form as hidden
fields. The user loses no input and the server stores nothing: with the password the browser submits the same form
again, which passes the same checks.

A user without a password, who signed in with a link, confirms with a new sign-in link instead.
"""

from __future__ import annotations

import math
from collections.abc import Awaitable, Callable, Sequence
from functools import wraps
from typing import Final

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response

from letrics.accounts.base import Accounts
from letrics.accounts.links import PATHS, InvalidLink, Links
from letrics.accounts.people import People
from letrics.accounts.sessions import Session, Sessions
from letrics.accounts.throttle import Throttle
from letrics.web.forms import keep_form
from letrics.web.page import form, page, site
from letrics.web.site import Busy
from letrics.web.throttled import too_many_attempts

RECENT_MS: Final = 15 * 60_000
"""Time after which a sign-in is no longer recent, in milliseconds."""

PROOF: Final = "confirm_proof"
"""Form field of the password or link. No other form has a field with this name."""

_BACK: Final = ("/settings/tokens", "/settings", "/admin/users")
"""Targets of "Cancel": the first one that is a prefix of the path of the form."""

Page = Callable[[Request, Session], Awaitable[Response]]


def confirmed(handler: Page) -> Page:
    """Decorator, below `signed_in` or `admin_only`: handle a POST only if the user authenticated recently."""

    @wraps(handler)
    async def checked(request: Request, session: Session) -> Response:
        asked = await _prove(request, session, hold_fields=True) if request.method == "POST" else None
        return await handler(request, session) if asked is None else asked

    return checked


def confirmed_view(handler: Page) -> Page:
    """Like `confirmed`, for a form whose fields are secrets.

    The form is shown only after the user has authenticated again, and the page that asks for it has none of the form's
    fields. After that the handler receives a POST without fields.
    """

    @wraps(handler)
    async def checked(request: Request, session: Session) -> Response:
        asked = await _prove(request, session, hold_fields=False)
        return await handler(request, session) if asked is None else asked

    return checked


async def _prove(request: Request, session: Session, *, hold_fields: bool) -> Response | None:
    """The page that asks the user to authenticate again; None if they did, now or recently."""
    sent = form(request)
    given = sent.get(PROOF)
    keep_form(request, sent.without(PROOF))
    if is_recent(request, session):
        return None
    fields = sent.without(PROOF, "csrf").pairs if hold_fields else ()
    stored = await stored_password(request, session)
    if not given:
        return _ask(request, 401 if request.method == "POST" else 200, None, stored, fields)
    problem, wait = await _check(request, session, stored, given)
    if problem is not None:
        response = _ask(request, 429 if wait else 401, problem, stored, fields)
        if wait:
            response.headers["Retry-After"] = str(math.ceil(wait / 1000))
        return response
    now = site(request).clock()
    await site(request).accounts(lambda database: Sessions(database).authenticated(session.id, now))
    return None


def is_recent(request: Request, session: Session) -> bool:
    """Whether the user of the session authenticated in the last RECENT_MS milliseconds."""
    return 0 <= site(request).clock() - session.authenticated_at <= RECENT_MS


async def stored_password(request: Request, session: Session) -> str | None:
    """Return the password hash of the user, or None if the user has no password."""
    known = await site(request).accounts(lambda database: People(database).password_hash(session.email))
    return known[1] if known else None


async def password_problem(request: Request, session: Session, stored: str, given: str) -> tuple[str | None, int]:
    """Check the password `given`. Returns an error message and the time to wait in milliseconds, or (None, 0).

    Attempts are throttled by session, separately from sign-in attempts, which anyone can make. Raises HTTPException
    503 if too many sign-ins are waiting.
    """
    here = site(request)
    wait = await here.accounts(lambda database: Throttle(database).attempt_in(session))
    if wait:
        return too_many_attempts(wait), wait
    try:
        matches = await here.password_matches(stored, given, known=True)
    except Busy:
        raise HTTPException(
            503, "Too many sign-ins at the same time: try again in a few seconds.", {"Retry-After": "5"}
        ) from None
    if not matches:
        return "The password is wrong.", 0
    await here.accounts(lambda database: Throttle(database).succeeded_in(session))
    return None, 0


async def _check(request: Request, session: Session, stored: str | None, given: str) -> tuple[str | None, int]:
    if stored is not None:
        return await password_problem(request, session, stored, given)
    secret = given.strip().rpartition(PATHS["sign_in"])[2]

    def use(database: Accounts) -> bool:
        links = Links(database)
        try:
            return links.find("sign_in", secret).email == session.email and links.enter(secret) == session.user_id
        except InvalidLink:
            return False

    if await site(request).accounts(use):
        return None, 0
    return "This is not a valid sign-in link for your account.", 0


def _ask(
    request: Request, status: int, problem: str | None, stored: str | None, fields: Sequence[tuple[str, str]]
) -> Response:
    return page(
        request,
        "confirm.html",
        status,
        problem=problem,
        fields=fields,
        proof=PROOF,
        has_password=stored is not None,
        back=next(path for path in _BACK if request.url.path.startswith(path)),
    )

"""One's own settings: profile, password, sessions."""

from __future__ import annotations

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route

from letrics.accounts.passwords import MIN_LENGTH
from letrics.accounts.people import People
from letrics.accounts.sessions import Session, Sessions
from letrics.accounts.throttle import Throttle
from letrics.web.device import device
from letrics.web.entry import sentence, wait_words
from letrics.web.page import form, page, redirect, signed_in, site, visit
from letrics.web.site import Busy


@signed_in
async def profile(request: Request, session: Session) -> Response:
    """Name and email."""
    if request.method != "POST":
        return page(request, "settings/profile.html", name=session.name, problem=None)
    name = form(request).get("name")
    try:
        await site(request).accounts(lambda database: People(database).rename(session.user_id, name))
    except ValueError as error:
        return page(request, "settings/profile.html", 400, name=name, problem=sentence(error))
    return redirect("/settings", "saved")


@signed_in
async def password(request: Request, session: Session) -> Response:
    """Choose another password. The present one is asked for, and guesses are throttled like those at sign-in."""

    async def has_password() -> str | None:
        known = await here.accounts(lambda database: People(database).password_hash(session.email))
        return known[1] if known else None

    here = site(request)
    stored = await has_password()
    shown = {"has_password": stored is not None, "min_length": MIN_LENGTH}
    if request.method != "POST":
        return page(request, "settings/password.html", problem=None, **shown)
    problem, status = await _password_problem(request, session, stored), 400
    if problem is None:
        chosen = form(request).get("password")
        try:
            await here.accounts(lambda database: People(database).set_password(session.user_id, chosen, session.id))
        except ValueError as error:
            problem = sentence(error)
        else:
            return redirect("/settings/password", "password")
    return page(request, "settings/password.html", status, problem=problem, **shown)


async def _password_problem(request: Request, session: Session, stored: str | None) -> str | None:
    """Why the form cannot be done, in words; None where nothing is wrong but perhaps the new password itself."""
    here, sent, address = site(request), form(request), visit(request).address
    if sent.get("password") != sent.get("again"):
        return "The two new passwords are not the same."
    if stored is None:  # they came in by a link and have none yet
        return None
    wait = await here.accounts(lambda database: Throttle(database).attempt(session.email, address))
    if wait:
        return f"There were too many attempts: try again in {wait_words(wait)}."
    try:
        good = await here.password_matches(stored, sent.get("current"))
    except Busy:
        raise HTTPException(
            503, "Too many people are signing in: try again in a moment.", {"Retry-After": "5"}
        ) from None
    if not good:
        return "The present password is wrong."
    await here.accounts(lambda database: Throttle(database).succeeded(session.email, address))
    return None


@signed_in
async def sessions(request: Request, session: Session) -> Response:
    """Where the user is signed in."""
    found = await site(request).accounts(lambda database: Sessions(database).of(session.user_id))
    return page(request, "settings/sessions.html", sessions=found, device=device)


@signed_in
async def end_session(request: Request, session: Session) -> Response:
    """End one of the user's sessions."""
    id: int = request.path_params["id"]
    if request.method != "POST":
        found = await site(request).accounts(lambda database: Sessions(database).of(session.user_id))
        ending = next((one for one in found if one.id == id), None)
        if ending is None:
            raise HTTPException(404, "You have no such session.")
        return page(request, "settings/end_session.html", ending=ending, device=device)
    if not await site(request).accounts(lambda database: Sessions(database).end(session.user_id, id)):
        raise HTTPException(404, "You have no such session.")
    return redirect("/settings/sessions", "session-ended")


@signed_in
async def end_others(request: Request, session: Session) -> Response:
    """End all of the user's sessions but this one."""
    if request.method != "POST":
        return page(request, "settings/end_others.html")
    await site(request).accounts(lambda database: Sessions(database).end_all(session.user_id, but=session.id))
    return redirect("/settings/sessions", "others-ended")


def routes() -> list[BaseRoute]:
    both = ["GET", "POST"]
    return [
        Route("/settings", profile, methods=both),
        Route("/settings/password", password, methods=both),
        Route("/settings/sessions", sessions),
        Route("/settings/sessions/others/end", end_others, methods=both),
        Route("/settings/sessions/{id:int}/end", end_session, methods=both),
    ]

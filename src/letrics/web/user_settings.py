"""Settings pages of the signed-in user: profile, password, sessions."""

from __future__ import annotations

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route

from letrics.accounts.own_tokens import OwnTokens
from letrics.accounts.password_rules import MIN_LENGTH
from letrics.accounts.people import People
from letrics.accounts.sessions import Session, Sessions
from letrics.web.confirm import confirmed_view, password_problem, stored_password
from letrics.web.device import device
from letrics.web.entry import sentence
from letrics.web.page import form, page, redirect, signed_in, site


@signed_in
async def profile(request: Request, session: Session) -> Response:
    """Show the profile; POST changes the name."""
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
    """Change the password.

    The form needs the current password, and attempts are throttled by session. A user without a password must have
    signed in recently.
    """
    stored = await stored_password(request, session)
    if stored is None:
        return await _first_password(request, session)
    if request.method != "POST":
        return _password_page(request, None, has_password=True)
    problem = _password_mismatch(request)
    if problem is None:
        problem, _ = await password_problem(request, session, stored, form(request).get("current"))
    return await _set_password(request, session, problem, has_password=True)


@confirmed_view
async def _first_password(request: Request, session: Session) -> Response:
    """Set the first password of a user who signed in with a link."""
    if not form(request).all("password"):
        return _password_page(request, None, has_password=False)
    return await _set_password(request, session, _password_mismatch(request), has_password=False)


async def _set_password(request: Request, session: Session, problem: str | None, *, has_password: bool) -> Response:
    chosen = form(request).get("password")
    if problem is None:
        try:
            await site(request).accounts(
                lambda database: People(database).set_password(session.user_id, chosen, session.id)
            )
        except ValueError as error:
            problem = sentence(error)
    if problem is not None:
        return _password_page(request, problem, has_password=has_password)
    tokens = await site(request).accounts(lambda database: OwnTokens(database, session.email).usable())
    return redirect("/settings/tokens", "password-tokens") if tokens else redirect("/settings/password", "password")


def _password_mismatch(request: Request) -> str | None:
    """Return an error message if the two new passwords differ, otherwise None."""
    sent = form(request)
    return None if sent.get("password") == sent.get("again") else "The two new passwords do not match."


def _password_page(request: Request, problem: str | None, *, has_password: bool) -> Response:
    shown = {"problem": problem, "has_password": has_password, "min_length": MIN_LENGTH}
    return page(request, "settings/password.html", 400 if problem else 200, **shown)


@signed_in
async def sessions(request: Request, session: Session) -> Response:
    """List the sessions of the user."""
    found = await site(request).accounts(lambda database: Sessions(database).of(session.user_id))
    return page(request, "settings/sessions.html", sessions=found, device=device)


@signed_in
async def end_session(request: Request, session: Session) -> Response:
    """End one session of the user. GET shows the confirmation page."""
    id: int = request.path_params["id"]
    if request.method != "POST":
        found = await site(request).accounts(lambda database: Sessions(database).of(session.user_id))
        ending = next((one for one in found if one.id == id), None)
        if ending is None:
            raise HTTPException(404, "This session does not exist.")
        return page(request, "settings/end_session.html", ending=ending, device=device)
    if not await site(request).accounts(lambda database: Sessions(database).end(session.user_id, id)):
        raise HTTPException(404, "This session does not exist.")
    return redirect("/settings/sessions", "session-ended")


@signed_in
async def end_others(request: Request, session: Session) -> Response:
    """End all sessions of the user except the current one. GET shows the confirmation page."""
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

"""Coming in and going out: set-up, sign-in, sign-out, and the links that are good once."""

from __future__ import annotations

import math
from collections.abc import Awaitable, Callable
from typing import Final

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route

from letrics.accounts.database import AccountsDatabase
from letrics.accounts.links import DeadLink, Link, Links, Purpose
from letrics.accounts.passwords import MIN_LENGTH
from letrics.accounts.people import People
from letrics.accounts.sessions import Sessions
from letrics.accounts.throttle import Throttle
from letrics.normalize.email import email_key
from letrics.web.own_path import own_path
from letrics.web.page import current_session, form, page, redirect, set_session, site, visit
from letrics.web.site import Busy

_WRONG: Final = "The email or the password is wrong."
_SETUP: Final = "\0setup"  # no email: the set-up code is throttled like an account


async def sign_in(request: Request) -> Response:
    """The form, and what it does. The answer and its time do not tell whether there is such a user."""
    goal = own_path(request.query_params.get("next", ""))
    if request.method != "POST":
        return (
            redirect(goal) if current_session(request) else page(request, "entry/signin.html", email="", problem=None)
        )
    sent, here, address = form(request), site(request), visit(request).address
    email, password = sent.get("email"), sent.get("password")
    key = email_key(email.strip())[:320]
    wait = await here.accounts(lambda database: Throttle(database).attempt(key, address))
    if wait:
        return _too_often(request, "entry/signin.html", wait, email=email)
    known = await here.accounts(lambda database: People(database).password_hash(key))
    try:
        good = await here.password_matches(known[1] if known else None, password)
    except Busy:
        raise HTTPException(
            503, "Too many people are signing in: try again in a moment.", {"Retry-After": "5"}
        ) from None
    if known is None or not good:
        return page(request, "entry/signin.html", 401, email=email, problem=_WRONG)
    await here.accounts(lambda database: Throttle(database).succeeded(key, address))
    return await _enter(request, known[0], redirect(goal))


async def sign_out(request: Request) -> Response:
    """End the session."""
    session = current_session(request)
    if session is not None:
        await site(request).accounts(lambda database: Sessions(database).end(session.user_id, session.id))
    return set_session(redirect("/signin", "signed-out"), request, None)


async def set_up(request: Request) -> Response:
    """Make the first admin, for whoever has the code that the server printed. Gone once there is a user."""
    here, address = site(request), visit(request).address
    if await here.accounts(lambda database: Links(database).has_users()):
        raise HTTPException(404, "Letrics is set up already: sign in at /signin")
    code, email = request.query_params.get("code", ""), ""
    if request.method != "POST":
        focus = "email" if code else "code"
        return page(
            request, "entry/setup.html", code=code, email=email, problem=None, min_length=MIN_LENGTH, focus=focus
        )
    sent = form(request)
    code, email = sent.get("code"), sent.get("email")
    told = {"code": code, "email": email, "min_length": MIN_LENGTH, "focus": "code"}
    wait = await here.accounts(lambda database: Throttle(database).attempt(_SETUP, address))
    if wait:
        return _too_often(request, "entry/setup.html", wait, **told)
    if not await here.accounts(lambda database: Links(database).is_setup_code(code)):
        wrong = "This is not the set-up code. The server prints a new one whenever it starts; use the latest."
        return page(request, "entry/setup.html", 400, problem=wrong, **told)
    await here.accounts(lambda database: Throttle(database).succeeded(_SETUP, address))
    try:
        password = _new_password(request)
        user = await here.accounts(lambda database: Links(database).set_up(code, email, password))
    except DeadLink:
        raise HTTPException(404, "Letrics is set up already: sign in at /signin") from None
    except ValueError as error:
        told["focus"] = "password" if "password" in str(error) else "email"
        return page(request, "entry/setup.html", 400, problem=sentence(error), **told)
    return await _enter(request, user, redirect("/settings/tokens", "welcome"))


async def accept(request: Request) -> Response:
    """Become a user by an invitation."""
    return await _by_link(
        request, "invitation", lambda database, secret, password: Links(database).accept(secret, password)
    )


async def reset(request: Request) -> Response:
    """Choose a new password by a link."""
    return await _by_link(
        request, "reset", lambda database, secret, password: Links(database).choose_password(secret, password)
    )


async def enter(request: Request) -> Response:
    """Sign in by a link. Opening it does nothing yet: mail programs open links to look at them."""
    secret = request.path_params["secret"]
    link = await _find(request, "sign_in")
    if request.method != "POST":
        return page(request, "entry/link.html", link=link)
    try:
        user = await site(request).accounts(lambda database: Links(database).enter(secret))
    except DeadLink as error:
        raise HTTPException(404, sentence(error)) from None
    return await _enter(request, user, redirect("/"))


async def _by_link(request: Request, purpose: Purpose, use: Callable[[AccountsDatabase, str, str], int]) -> Response:
    secret = request.path_params["secret"]
    link = await _find(request, purpose)
    if request.method != "POST":
        return page(request, "entry/password.html", link=link, problem=None, min_length=MIN_LENGTH)
    try:
        password = _new_password(request)
        user = await site(request).accounts(lambda database: use(database, secret, password))
    except DeadLink as error:
        raise HTTPException(404, sentence(error)) from None
    except ValueError as error:
        shown = {"link": link, "problem": sentence(error), "min_length": MIN_LENGTH}
        return page(request, "entry/password.html", 400, **shown)
    return await _enter(request, user, redirect("/"))


async def _find(request: Request, purpose: Purpose) -> Link:
    secret = request.path_params["secret"]
    try:
        return await site(request).accounts(lambda database: Links(database).find(purpose, secret))
    except DeadLink as error:
        raise HTTPException(404, sentence(error)) from None


async def _enter(request: Request, user: int, response: Response) -> Response:
    """Begin a new session, whatever the browser held before: its old one, if any, is ended."""
    here = visit(request)
    old = here.session

    def begin(database: AccountsDatabase) -> str:
        sessions = Sessions(database)
        if old is not None:
            sessions.end(old.user_id, old.id)
        return sessions.open(user, here.user_agent, here.address)

    return set_session(response, request, await here.site.accounts(begin))


def _new_password(request: Request) -> str:
    """Raises ValueError where the two do not agree."""
    sent = form(request)
    if sent.get("password") != sent.get("again"):
        raise ValueError("the two passwords are not the same")
    return sent.get("password")


def _too_often(request: Request, template: str, wait: int, **context: object) -> Response:
    response = page(request, template, 429, problem=too_many_attempts(wait), **context)
    response.headers["Retry-After"] = str(math.ceil(wait / 1000))
    return response


def too_many_attempts(wait: int) -> str:
    """What is said to those who have to wait so many milliseconds."""
    return f"There were too many attempts: try again in {wait_words(wait)}."


def wait_words(milliseconds: int) -> str:
    """A wait in whole seconds, or minutes, rounded up."""
    seconds = math.ceil(milliseconds / 1000)
    return f"{math.ceil(seconds / 60)} minutes" if seconds > 90 else f"{seconds} second{'s' if seconds > 1 else ''}"


def sentence(error: Exception) -> str:
    """What an error says, as a sentence."""
    text = str(error)
    return f"{text[:1].upper()}{text[1:]}."


def routes() -> list[BaseRoute]:
    both = ["GET", "POST"]
    handlers: list[tuple[str, Callable[[Request], Awaitable[Response]], list[str]]] = [
        ("/signin", sign_in, both),
        ("/signout", sign_out, ["POST"]),
        ("/setup", set_up, both),
        ("/invitation/{secret}", accept, both),
        ("/reset/{secret}", reset, both),
        ("/link/{secret}", enter, both),
    ]
    return [Route(path, handler, methods=methods) for path, handler, methods in handlers]

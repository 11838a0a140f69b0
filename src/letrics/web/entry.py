"""Pages for set-up, sign-in and sign-out, and for single-use links: invitation, password reset and sign-in.

All of them end in `enter_site`, which asks for the code of the second factor.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Final

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route

from letrics.accounts.base import Accounts
from letrics.accounts.known_browsers import KnownBrowsers
from letrics.accounts.links import InvalidLink, Link, Links, Purpose
from letrics.accounts.own_tokens import OwnTokens
from letrics.accounts.password_rules import MIN_LENGTH
from letrics.accounts.people import People
from letrics.accounts.sessions import Sessions
from letrics.accounts.throttle import Throttle
from letrics.logs.request_context import add_details
from letrics.normalize.email import email_key
from letrics.web.own_path import own_path
from letrics.web.page import current_session, form, page, redirect, set_session, site, visit
from letrics.web.second_step import enter_site
from letrics.web.site import Busy
from letrics.web.throttled import throttled

_WRONG: Final = "The email or the password is wrong."
_SETUP: Final = "\0setup"
"""Throttle key of the set-up code, which is throttled like an account. It is not a valid email."""


async def sign_in(request: Request) -> Response:
    """Show and handle the sign-in form. Neither the response nor its timing reveals whether the user exists."""
    goal = own_path(request.query_params.get("next", ""))
    if request.method != "POST":
        return (
            redirect(goal) if current_session(request) else page(request, "entry/signin.html", email="", problem=None)
        )
    sent, here, address = form(request), site(request), visit(request).address
    email, password = sent.get("email"), sent.get("password")
    key = email_key(email.strip())[:320]

    def begin(database: Accounts) -> tuple[tuple[int, str] | None, str, int]:
        known = People(database).password_hash(key)
        secret = visit(request).browser
        browser = secret if KnownBrowsers(database).knows(known and known[0], secret) else ""
        return known, browser, Throttle(database).attempt(key, address, browser=browser)

    known, browser, wait = await here.accounts(begin)
    if wait:
        return throttled(request, "entry/signin.html", wait, email=email)
    if known is not None:
        add_details(user=known[0])
    try:
        matches = await here.password_matches(known[1] if known else None, password, known=bool(browser))
    except Busy:
        raise HTTPException(
            503, "Too many sign-ins at the same time: try again in a few seconds.", {"Retry-After": "5"}
        ) from None
    if known is None or not matches:
        return page(request, "entry/signin.html", 401, email=email, problem=_WRONG)
    await here.accounts(lambda database: Throttle(database).succeeded(key, address, browser=browser))
    return await enter_site(request, known[0], goal)


async def sign_out(request: Request) -> Response:
    """End the session."""
    session = current_session(request)
    if session is not None:
        await site(request).accounts(lambda database: Sessions(database).end(session.user_id, session.id))
    return set_session(redirect("/signin", "signed-out"), request, None)


async def set_up(request: Request) -> Response:
    """Create the first admin. Needs the set-up code that the server printed. 404 after a user exists."""
    here, address = site(request), visit(request).address
    if await here.accounts(lambda database: Links(database).has_users()):
        raise HTTPException(404, "Letrics is already set up: sign in at /signin")
    code, email = request.query_params.get("code", ""), ""
    if request.method != "POST":
        focus = "email" if code else "code"
        return page(
            request, "entry/setup.html", code=code, email=email, problem=None, min_length=MIN_LENGTH, focus=focus
        )
    sent = form(request)
    code, email = sent.get("code"), sent.get("email")
    shown = {"code": code, "email": email, "min_length": MIN_LENGTH, "focus": "code"}
    wait = await here.accounts(lambda database: Throttle(database).attempt(_SETUP, address))
    if wait:
        return throttled(request, "entry/setup.html", wait, **shown)
    if not await here.accounts(lambda database: Links(database).is_setup_code(code)):
        wrong = "This is not the set-up code. The server prints a new code each time it starts: use the latest one."
        return page(request, "entry/setup.html", 400, problem=wrong, **shown)
    await here.accounts(lambda database: Throttle(database).succeeded(_SETUP, address))
    try:
        password = _new_password(request)
        user = await here.accounts(lambda database: Links(database).set_up(code, email, password))
    except InvalidLink:
        raise HTTPException(404, "Letrics is already set up: sign in at /signin") from None
    except ValueError as error:
        shown["focus"] = "password" if "password" in str(error) else "email"
        return page(request, "entry/setup.html", 400, problem=sentence(error), **shown)
    return await enter_site(request, user, "/settings/tokens?done=welcome")


async def accept(request: Request) -> Response:
    """Create a user from an invitation link."""
    return await _by_link(
        request, "invitation", lambda database, secret, password: Links(database).accept(secret, password)
    )


async def reset(request: Request) -> Response:
    """Set a new password with a reset link."""
    return await _by_link(
        request, "reset", lambda database, secret, password: Links(database).choose_password(secret, password)
    )


async def enter(request: Request) -> Response:
    """Sign in with a link. GET only shows a button, because mail programs open links to scan them."""
    secret = request.path_params["secret"]
    link = await _find(request, "sign_in")
    if request.method != "POST":
        return page(request, "entry/link.html", link=link)
    try:
        user = await site(request).accounts(lambda database: Links(database).enter(secret))
    except InvalidLink as error:
        raise HTTPException(404, sentence(error)) from None
    return await enter_site(request, user, "/")


async def _by_link(request: Request, purpose: Purpose, use: Callable[[Accounts, str, str], int]) -> Response:
    secret = request.path_params["secret"]
    link = await _find(request, purpose)
    if request.method != "POST":
        return page(request, "entry/password.html", link=link, problem=None, min_length=MIN_LENGTH)
    try:
        password = _new_password(request)
        user = await site(request).accounts(lambda database: use(database, secret, password))
    except InvalidLink as error:
        raise HTTPException(404, sentence(error)) from None
    except ValueError as error:
        shown = {"link": link, "problem": sentence(error), "min_length": MIN_LENGTH}
        return page(request, "entry/password.html", 400, **shown)
    tokens = await site(request).accounts(lambda database: OwnTokens(database, link.email).usable())
    return await enter_site(request, user, "/settings/tokens?done=password-tokens" if tokens else "/")


async def _find(request: Request, purpose: Purpose) -> Link:
    secret = request.path_params["secret"]
    try:
        return await site(request).accounts(lambda database: Links(database).find(purpose, secret))
    except InvalidLink as error:
        raise HTTPException(404, sentence(error)) from None


def _new_password(request: Request) -> str:
    """Return the new password. Raises ValueError if the two passwords differ."""
    sent = form(request)
    if sent.get("password") != sent.get("again"):
        raise ValueError("the two passwords do not match")
    return sent.get("password")


def sentence(error: Exception) -> str:
    """Format the message of an error as a sentence."""
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

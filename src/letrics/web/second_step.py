"""The last step of every sign-in: the code of the second factor, if the user has one, then the new session."""

from __future__ import annotations

from typing import Final

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route

from letrics.accounts.base import Accounts
from letrics.accounts.known_browsers import KnownBrowsers
from letrics.accounts.second_factor import SecondFactor, is_recovery_code
from letrics.accounts.second_steps import SecondSteps
from letrics.accounts.sessions import Sessions
from letrics.accounts.throttle import Throttle
from letrics.logs.request_context import add_details
from letrics.web.own_path import own_path
from letrics.web.page import form, page, redirect, set_known_browser, set_session, site, visit
from letrics.web.throttled import throttled

_WRONG_CODE: Final = "The code is wrong, or was used before. Enter the code that the app shows now."
_TOO_LATE: Final = "This sign-in has expired: sign in again."


async def enter_site(request: Request, user: int, goal: str) -> Response:
    """Sign the user in and redirect to `goal`. Ask for a code first if the user has a second factor."""
    pending = await site(request).accounts(lambda database: SecondSteps(database).begin(user))
    if pending is not None:
        add_details(user=user, step="password")
        return page(request, "entry/code.html", pending=pending, goal=goal, problem=None)
    return await _open_session(request, user, redirect(goal))


async def _open_session(request: Request, user: int, response: Response) -> Response:
    """Start a new session and end the old session of the browser, if it has one. The browser is known from now on."""
    here = visit(request)
    old = here.session
    add_details(user=user)

    def begin(database: Accounts) -> tuple[str, str]:
        sessions = Sessions(database)
        if old is not None:
            sessions.end(old.user_id, old.id)
        return sessions.open(user, here.user_agent, here.address), KnownBrowsers(database).add(user, here.browser)

    secret, browser = await here.site.accounts(begin)
    set_known_browser(response, request, browser)
    return set_session(response, request, secret)


async def second_step(request: Request) -> Response:
    """Handle the form for the code of the second factor. It follows a password or a link; GET starts again."""
    if request.method != "POST":
        return redirect("/signin")
    here, sent, address = site(request), form(request), visit(request).address
    pending, code, goal = sent.get("pending"), sent.get("code"), own_path(sent.get("next"))

    def check(database: Accounts) -> tuple[int | None, int, bool]:
        steps, throttle, secret = SecondSteps(database), Throttle(database), visit(request).browser
        user = steps.find(pending)
        if user is None:
            return None, 0, False
        browser = secret if KnownBrowsers(database).knows(user, secret) else ""
        wait = throttle.attempt_code(user, address, browser=browser, recovery=is_recovery_code(code))
        if wait or not SecondFactor(database).use(user, code):
            return user, wait, False
        throttle.succeeded_code(user, address, browser=browser)
        steps.end(user)
        return user, 0, True

    user, wait, matches = await here.accounts(check)
    if user is None:
        return page(request, "entry/code.html", 401, pending="", goal=goal, problem=_TOO_LATE)
    add_details(user=user, step="code")
    if wait:
        return throttled(request, "entry/code.html", wait, pending=pending, goal=goal)
    if not matches:
        return page(request, "entry/code.html", 401, pending=pending, goal=goal, problem=_WRONG_CODE)
    return await _open_session(request, user, redirect(goal))


def routes() -> list[BaseRoute]:
    return [Route("/signin/code", second_step, methods=["GET", "POST"])]

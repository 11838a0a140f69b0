"""Settings pages for two-factor authentication: turn it on and off, and make new recovery codes."""

from __future__ import annotations

from typing import Final

import segno
from markupsafe import Markup
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route

from letrics.accounts.base import Accounts
from letrics.accounts.second_factor import SecondFactor, is_recovery_code, is_totp_secret, make_totp_secret, totp_uri
from letrics.accounts.sessions import Session
from letrics.accounts.throttle import Throttle
from letrics.logs.request_context import skip_event
from letrics.web.confirm import confirmed, confirmed_view, password_problem, stored_password
from letrics.web.entry import sentence
from letrics.web.page import form, page, redirect, signed_in, site, visit
from letrics.web.throttled import too_many_attempts

_PATH: Final = "/settings/two-factor"
_WRONG: Final = "The code is wrong, or was used before."


@signed_in
async def show(request: Request, session: Session) -> Response:
    """Show whether the second factor is on, and what can be changed."""

    def read(database: Accounts) -> tuple[bool, int]:
        factor = SecondFactor(database)
        return factor.is_on(session.user_id), factor.codes_left(session.user_id)

    is_on, left = await site(request).accounts(read)
    return page(request, "two_factor/show.html", is_on=is_on, codes_left=left)


@signed_in
@confirmed_view
async def turn_on(request: Request, session: Session) -> Response:
    """Show the QR code with a new secret; POST with a code of the app turns the second factor on.

    Nothing is stored before that: the form has the secret. The response shows the recovery codes once.
    """
    sent = form(request)
    given, code, problem = sent.get("secret"), sent.get("code"), None
    secret = given if is_totp_secret(given) else make_totp_secret()
    if code:
        try:
            codes = await site(request).accounts(
                lambda database: SecondFactor(database).turn_on(session.user_id, secret, code, session.id)
            )
        except ValueError as error:
            problem = sentence(error)
        else:
            return page(request, "two_factor/codes.html", codes=codes, is_new=True)
    else:
        skip_event()  # the form is shown after the user has authenticated again
    grouped = " ".join(secret[start : start + 4] for start in range(0, len(secret), 4))
    shown = {"secret": secret, "grouped": grouped, "qr": _qr(totp_uri(secret, session.email)), "problem": problem}
    return page(request, "two_factor/on.html", 400 if problem else 200, **shown)


@signed_in
async def turn_off(request: Request, session: Session) -> Response:
    """Turn the second factor off. Always asks for the password, and for a code of the app or a recovery code."""
    stored = await stored_password(request, session)
    if stored is None:
        return await _turn_off_without_password(request, session)
    if request.method != "POST":
        return _off_page(request, None, has_password=True)
    problem, wait = await password_problem(request, session, stored, form(request).get("current"))
    problem = problem or await _code_problem(request, session)
    if problem:
        return _off_page(request, problem, has_password=True, status=429 if wait else 400)
    return redirect(_PATH, "two-factor-off")


@confirmed_view
async def _turn_off_without_password(request: Request, session: Session) -> Response:
    if not form(request).get("code"):
        skip_event()
        return _off_page(request, None, has_password=False)
    problem = await _code_problem(request, session)
    return _off_page(request, problem, has_password=False, status=400) if problem else redirect(_PATH, "two-factor-off")


@signed_in
@confirmed
async def new_codes(request: Request, session: Session) -> Response:
    """Replace the recovery codes. The response shows the new ones once."""
    codes = await site(request).accounts(lambda database: SecondFactor(database).new_codes(session.user_id))
    return page(request, "two_factor/codes.html", codes=codes, is_new=False) if codes else redirect(_PATH)


async def _code_problem(request: Request, session: Session) -> str | None:
    """Turn the second factor off if the code is right, else return an error message."""
    code, address = form(request).get("code"), visit(request).address

    def use(database: Accounts) -> str | None:
        throttle, user = Throttle(database), session.user_id
        wait = throttle.attempt_code(user, address, recovery=is_recovery_code(code))
        if wait:
            return too_many_attempts(wait)
        if not SecondFactor(database).use(user, code):
            return _WRONG
        throttle.succeeded_code(user, address)
        SecondFactor(database).turn_off(user)
        return None

    return await site(request).accounts(use)


def _off_page(request: Request, problem: str | None, *, has_password: bool, status: int = 200) -> Response:
    return page(request, "two_factor/off.html", status, problem=problem, has_password=has_password)


def _qr(uri: str) -> Markup:
    """The QR code as an SVG element, dark on light in every colour scheme: cameras do not read inverted ones."""
    code = segno.make_qr(uri, error="m")
    return Markup(code.svg_inline(scale=4, border=4, dark="#000", light="#fff", svgclass="qr", title="QR code"))  # noqa: S704


def routes() -> list[BaseRoute]:
    both = ["GET", "POST"]
    return [
        Route(_PATH, show),
        Route(f"{_PATH}/on", turn_on, methods=both),
        Route(f"{_PATH}/off", turn_off, methods=both),
        Route(f"{_PATH}/codes", new_codes, methods=["POST"]),
    ]

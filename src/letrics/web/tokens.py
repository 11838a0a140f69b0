"""Settings pages for API tokens: list, create, rename, rotate and revoke. Users see only their own tokens."""

from __future__ import annotations

import shlex
from typing import Final

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route

from letrics.accounts.base import Accounts
from letrics.accounts.database import now_ms
from letrics.accounts.own_tokens import OVERLAPS_MS, OwnTokens, usable
from letrics.accounts.principal import SCOPES, Scope
from letrics.accounts.roles import SCOPES_OF, BeyondRole
from letrics.accounts.sessions import Session
from letrics.accounts.tokens import Token, UnknownToken
from letrics.logs.request_context import add_details
from letrics.normalize.time import DAY_MS, format_time, parse_time
from letrics.web.confirm import confirmed
from letrics.web.entry import sentence
from letrics.web.page import form, page, redirect, signed_in, site, visit

DAYS: Final = ("30", "90", "365")
"""Offered lifetimes of a token, in days."""

_EXAMPLE: Final = '{"job_titles": ["manager"], "per_page": 3}'
"""Request body of the curl example."""


@signed_in
async def listed(request: Request, session: Session) -> Response:
    """List the tokens of the user."""
    found = await site(request).accounts(lambda database: OwnTokens(database, session.email).all())
    return page(request, "tokens/list.html", tokens=found, status_of=status)


@signed_in
@confirmed
async def create(request: Request, session: Session) -> Response:
    """Create a token. Only the response to the form shows its secret."""
    sent = form(request)
    given = {name: sent.get(name, otherwise) for name, otherwise in (("name", ""), ("expires", "90"), ("date", ""))}
    scope = sent.get("scope", "read")
    problem, status = None, 200
    if request.method == "POST":
        try:
            if scope not in SCOPES:
                raise ValueError("select a scope for the token")
            scopes: list[Scope] = ["read", "write"] if scope == "write" else ["read"]
            expiry = _expiry(given["expires"], given["date"])
            secret, token = await site(request).accounts(
                lambda database: OwnTokens(database, session.email).create(given["name"], scopes, expiry)
            )
        except ValueError as error:
            problem, status = sentence(error), 403 if isinstance(error, BeyondRole) else 400
        else:
            add_details(token=token.id, scopes=token.scopes, expires_at=token.expires_at)
            return _shown_once(request, secret, token, None)
    offered = [scope for scope in SCOPES if scope in SCOPES_OF[session.role]]
    shown = {"given": given, "scope": scope, "offered": offered, "problem": problem}
    return page(request, "tokens/new.html", status, **shown, days=DAYS, today=_today())


@signed_in
async def one(request: Request, session: Session) -> Response:
    """Show a token; POST renames it."""
    token, name, problem = await _own(request, session), form(request).get("name"), None
    if request.method == "POST":
        try:
            await site(request).accounts(lambda database: _tokens(database, session).rename(token.id, name))
        except ValueError as error:
            problem = sentence(error)
        else:
            return redirect(f"/settings/tokens/{token.id}", "token-renamed")
    shown = {"token": token, "state": status(token), "name": name if problem else token.name, "problem": problem}
    return page(request, "tokens/one.html", 400 if problem else 200, **shown)


@signed_in
@confirmed
async def rotate(request: Request, session: Session) -> Response:
    """Replace a token with a new one. The user chooses when the old token expires."""
    token, overlap = await _own(request, session), form(request).get("overlap")
    if request.method != "POST":
        return page(request, "tokens/rotate.html", token=token, state=status(token), problem=None)
    if overlap not in OVERLAPS_MS:
        problem = "Select when the old token expires."
        return page(request, "tokens/rotate.html", 400, token=token, state=status(token), problem=problem)
    try:
        secret, new = await site(request).accounts(
            lambda database: _tokens(database, session).rotate(token.id, OVERLAPS_MS[overlap])
        )
    except ValueError as error:
        shown = {"token": token, "state": status(token), "problem": sentence(error)}
        return page(request, "tokens/rotate.html", 400, **shown)
    add_details(token=new.id, replaces=token.id)
    return _shown_once(request, secret, new, await _own(request, session))


@signed_in
async def revoke(request: Request, session: Session) -> Response:
    """Revoke a token. GET shows the confirmation page."""
    token = await _own(request, session)
    if request.method != "POST":
        return page(request, "tokens/revoke.html", token=token, back="/settings/tokens")
    await site(request).accounts(lambda database: _tokens(database, session).revoke(token.id))
    return redirect("/settings/tokens", "token-revoked")


def status(token: Token) -> str:
    """Return the status of a token: active, expires soon (within 7 days), expired or revoked."""
    now = now_ms()
    if token.revoked_at is not None:
        return "revoked"
    if not usable(token, now):
        return "expired"
    return "active" if usable(token, now + 7 * DAY_MS) else "expires soon"


def curl(base_url: str, secret: str) -> str:
    """Build a curl command for a search that works when pasted into a shell."""
    return " \\\n  ".join(
        (
            shlex.join(("curl", "-s", f"{base_url}/v1/contacts")),
            shlex.join(("-H", f"Authorization: Bearer {secret}")),
            shlex.join(("-H", "Content-Type: application/json")),
            shlex.join(("-d", _EXAMPLE)),
        )
    )


def _shown_once(request: Request, secret: str, token: Token, old: Token | None) -> Response:
    command = curl(visit(request).base_url, secret)
    return page(request, "tokens/secret.html", secret=secret, token=token, old=old, curl=command)


def _tokens(database: Accounts, session: Session) -> OwnTokens:
    return OwnTokens(database, session.email)


async def _own(request: Request, session: Session) -> Token:
    """Return the token in the path. Raises HTTPException 404 if it does not exist or belongs to another user."""
    id: int = request.path_params["id"]
    try:
        return await site(request).accounts(lambda database: _tokens(database, session).get(id))
    except (UnknownToken, OverflowError):
        raise HTTPException(404, "This token does not exist.") from None


def _expiry(choice: str, date: str) -> int | None:
    """Return the expiry in milliseconds since 1970, None for never. Raises ValueError with a message for the user."""
    if choice == "never":
        return None
    if choice in DAYS:
        return now_ms() + int(choice) * DAY_MS
    if choice != "date":
        raise ValueError("select when the token expires")
    if not date:
        raise ValueError("select the expiry date of the token")
    try:
        return parse_time(date, "last")
    except ValueError as error:
        raise ValueError(f"the expiry date {error}") from None


def _today() -> str:
    return format_time(now_ms())[:10]


def routes() -> list[BaseRoute]:
    both = ["GET", "POST"]
    return [
        Route("/settings/tokens", listed),
        Route("/settings/tokens/new", create, methods=both),
        Route("/settings/tokens/{id:int}", one, methods=both),
        Route("/settings/tokens/{id:int}/rotate", rotate, methods=both),
        Route("/settings/tokens/{id:int}/revoke", revoke, methods=both),
    ]

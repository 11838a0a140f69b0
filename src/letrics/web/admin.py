"""Administration pages: users, invitations and the API tokens of all users."""

from __future__ import annotations

from collections.abc import Callable

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route

from letrics.accounts.links import Links
from letrics.accounts.people import People
from letrics.accounts.roles import DESCRIPTIONS, ROLES, Role, is_within
from letrics.accounts.second_factor import SecondFactor
from letrics.accounts.sessions import Session
from letrics.accounts.tokens import Token, Tokens, UnknownToken
from letrics.accounts.users import LastAdmin, UnknownUser, User, Users
from letrics.logs.request_context import add_details
from letrics.web.confirm import confirmed
from letrics.web.entry import sentence
from letrics.web.page import admin_only, form, page, redirect, site, visit
from letrics.web.tokens import status


@admin_only
async def users(request: Request, session: Session) -> Response:  # noqa: ARG001
    """List users and pending invitations. `q` filters by a substring of the email."""
    asked = request.query_params.get("q", "").strip().lower()
    found = await site(request).accounts(lambda database: (Users(database).all(), Links(database).pending()))
    listed = [user for user in found[0] if asked in user.email]
    invited = [link for link in found[1] if asked in link.email]
    return page(request, "admin/users.html", users=listed, invited=invited, q=request.query_params.get("q", ""))


@admin_only
@confirmed
async def invite(request: Request, session: Session) -> Response:
    """Create an invitation link. The response shows it once."""
    email, role, problem = form(request).get("email"), form(request).get("role", "viewer"), None
    if request.method == "POST":
        try:
            chosen = _role(role)
            path = await site(request).accounts(
                lambda database: Links(database).invite(email, role=chosen, invited_by=session.user_id)
            )
        except ValueError as error:
            problem = sentence(error)
        else:
            add_details(email=email.strip(), role=role)
            link = visit(request).base_url + path
            return page(request, "admin/link.html", kind="invitation", email=email, link=link)
    shown = {"email": email, "role": role, "roles": DESCRIPTIONS, "problem": problem}
    return page(request, "admin/invite.html", 400 if problem else 200, **shown)


@admin_only
async def withdraw(request: Request, session: Session) -> Response:  # noqa: ARG001
    """Withdraw an invitation."""
    email = form(request).get("email")
    if not await site(request).accounts(lambda database: Links(database).withdraw(email)):
        raise HTTPException(404, "This invitation does not exist.")
    return redirect("/admin/users", "withdrawn")


@admin_only
async def one_user(request: Request, session: Session) -> Response:  # noqa: ARG001
    """Show a user and the actions on them."""
    return await _shown(request, await _user(request))


@admin_only
async def change_role(request: Request, session: Session) -> Response:
    """Change the role of a user. A lower role needs no confirmation."""
    user, role = await _user(request), form(request).get("role")
    if role in ROLES and is_within(_role(role), user.role):
        return await _set_role(request, user)
    return await _raise_role(request, session)


@confirmed
async def _raise_role(request: Request, session: Session) -> Response:  # noqa: ARG001
    return await _set_role(request, await _user(request))


async def _set_role(request: Request, user: User) -> Response:
    role = form(request).get("role")
    add_details(role=role if role in ROLES else None)
    return await _change(request, user, lambda people: people.set_role(user.id, _role(role)), "user-role")


@admin_only
async def disable(request: Request, session: Session) -> Response:  # noqa: ARG001
    """Disable a user and their tokens. GET shows the confirmation page."""
    user = await _user(request)
    if request.method != "POST":
        return page(request, "admin/disable.html", user=user)
    return await _change(request, user, lambda people: people.disable(user.id), "user-disabled")


@admin_only
@confirmed
async def enable(request: Request, session: Session) -> Response:  # noqa: ARG001
    """Re-enable a user."""
    user = await _user(request)
    return await _change(request, user, lambda people: people.enable(user.id), "user-enabled")


@admin_only
async def delete(request: Request, session: Session) -> Response:  # noqa: ARG001
    """Delete a user permanently. GET shows the confirmation page."""
    user = await _user(request)
    if request.method != "POST":
        return page(request, "admin/delete.html", user=user, tokens=await _tokens_of(request, user))
    add_details(email=user.email)
    return await _change(request, user, lambda people: people.delete(user.id), "user-deleted", "/admin/users")


@admin_only
@confirmed
async def reset(request: Request, session: Session) -> Response:  # noqa: ARG001
    """Create a password reset link. The response shows it once."""
    user = await _user(request)
    path = await site(request).accounts(lambda database: Links(database).reset(user.email))
    return page(request, "admin/link.html", kind="reset", email=user.email, link=visit(request).base_url + path)


@admin_only
@confirmed
async def two_factor_off(request: Request, session: Session) -> Response:  # noqa: ARG001
    """Turn the second factor of a user off, who has lost the app and the recovery codes."""
    user = await _user(request)
    await site(request).accounts(lambda database: SecondFactor(database).turn_off(user.id))
    return redirect(f"/admin/users/{user.id}", "user-two-factor")


@admin_only
async def tokens(request: Request, session: Session) -> Response:  # noqa: ARG001
    """List the tokens of all users, newest first. `q` filters by owner, name and last 4 characters."""
    asked = request.query_params.get("q", "").strip().casefold()
    found = await site(request).accounts(lambda database: Tokens(database).all())
    listed = [t for t in reversed(found) if asked in f"{t.user} {t.name} {t.last_four}".casefold()]
    return page(request, "admin/tokens.html", tokens=listed, status_of=status, q=request.query_params.get("q", ""))


@admin_only
async def revoke(request: Request, session: Session) -> Response:  # noqa: ARG001
    """Revoke the token of any user. GET shows the confirmation page."""
    id: int = request.path_params["id"]
    try:
        token = await site(request).accounts(lambda database: Tokens(database).get(id))
    except (UnknownToken, OverflowError):
        raise HTTPException(404, "This token does not exist.") from None
    if request.method != "POST":
        return page(request, "tokens/revoke.html", token=token, back="/admin/tokens")
    await site(request).accounts(lambda database: Tokens(database).revoke(token.id))
    return redirect("/admin/tokens", "token-revoked")


async def _change(
    request: Request, user: User, change: Callable[[People], object], done: str, then: str = ""
) -> Response:
    """Change a user and redirect to `then`, or to the page of the user if `then` is empty.

    If the change is not allowed, show the page of the user with the error.
    """
    try:
        await site(request).accounts(lambda database: change(People(database)))
    except LastAdmin as error:
        return await _shown(request, user, 409, sentence(error))
    except ValueError as error:
        return await _shown(request, user, 400, sentence(error))
    return redirect(then or f"/admin/users/{user.id}", done)


async def _shown(request: Request, user: User, code: int = 200, problem: str | None = None) -> Response:
    shown = {"user": user, "tokens": await _tokens_of(request, user), "roles": DESCRIPTIONS, "problem": problem}
    return page(request, "admin/user.html", code, status_of=status, **shown)


def _role(text: str) -> Role:
    """Parse a role. Raises ValueError."""
    role = next((role for role in ROLES if role == text), None)
    if role is None:
        raise ValueError("select a role")
    return role


async def _user(request: Request) -> User:
    id: int = request.path_params["id"]
    try:
        return await site(request).accounts(lambda database: People(database).get(id))
    except UnknownUser:
        raise HTTPException(404, "This user does not exist.") from None


async def _tokens_of(request: Request, user: User) -> list[Token]:
    found = await site(request).accounts(lambda database: Tokens(database).all())
    return [token for token in reversed(found) if token.user == user.email]


def routes() -> list[BaseRoute]:
    both = ["GET", "POST"]
    return [
        Route("/admin/users", users),
        Route("/admin/users/invite", invite, methods=both),
        Route("/admin/invitations/withdraw", withdraw, methods=["POST"]),
        Route("/admin/users/{id:int}", one_user),
        Route("/admin/users/{id:int}/reset", reset, methods=["POST"]),
        Route("/admin/users/{id:int}/two-factor", two_factor_off, methods=["POST"]),
        Route("/admin/users/{id:int}/role", change_role, methods=["POST"]),
        Route("/admin/users/{id:int}/disable", disable, methods=both),
        Route("/admin/users/{id:int}/enable", enable, methods=["POST"]),
        Route("/admin/users/{id:int}/delete", delete, methods=both),
        Route("/admin/tokens", tokens),
        Route("/admin/tokens/{id:int}/revoke", revoke, methods=both),
    ]

"""What admins manage: users, invitations, everybody's tokens."""

from __future__ import annotations

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route

from letrics.accounts.database import AccountsDatabase
from letrics.accounts.links import Links
from letrics.accounts.people import People
from letrics.accounts.sessions import Session
from letrics.accounts.tokens import Token, Tokens, UnknownToken
from letrics.accounts.users import UnknownUser, User, Users
from letrics.web.entry import sentence
from letrics.web.page import admin_only, form, page, redirect, site, visit
from letrics.web.tokens import status


@admin_only
async def users(request: Request, session: Session) -> Response:  # noqa: ARG001
    """Everybody, those invited too. `q` is looked for in the emails."""
    asked = request.query_params.get("q", "").strip().lower()
    found = await site(request).accounts(lambda database: (Users(database).all(), Links(database).pending()))
    listed = [user for user in found[0] if asked in user.email]
    invited = [link for link in found[1] if asked in link.email]
    return page(request, "admin/users.html", users=listed, invited=invited, q=request.query_params.get("q", ""))


@admin_only
async def invite(request: Request, session: Session) -> Response:  # noqa: ARG001
    """Make a link by which somebody becomes a user; it is shown this once."""
    if request.method != "POST":
        return page(request, "admin/invite.html", email="", role="member", problem=None)
    email, role = form(request).get("email"), form(request).get("role", "member")
    try:
        path = await site(request).accounts(lambda database: Links(database).invite(email, admin=role == "admin"))
    except ValueError as error:
        return page(request, "admin/invite.html", 400, email=email, role=role, problem=sentence(error))
    return page(request, "admin/link.html", kind="invitation", email=email, link=visit(request).base_url + path)


@admin_only
async def withdraw(request: Request, session: Session) -> Response:  # noqa: ARG001
    """Take an invitation back."""
    email = form(request).get("email")
    if not await site(request).accounts(lambda database: Links(database).withdraw(email)):
        raise HTTPException(404, "There is no such invitation.")
    return redirect("/admin/users", "withdrawn")


@admin_only
async def one_user(request: Request, session: Session) -> Response:  # noqa: ARG001
    """A user, and what can be done with them."""
    user = await _user(request)
    return page(
        request, "admin/user.html", user=user, tokens=await _tokens_of(request, user), status_of=status, problem=None
    )


@admin_only
async def change_user(request: Request, session: Session) -> Response:  # noqa: ARG001
    """Make a user an admin or a member, disable or enable them."""
    user, action = await _user(request), request.path_params["action"]

    def change(database: AccountsDatabase) -> str:
        people = People(database)
        match action:
            case "admin" | "member":
                people.set_admin(user.id, action == "admin")
                return f"user-{action}"
            case "disable":
                people.disable(user.id)
                return "user-disabled"
            case "enable":
                people.enable(user.id)
                return "user-enabled"
            case _:
                raise HTTPException(404, "There is no such page.")

    if request.method != "POST":
        if action != "disable":
            raise HTTPException(405, "This is done by a form.", {"Allow": "POST"})
        return page(request, "admin/disable.html", user=user)
    try:
        done = await site(request).accounts(change)
    except ValueError as error:
        shown = {"user": user, "tokens": await _tokens_of(request, user), "problem": sentence(error)}
        return page(request, "admin/user.html", 409, status_of=status, **shown)
    return redirect(f"/admin/users/{user.id}", done)


@admin_only
async def reset(request: Request, session: Session) -> Response:  # noqa: ARG001
    """Make a link by which a user chooses a new password; it is shown this once."""
    user = await _user(request)
    path = await site(request).accounts(lambda database: Links(database).reset(user.email))
    return page(request, "admin/link.html", kind="reset", email=user.email, link=visit(request).base_url + path)


@admin_only
async def tokens(request: Request, session: Session) -> Response:  # noqa: ARG001
    """Everybody's tokens, the newest first. `q` is looked for in owner, name and last four characters."""
    asked = request.query_params.get("q", "").strip().casefold()
    found = await site(request).accounts(lambda database: Tokens(database).all())
    listed = [t for t in reversed(found) if asked in f"{t.user} {t.name} {t.last_four}".casefold()]
    return page(request, "admin/tokens.html", tokens=listed, status_of=status, q=request.query_params.get("q", ""))


@admin_only
async def revoke(request: Request, session: Session) -> Response:  # noqa: ARG001
    """Refuse anybody's token for good."""
    id: int = request.path_params["id"]
    try:
        token = await site(request).accounts(lambda database: Tokens(database).get(id))
    except (UnknownToken, OverflowError):
        raise HTTPException(404, "There is no such token.") from None
    if request.method != "POST":
        return page(request, "tokens/revoke.html", token=token, back="/admin/tokens")
    await site(request).accounts(lambda database: Tokens(database).revoke(token.id))
    return redirect("/admin/tokens", "token-revoked")


async def _user(request: Request) -> User:
    id: int = request.path_params["id"]
    try:
        return await site(request).accounts(lambda database: People(database).get(id))
    except UnknownUser:
        raise HTTPException(404, "There is no such user.") from None


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
        Route("/admin/users/{id:int}/{action}", change_user, methods=both),
        Route("/admin/tokens", tokens),
        Route("/admin/tokens/{id:int}/revoke", revoke, methods=both),
    ]

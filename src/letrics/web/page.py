"""Toolkit for pages: rendering templates, the current session, and forms with CSRF protection.

A page is a coroutine that takes a starlette Request and returns a Response. A module of pages has a function
`routes()`, which `letrics.web.asgi` calls.

    @signed_in
    async def show(request: Request, session: Session) -> Response:
        return page(request, "things/list.html", title="Things", things=...)

    def routes() -> list[BaseRoute]:
        return [Route("/things", show), Route("/things/new", create, methods=["GET", "POST"])]

- `page(request, template, status=200, **context)` renders a template of `templates/`, which extends `layout.html`
  (blocks `title`, `head`, `main`) or `settings/layout.html` (blocks `heading`, `actions`, `content`). Values are
  always escaped.
- `current_session(request)` is the Session or None. `@signed_in` redirects visitors without a session to sign in and
  back. `@admin_only` returns 403 for users who are not admins, `@editor_only` for viewers. `@confirmed` of
  `confirm.py`, below one of these, asks for the password again before a POST if the sign-in is older than 15 minutes.
- Every POST form contains `{{ csrf_input }}`. htmx sends the header `X-CSRF`; other scripts get its value from
  `csrfToken()` of `static/app.js`. The check runs before the page. `form(request)` is the submitted form.
- `site(request).accounts(lambda database: …)` runs a function on the accounts database in a thread.
  `site(request).ask(…)` calls the handlers of the API. Scripts call the API under `/app/…` instead of `/v1/…` with the
  session cookie and `X-CSRF`.
- `redirect(path, "done")` after a POST. `done` is a key of NOTICES, whose text the next page shows.
- In templates: `static(name)`, `command("import", "companies.csv")` (a shell command with the home directory), the
  filters `time`, `ago` and `number`, and the macros of `parts.html`.

The content security policy in `headers.py` forbids inline scripts and styles (no `style=`, `onclick=`, `hx-on`).
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from functools import partial, wraps
from typing import Any, Final
from urllib.parse import quote

from markupsafe import Markup
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from letrics.accounts.browser import form_cookie, known_cookie, session_cookie
from letrics.accounts.known_browsers import LIFE_MS as KNOWN_MS
from letrics.accounts.sessions import LIFE_MS, Session
from letrics.web.command import shell_command
from letrics.web.forms import form
from letrics.web.site import Site
from letrics.web.templates import render
from letrics.web.visit import KEY, Visit

__all__ = [
    "NOTICES", "SignInNeeded", "admin_only", "csrf_input", "current_session", "editor_only", "form", "notice", "page",
    "redirect", "set_known_browser", "set_session", "signed_in", "site", "visit",
]  # fmt: skip

NOTICES: Final[dict[str, str]] = {
    "signed-out": "You are signed out.",
    "welcome": "Letrics is set up. Create an API token to use the API.",
    "saved": "Saved.",
    "password": "Your password was changed. Other sessions were ended.",
    "password-tokens": "Your password was changed. Other sessions were ended. Your API tokens stay valid: "
    "revoke those that you do not recognise.",
    "two-factor-off": "Two-factor authentication is off.",
    "session-ended": "The session was ended.",
    "others-ended": "All other sessions were ended.",
    "token-renamed": "The token was renamed.",
    "token-revoked": "The token was revoked. It stops working within a second.",
    "user-disabled": "The user was disabled. Their sessions and tokens stop working within a second.",
    "user-enabled": "The user was enabled.",
    "user-two-factor": "Two-factor authentication of the user is off. They can turn it on again in their settings.",
    "user-role": "The role was changed. API tokens lose scopes that the role does not allow within a second.",
    "user-deleted": "The user was deleted. Their sessions and tokens stop working within a second.",
    "withdrawn": "The invitation was withdrawn.",
    "forgotten": "The person was forgotten. The index loses the last values within minutes.",
    "import-cancelled": "The import stops after the rows that it is storing now.",
}
"""Notices above a page after an action, by the value of `?done=`."""

Handler = Callable[[Request], Awaitable[Response]]


class SignInNeeded(Exception):
    """The page needs a session. The application redirects to the sign-in page."""


def visit(request: Request) -> Visit:
    """Return the context of a page request."""
    found: Visit = request.scope[KEY]
    return found


def site(request: Request) -> Site:
    """Return the services for pages."""
    return visit(request).site


def current_session(request: Request) -> Session | None:
    """Return the session of the request, or None. It is verified for every request."""
    return visit(request).session


def signed_in(handler: Callable[[Request, Session], Awaitable[Response]]) -> Handler:
    """Decorator: call the page with the session. Visitors without one are redirected to sign in and back."""

    @wraps(handler)
    async def checked(request: Request) -> Response:
        session = current_session(request)
        if session is None:
            raise SignInNeeded
        return await handler(request, session)

    return checked


def admin_only(handler: Callable[[Request, Session], Awaitable[Response]]) -> Handler:
    """Decorator: like `signed_in`, but users who are not admins get 403."""

    @wraps(handler)
    async def checked(request: Request, session: Session) -> Response:
        if not session.admin:
            raise HTTPException(403, "Only admins can use this page.")
        return await handler(request, session)

    return signed_in(checked)


def editor_only(handler: Callable[[Request, Session], Awaitable[Response]]) -> Handler:
    """Decorator: like `signed_in`, but users who may not change records get 403."""

    @wraps(handler)
    async def checked(request: Request, session: Session) -> Response:
        if not session.principal.may("write"):
            raise HTTPException(403, "Only editors and admins can use this page. An admin can change your role.")
        return await handler(request, session)

    return signed_in(checked)


def csrf_input(request: Request) -> Markup:
    """Render the hidden field with the form token, which every POST form needs."""
    return Markup('<input type="hidden" name="csrf" value="{}">').format(visit(request).form_token)


def notice(request: Request) -> str | None:
    """Return the notice of `?done=`, or None."""
    return NOTICES.get(request.query_params.get("done", ""))


def page(request: Request, template: str, /, status: int = 200, **context: Any) -> Response:
    """Render a template as a response. Caches must not store it: pages contain personal data."""
    seen = visit(request)
    html = render(
        template,
        session=seen.session,
        csrf=seen.form_token,
        csrf_input=csrf_input(request),
        path=request.url.path,
        command=partial(shell_command, seen.command_home),
        notice=context.pop("notice", None) or notice(request),
        **context,
    )
    response = Response(html, status, {"Cache-Control": "no-store"}, "text/html")
    if seen.fresh:
        _set_cookie(response, form_cookie(seen.secure), seen.secret, seen.secure, None)
    return response


def redirect(path: str, done: str | None = None) -> Response:
    """Redirect to another page of this site with 303. `done` is a key of NOTICES."""
    if done is not None:
        assert done in NOTICES
        path = f"{path}{'&' if '?' in path else '?'}done={quote(done)}"
    return RedirectResponse(path, 303, {"Cache-Control": "no-store"})


def set_session(response: Response, request: Request, secret: str | None) -> Response:
    """Set the session cookie, or delete it if `secret` is None."""
    seen = visit(request)
    if secret is None:
        response.delete_cookie(session_cookie(seen.secure), "/", secure=seen.secure, httponly=True, samesite="lax")
    else:
        _set_cookie(response, session_cookie(seen.secure), secret, seen.secure, LIFE_MS // 1000)
    return response


def set_known_browser(response: Response, request: Request, secret: str) -> Response:
    """Set the cookie by which the browser is known when the user signs in again."""
    seen = visit(request)
    _set_cookie(response, known_cookie(seen.secure), secret, seen.secure, KNOWN_MS // 1000)
    return response


def _set_cookie(response: Response, name: str, value: str, secure: bool, max_age: int | None) -> None:
    response.set_cookie(name, value, max_age, path="/", secure=secure, httponly=True, samesite="lax")

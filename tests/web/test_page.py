"""The toolkit of pages: sessions, notices, redirects and cookies."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import pytest
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response

from letrics.accounts.roles import Role
from letrics.accounts.sessions import Session, form_token
from letrics.web.page import (
    NOTICES,
    SignInNeeded,
    admin_only,
    csrf_input,
    current_session,
    notice,
    page,
    redirect,
    set_session,
    signed_in,
)
from letrics.web.visit import KEY, Visit
from tests.office import ADA, Office


def session(role: Role) -> Session:
    return Session(1, 1, ADA, "Ada", role, 0, 0, 1 << 50, "", "", 0)


def request(seen: Session | None = None, *, fresh: bool = False, secure: bool = False, query: str = "") -> Request:
    site: Any = SimpleNamespace(home="")
    visit = Visit(site, seen, "s" * 43, "", fresh, secure, "http://x", "", "", "r-1")
    scope = {"type": "http", "method": "GET", "path": "/x", "query_string": query.encode(), "headers": [], KEY: visit}
    return Request(scope)


@signed_in
async def greeting(_: Request, session: Session) -> Response:
    return Response(session.email)


@admin_only
async def secrets(_: Request, session: Session) -> Response:
    return Response(session.role)


def test_signed_in_passes_the_session_or_asks_for_one(office: Office) -> None:
    run = office.loop.run_until_complete
    assert run(greeting(request(session("viewer")))).body == ADA.encode()
    assert current_session(request()) is None
    with pytest.raises(SignInNeeded):
        run(greeting(request()))


def test_admin_only_refuses_other_roles(office: Office) -> None:
    run = office.loop.run_until_complete
    assert run(secrets(request(session("admin")))).body == b"admin"
    with pytest.raises(HTTPException) as caught:
        run(secrets(request(session("editor"))))
    assert caught.value.status_code == 403
    with pytest.raises(SignInNeeded):
        run(secrets(request()))


@pytest.mark.parametrize("done", NOTICES)
def test_redirect_shows_its_notice_on_the_next_page(done: str) -> None:
    response = redirect("/settings", done)
    assert (response.status_code, response.headers["cache-control"]) == (303, "no-store")
    path, _, query = response.headers["location"].partition("?")
    assert path == "/settings" and notice(request(query=query)) == NOTICES[done]


def test_redirect_keeps_a_query_string_and_checks_notices() -> None:
    assert redirect("/x?a=1", "saved").headers["location"] == "/x?a=1&done=saved"
    assert redirect("/x?a=1").headers["location"] == "/x?a=1"
    assert notice(request(query="done=<b>")) is None
    with pytest.raises(AssertionError):
        redirect("/x", "nonsense")


def test_csrf_input_has_the_token_of_the_session() -> None:
    assert f'value="{form_token("s" * 43)}"' in csrf_input(request())


@pytest.mark.parametrize(("secure", "name"), [(False, "letrics_session"), (True, "__Host-letrics")])
def test_set_session_sets_and_deletes_the_cookie(secure: bool, name: str) -> None:
    line = set_session(Response(), request(secure=secure), "secret").headers["set-cookie"]
    assert line.startswith(f"{name}=secret;") and "HttpOnly" in line and "SameSite=lax" in line
    assert ("Secure" in line) == secure and "Path=/" in line and "Max-Age=2592000" in line
    gone = set_session(Response(), request(secure=secure), None).headers["set-cookie"]
    assert gone.startswith(f'{name}="";') and "Max-Age=0" in gone


def test_page_sets_the_form_cookie_of_a_new_visitor_alone() -> None:
    shown: dict[str, Any] = {"code": 404, "details": ["nothing here"], "request_id": "r-1"}
    first = page(request(fresh=True), "failure.html", 404, **shown)
    assert first.headers["set-cookie"].startswith(f"letrics_form={'s' * 43};") and first.status_code == 404
    again = page(request(), "failure.html", **shown)
    assert "set-cookie" not in again.headers and again.status_code == 200
    assert again.headers["cache-control"] == "no-store" and b"nothing here" in bytes(again.body)

"""The API for our own pages' scripts: the same handlers, by the session, never without the form token."""

from __future__ import annotations

import asyncio
import json
from pathlib import Path
from typing import Any

import pytest
from starlette.types import Message

from letrics.accounts.authenticator import LocalAuthenticator
from letrics.accounts.browser import session_cookie
from letrics.accounts.database import AccountsDatabase
from letrics.accounts.people import People
from letrics.accounts.principal import Principal
from letrics.accounts.sessions import Sessions
from letrics.api.call import Call
from letrics.api.internal_api import InternalApi
from letrics.api.routes import Table
from letrics.errors import LetricsError
from tests.office import ADA, BOB, Office
from tests.web.browser import Browser, Page


def ask(browser: Browser, method: str, target: str, body: Any = None, **headers: str) -> Page:
    data = b"" if body is None else json.dumps(body).encode()
    sent = {"sec-fetch-site": "same-origin", "content-type": "application/json" if data else "", **headers}
    return browser.send(method, target, data, sent)


@pytest.fixture
def bob(office: Office) -> Browser:
    browser = office.signed_in(BOB)
    browser.get("/settings")
    return browser


def test_every_search_is_there(bob: Browser) -> None:
    found = ask(bob, "POST", "/app/contacts", {"departments": ["Finance"]}, **{"x-csrf": bob.csrf})
    assert found.status == 200 and [record["id"] for record in found.reply.json["data"]] == ["ann", "cyd"]
    assert found.reply.headers["cache-control"] == "no-store"
    assert ask(bob, "GET", "/app/companies?domains=acme.example").reply.json["meta"]["total"] == 1
    assert ask(bob, "GET", "/app/contacts/ann").reply.json["data"]["id"] == "ann"
    assert ask(bob, "POST", "/app/contacts", {"departmentz": []}, **{"x-csrf": bob.csrf}).status == 400
    for method, target, status in (("GET", "/app/nothing", 404), ("GET", "/app", 404), ("PUT", "/app/contacts", 405)):
        page = ask(bob, method, target, **{"x-csrf": bob.csrf})
        assert page.status == status and page.reply.json["data"] is None


def test_only_for_those_who_are_signed_in(office: Office, bob: Browser) -> None:
    stranger = office.browser()
    csrf = stranger.get("/signin").csrf
    for method in ("GET", "POST"):
        page = ask(stranger, method, "/app/contacts", **{"x-csrf": csrf})
        assert page.status == 401 and "www-authenticate" not in page.reply.headers
    (session,) = Sessions(office.accounts).of(2)
    Sessions(office.accounts).end(2, session.id)
    office.browser().get("/")
    assert ask(bob, "GET", "/app/contacts").status == 401


def test_not_without_the_form_token_nor_from_elsewhere(office: Office, bob: Browser) -> None:
    other = office.signed_in(ADA).get("/settings").csrf
    for csrf in ("", "x", other):
        assert ask(bob, "POST", "/app/contacts", {}, **{"x-csrf": csrf}).status == 403
    for site in ("cross-site", "same-site"):
        page = ask(bob, "POST", "/app/contacts", {}, **{"x-csrf": bob.csrf, "sec-fetch-site": site})
        assert page.status == 403
    assert ask(bob, "POST", "/app/contacts", {"csrf": bob.csrf}).status == 403


def test_deleting_is_for_admins(office: Office, bob: Browser) -> None:
    assert ask(bob, "DELETE", "/app/contacts/ann", **{"x-csrf": bob.csrf}).status == 403
    ada = office.signed_in(ADA)
    ada.get("/settings")
    assert ask(ada, "DELETE", "/app/contacts/ann").status == 403
    assert ask(ada, "DELETE", "/app/contacts/ann", **{"x-csrf": ada.csrf}).status == 200
    assert ask(ada, "GET", "/app/contacts/ann").status == 404


def test_pages_ask_the_same_handlers(office: Office, loop: asyncio.AbstractEventLoop) -> None:
    from letrics.accounts.principal import Principal

    internal = office.internal
    reader = Principal(2, 0, frozenset({"read"}))
    status, body = loop.run_until_complete(internal.ask("POST", "/v1/contacts", b'{"per_page": 1}', reader))
    assert status == 200 and json.loads(body)["meta"]["total"] == 5
    assert loop.run_until_complete(internal.ask("GET", "/v1/contacts?per_page=0", b"", reader))[0] == 400
    assert loop.run_until_complete(internal.ask("DELETE", "/v1/contacts/ann", b"", reader))[0] == 403


def test_failures_of_pages_are_reported(office: Office, loop: asyncio.AbstractEventLoop) -> None:
    failures: list[Exception] = []
    internal = InternalApi(Table([]), LocalAuthenticator.over(office.accounts), on_failure=failures.append)
    asked = internal.ask("GET", "/v1/contacts", b"", Principal(2, 0, frozenset({"read"})))
    assert loop.run_until_complete(asked)[0] == 404
    assert [str(error) for error in failures] and isinstance(failures[0], LetricsError)


async def verified(call: Call) -> Principal:
    assert call.verify is not None
    return await call.verify()


async def nothing() -> Message:
    return {"type": "http.disconnect"}


@pytest.mark.parametrize("ended", ["session", "user"])
def test_verify_of_an_ended_session_is_refused(office: Office, tmp_path: Path, ended: str) -> None:
    """What a long response, such as an export, asks between its parts."""
    secret = Sessions(office.accounts).open(2)
    headers = [(b"cookie", f"{session_cookie(False)}={secret}".encode())]
    scope = {"method": "GET", "path": "/app/contacts", "query_string": b"", "headers": headers, "scheme": "http"}
    call = Call.of(scope, nothing)
    with AccountsDatabase(tmp_path / "accounts.db") as served:
        authenticator = LocalAuthenticator.over(served)
        asyncio.run(InternalApi(Table([]), authenticator).admit(call))
        assert asyncio.run(verified(call)) == call.principal
        if ended == "session":
            Sessions(office.accounts).end_all(2)
        else:
            People(office.accounts).disable(2)
        authenticator.forget()
        with pytest.raises(LetricsError, match="not signed in"):
            asyncio.run(verified(call))

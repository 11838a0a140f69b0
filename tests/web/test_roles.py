"""Every page and every operation of the API with every role: done, or refused with 403."""

from __future__ import annotations

import json
from typing import Final

import pytest
from starlette.routing import Route

from letrics.accounts.links import Links
from letrics.accounts.own_tokens import OwnTokens
from letrics.accounts.roles import ROLES, Role
from letrics.accounts.sessions import Sessions
from letrics.accounts.tokens import Tokens
from letrics.accounts.users import Users
from letrics.web.asgi import all_routes
from tests.api.caller import Caller
from tests.import_records import ended_import
from tests.office import ADA, BOB, EDI, PASSWORD, Office
from tests.web.browser import Browser

WHO: Final[dict[Role, str]] = {"viewer": BOB, "editor": EDI, "admin": ADA}
EVERYONE: Final = frozenset(ROLES)
EDITORS: Final[frozenset[Role]] = frozenset({"editor", "admin"})
ADMINS: Final[frozenset[Role]] = frozenset({"admin"})

OPEN: Final = {"/", "/signin", "/signin/code", "/signout", "/setup", "/invitation/{secret}", "/reset/{secret}",
               "/link/{secret}", "/static/{path:path}", "/explore"}  # fmt: skip
"""Pages without a role: for visitors, or that only lead on. The documentation is another."""

MATRIX: Final[dict[tuple[str, str], tuple[dict[str, str], frozenset[Role], int]]] = {
    ("GET", "/overview"): ({}, EVERYONE, 200),
    ("GET", "/explore/{kind}"): ({}, EVERYONE, 200),
    ("POST", "/explore/{kind}/export"): ({"format": "csv"}, EVERYONE, 200),
    ("GET", "/duplicates"): ({}, EDITORS, 200),
    ("GET", "/duplicates/{id:int}/merge"): ({}, EDITORS, 200),
    ("POST", "/duplicates/{id:int}/merge"): ({}, EDITORS, 303),
    ("POST", "/duplicates/{id:int}/dismiss"): ({}, EDITORS, 303),
    ("POST", "/duplicates/{id:int}/undo"): ({}, EDITORS, 303),
    ("GET", "/forget"): ({}, EDITORS, 200),
    ("POST", "/forget"): ({}, EDITORS, 303),
    ("GET", "/import"): ({}, EDITORS, 200),
    ("POST", "/import/paste"): ({"rows": "domain"}, EDITORS, 303),
    ("GET", "/import/templates/{kind}.csv"): ({}, EDITORS, 200),
    ("GET", "/import/uploads/{upload}"): ({}, EDITORS, 404),
    ("POST", "/import/uploads/{upload}"): ({"action": "start"}, EDITORS, 404),
    ("GET", "/import/{id:int}"): ({}, EDITORS, 200),
    ("GET", "/import/{id:int}/undo"): ({}, EDITORS, 200),
    ("POST", "/import/{id:int}/undo"): ({}, EDITORS, 200),
    ("POST", "/import/{id:int}/cancel"): ({}, EDITORS, 409),
    ("GET", "/settings"): ({}, EVERYONE, 200),
    ("POST", "/settings"): ({"name": "x"}, EVERYONE, 303),
    ("GET", "/settings/password"): ({}, EVERYONE, 200),
    ("POST", "/settings/password"): (
        {"current": PASSWORD, "password": "battery staple", "again": "battery staple"}, EVERYONE, 303),
    ("GET", "/settings/two-factor"): ({}, EVERYONE, 200),
    ("GET", "/settings/two-factor/on"): ({}, EVERYONE, 200),
    ("POST", "/settings/two-factor/on"): ({}, EVERYONE, 200),
    ("GET", "/settings/two-factor/off"): ({}, EVERYONE, 200),
    ("POST", "/settings/two-factor/off"): ({"current": PASSWORD, "code": "000000"}, EVERYONE, 400),
    ("POST", "/settings/two-factor/codes"): ({}, EVERYONE, 303),
    ("GET", "/settings/sessions"): ({}, EVERYONE, 200),
    ("GET", "/settings/sessions/others/end"): ({}, EVERYONE, 200),
    ("POST", "/settings/sessions/others/end"): ({}, EVERYONE, 303),
    ("GET", "/settings/sessions/{id:int}/end"): ({}, EVERYONE, 200),
    ("POST", "/settings/sessions/{id:int}/end"): ({}, EVERYONE, 303),
    ("GET", "/settings/tokens"): ({}, EVERYONE, 200),
    ("GET", "/settings/tokens/new"): ({}, EVERYONE, 200),
    ("POST", "/settings/tokens/new"): ({"name": "x", "scope": "read", "expires": "30"}, EVERYONE, 200),
    ("GET", "/settings/tokens/{id:int}"): ({}, EVERYONE, 200),
    ("POST", "/settings/tokens/{id:int}"): ({"name": "y"}, EVERYONE, 303),
    ("GET", "/settings/tokens/{id:int}/rotate"): ({}, EVERYONE, 200),
    ("POST", "/settings/tokens/{id:int}/rotate"): ({"overlap": "0"}, EVERYONE, 200),
    ("GET", "/settings/tokens/{id:int}/revoke"): ({}, EVERYONE, 200),
    ("POST", "/settings/tokens/{id:int}/revoke"): ({}, EVERYONE, 303),
    ("GET", "/admin/users"): ({}, ADMINS, 200),
    ("GET", "/admin/users/invite"): ({}, ADMINS, 200),
    ("POST", "/admin/users/invite"): ({"email": "dee@people.example", "role": "editor"}, ADMINS, 200),
    ("POST", "/admin/invitations/withdraw"): ({"email": "fay@people.example"}, ADMINS, 303),
    ("GET", "/admin/users/{id:int}"): ({}, ADMINS, 200),
    ("POST", "/admin/users/{id:int}/reset"): ({}, ADMINS, 200),
    ("POST", "/admin/users/{id:int}/two-factor"): ({}, ADMINS, 303),
    ("POST", "/admin/users/{id:int}/role"): ({"role": "editor"}, ADMINS, 303),
    ("GET", "/admin/users/{id:int}/disable"): ({}, ADMINS, 200),
    ("POST", "/admin/users/{id:int}/disable"): ({}, ADMINS, 303),
    ("POST", "/admin/users/{id:int}/enable"): ({}, ADMINS, 303),
    ("GET", "/admin/users/{id:int}/delete"): ({}, ADMINS, 200),
    ("POST", "/admin/users/{id:int}/delete"): ({}, ADMINS, 303),
    ("GET", "/admin/tokens"): ({}, ADMINS, 200),
    ("GET", "/admin/tokens/{id:int}/revoke"): ({}, ADMINS, 200),
    ("POST", "/admin/tokens/{id:int}/revoke"): ({}, ADMINS, 303),
}  # fmt: skip
"""By method and path: the form, the users who may send it, and the status for these users."""

WRITES: Final = {
    ("delete", "/v1/contacts/{id}"),
    ("delete", "/v1/contacts/id/{id}"),
    ("delete", "/v1/companies/{domain}"),
    ("delete", "/v1/companies/id/{domain}"),
    ("post", "/v1/contacts/upsert"),
    ("post", "/v1/companies/upsert"),
    ("get", "/v1/duplicates"),
    ("get", "/v1/duplicates/{duplicate_id}"),
    ("post", "/v1/duplicates/{duplicate_id}/merge"),
    ("post", "/v1/duplicates/{duplicate_id}/dismiss"),
    ("post", "/v1/duplicates/{duplicate_id}/undo"),
    ("get", "/v1/imports"),
    ("post", "/v1/imports"),
    ("post", "/v1/uploads"),
    ("get", "/v1/imports/{import_id}"),
    ("delete", "/v1/imports/{import_id}"),
    ("get", "/v1/imports/{import_id}/rejects"),
}
"""The operations of the API that need the scope `write`."""


def test_matrix_covers_every_page() -> None:
    paths = {
        (method, route.path)
        for route in all_routes()
        if isinstance(route, Route) and route.path not in OPEN and not route.path.startswith("/docs")
        for method in route.methods or ()
        if method != "HEAD"
    }
    assert paths == set(MATRIX)


@pytest.mark.parametrize("role", ROLES)
@pytest.mark.parametrize(("method", "path"), MATRIX)
def test_page_is_for_its_roles_alone(office: Office, method: str, path: str, role: Role) -> None:
    fields, allowed, status = MATRIX[method, path]
    other = Users(office.accounts).add("zoe@people.example", role="viewer")
    office.store.log[other.id] = ended_import(other.id)
    Links(office.accounts).invite("fay@people.example", role="viewer")
    _, token = OwnTokens(office.accounts, WHO[role]).create("x", ["read"], None)
    browser = office.signed_in(WHO[role])
    browser.get("/settings")
    target = path.replace("{kind}", "contacts").replace("{upload}", "0" * 16)
    if "/sessions/" in path:
        user = Users(office.accounts).get(WHO[role]).id
        Sessions(office.accounts).open(user, "", "192.0.2.77")
        ids = {one.address: one.id for one in Sessions(office.accounts).of(user)}
        target = target.replace("{id:int}", str(ids["192.0.2.77"]))
    if path.startswith("/duplicates/"):
        target = target.replace("{id:int}", "1") + ("?keep=ann" if path.endswith("merge") else "")
        office.store.pair_status = "dismissed" if path.endswith("undo") else "open"
    target += "?id=ann" if path == "/forget" else ""
    target = target.replace("{id:int}", str(token.id if "/tokens/" in path else other.id))
    before = state(office)
    page = browser.get(target) if method == "GET" else browser.post(target, fields)
    assert page.status == (status if role in allowed else 403), page.text
    if role not in allowed:
        assert state(office) == before


def state(office: Office) -> object:
    links = office.accounts.connection.execute("SELECT count(*) FROM link").get
    uploads = list((office.home / "uploads").glob("*"))
    return (
        Users(office.accounts).all(),
        Tokens(office.accounts).all(),
        links,
        (office.store.pair_status, dict(office.store.log), uploads),
    )


@pytest.mark.parametrize("role", ROLES)
def test_token_of_more_scopes_than_the_role_is_403(office: Office, role: Role) -> None:
    browser = office.signed_in(WHO[role])
    shown = browser.get("/settings/tokens/new")
    page = browser.post("/settings/tokens/new", {"name": "laptop", "scope": "write", "expires": "30"})
    may_write = role != "viewer"
    assert ('value="write"' in shown.html) == may_write
    assert page.status == (200 if may_write else 403)
    assert bool(Tokens(office.accounts).all()) == may_write
    if not may_write:
        assert "viewer" in page.text and 'value="laptop"' in page.html


@pytest.mark.parametrize("through", ["token", "session"])
@pytest.mark.parametrize("role", ROLES)
def test_operation_is_for_its_roles_alone(office: Office, role: Role, through: str) -> None:
    user = WHO[role]
    scopes = ("read",) if role == "viewer" else ("read", "write")
    secret, _ = Tokens(office.accounts).create(user, "x", scopes)  # type: ignore[arg-type]
    document = json.loads(Caller(office.app, office.loop).get("/openapi.json").body)
    operations = [
        (method, path)
        for path, methods in document["paths"].items()
        if path.startswith("/v1/")
        for method in methods
        if method != "parameters"
    ]
    assert set(operations) >= WRITES
    office.store.log[9] = ended_import(9)
    api, browser = Caller(office.app, office.loop, secret), office.signed_in(user)
    browser.get("/settings")
    for method, path in sorted(operations, key=lambda one: one in WRITES):
        target = (
            path.replace("{id}", "cyd")
            .replace("{domain}", "nothing.example")
            .replace("{name}", "emails")
            .replace("{import_id}", "9")
            .replace("{duplicate_id}", "1")
        )
        target += "?with_contacts=true" if (method, path) == ("delete", "/v1/companies/{domain}") else ""
        status = _call(browser, api, through, method, target)
        refused = role == "viewer" and (method, path) in WRITES
        assert (status == 403) == refused, (method, path, status)
        assert status < 500


def _call(browser: Browser, api: Caller, through: str, method: str, target: str) -> int:
    headers = {"content-type": "application/json"} if method == "post" else {}
    body = b"{}" if method == "post" else b""
    if through == "token":
        return api.call(method.upper(), target, body, headers).status
    sent = headers | {"x-csrf": browser.csrf, "sec-fetch-site": "same-origin", "accept": "application/json"}
    return browser.send(method.upper(), target.replace("/v1/", "/app/", 1), body, sent).status


@pytest.mark.parametrize("role", ROLES)
def test_invitation_gives_the_chosen_role(office: Office, role: Role) -> None:
    ada = office.signed_in(ADA)
    shown = ada.get("/admin/users/invite").text
    assert all(word in shown for word in ("Can search and export", "Can also delete", "Can also manage users"))
    page = ada.post("/admin/users/invite", {"email": "dee@people.example", "role": role})
    link = page.inner("link").removeprefix("http://letrics.example:8000")
    guest = office.browser()
    assert f"invited as a{'n' if role != 'viewer' else ''} {role}" in guest.get(link).text
    assert guest.post(link, {"password": PASSWORD, "again": PASSWORD}).status == 303
    assert Users(office.accounts).get("dee@people.example").role == role
    assert guest.get("/admin/users").status == (200 if role == "admin" else 403)


def test_invitation_of_a_former_admin_is_dead(office: Office) -> None:
    ada = office.signed_in(ADA)
    page = ada.fill("/admin/users/invite", {"email": "dee@people.example", "role": "admin"})
    link = page.inner("link").removeprefix("http://letrics.example:8000")
    Users(office.accounts).set_role(EDI, "admin")
    Users(office.accounts).set_role(ADA, "viewer")
    assert office.browser().get(link).status == 404


@pytest.mark.parametrize("role", ["", "owner", "Admin"])
def test_role_that_does_not_exist_is_400(office: Office, role: str) -> None:
    ada = office.signed_in(ADA)
    page = ada.fill("/admin/users/invite", {"email": "dee@people.example", "role": role})
    assert page.status == 400 and 'value="dee@people.example"' in page.html
    assert ada.post("/admin/users/2/role", {"role": role}).status == 400
    assert Users(office.accounts).get(BOB).role == "viewer"


def test_role_lowered_by_the_page_lowers_tokens(office: Office) -> None:
    secret, _ = Tokens(office.accounts).create(EDI, "x", ["read", "write"])
    ada = office.signed_in(ADA)
    ada.get("/admin/users/3")
    assert ada.post("/admin/users/3/role", {"role": "viewer"}).location == "/admin/users/3?done=user-role"
    assert office.ask(secret) == 200
    refused = Caller(office.app, office.loop, secret).call("DELETE", "/v1/contacts/ann")
    assert refused.status == 403
    assert "viewer" in ada.get("/admin/users").text

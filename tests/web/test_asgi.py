"""What every page has: the policy, forms from our own pages alone, values as text, errors in the layout."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from letrics.accounts.database import AccountsDatabase
from letrics.accounts.links import Links
from letrics.accounts.own_tokens import OwnTokens
from letrics.accounts.people import People
from letrics.accounts.users import Users
from letrics.store.base import StoreAway
from letrics.web.headers import CSP
from tests.office import ADA, BOB, PASSWORD, Office, opened

FOR_ALL = ["/signin", "/nothing", "/docs"]
FOR_MEMBERS = ["/overview", "/settings", "/settings/password", "/settings/sessions", "/settings/sessions/others/end",
               "/settings/tokens", "/settings/tokens/new"]  # fmt: skip
FOR_ADMINS = ["/admin/users", "/admin/users/invite", "/admin/users/1", "/admin/users/1/disable",
              "/admin/users/1/delete", "/admin/tokens", "/admin/tokens/1/revoke"]  # fmt: skip
HOSTILE = "<script>alert(1)</script>\"'><img src=x onerror=alert(1)>{{7*7}}"


class TestText:
    def test_html_in_values_is_shown_as_text(self, office: Office) -> None:
        browser = office.signed_in(ADA)
        ada = Users(office.accounts).get(ADA).id
        People(office.accounts).rename(ada, HOSTILE)
        secret, made = OwnTokens(office.accounts, ADA).create(HOSTILE, ["read"], None)
        agent = office.browser()
        agent.get("/signin")
        agent.post("/signin", {"email": ADA, "password": PASSWORD}, {"user-agent": HOSTILE})
        pages = [
            browser.get(target)
            for target in ("/settings", "/settings/tokens", f"/settings/tokens/{made.id}", "/settings/sessions",
                           f"/settings/tokens/{made.id}/rotate", f"/settings/tokens/{made.id}/revoke", "/admin/tokens",
                           "/overview", f"/admin/users/{ada}", "/admin/users?q=%3Cscript%3Ealert(1)%3C/script%3E",
                           "/setup?code=%3Cscript%3Ealert(1)", "/%3Cscript%3Ealert(1)%3C/script%3E",
                           "/settings?done=%3Cscript%3Ealert(1)")
        ]  # fmt: skip
        browser.get("/settings/tokens/new")
        for target, fields in (
            ("/settings/tokens/new", {"name": HOSTILE * 9, "scope": HOSTILE, "expires": HOSTILE, "date": HOSTILE}),
            (f"/settings/tokens/{made.id}", {"name": HOSTILE * 9}),
            ("/settings", {"name": HOSTILE * 9}),
            ("/admin/users/invite", {"email": HOSTILE, "role": HOSTILE}),
            (f"/settings/tokens/{made.id}/rotate", {"overlap": "7d"}),
        ):
            pages.append(browser.post(target, fields))
        stranger = office.browser()
        stranger.get("/signin")
        pages.append(stranger.post("/signin", {"email": HOSTILE, "password": HOSTILE}))
        for page in pages:
            assert "<script>" not in page.html and "<img src=x" not in page.html and "49" not in page.text.split(), (
                page.html
            )
            assert secret not in page.html
        assert any("{{7*7}}" in page.text for page in pages)

    @pytest.mark.parametrize("host", ["evil.example\"'><b>", "a b", "", "x;y", "évil"])
    def test_a_hostile_host_is_not_shown(self, office: Office, host: str) -> None:
        browser = office.signed_in(BOB)
        browser.get("/settings/tokens/new")
        page = browser.post(
            "/settings/tokens/new", {"name": "x", "scope": "read", "expires": "30"}, {"host": host or "\t"}
        )
        assert "curl -s http://127.0.0.1:80/v1/contacts" in page.text.replace("\n", " ")


async def bug(_: Request) -> Response:
    raise RuntimeError("secret words")


async def away(_: Request) -> Response:
    raise StoreAway("the disk is gone")


@pytest.fixture
def failing(loop: asyncio.AbstractEventLoop, accounts: AccountsDatabase, tmp_path: Path) -> Iterator[Office]:
    """A service with two pages that fail."""
    Users(accounts).add(ADA, password=PASSWORD)
    routes = [Route("/bug", bug), Route("/away", away)]
    with opened(loop, accounts, tmp_path / "accounts.db", routes=routes) as office:
        yield office


class TestFailures:
    def test_people_get_a_page_and_programs_the_envelope(self, office: Office) -> None:
        browser = office.browser()
        page = browser.get("/nothing")
        assert page.status == 404 and "<h1>Not found</h1>" in page.html
        program = browser.get("/nothing", {"accept": "application/json"})
        assert program.status == 404 and program.reply.json["errors"][0]["id"] == "not_found"

    def test_a_bug_names_the_request_and_nothing_else(self, failing: Office) -> None:
        page = failing.signed_in(ADA).get("/bug")
        assert page.status == 500 and "secret words" not in page.html and "Traceback" not in page.html
        assert page.reply.headers["x-request-id"] in page.html
        assert page.reply.headers["content-security-policy"] == CSP

    def test_accounts_that_are_away_are_503(self, failing: Office) -> None:
        page = failing.signed_in(ADA).get("/away")
        assert page.status == 503 and "disk" not in page.html
        assert page.reply.headers["retry-after"]


def test_the_api_never_takes_a_cookie(office: Office) -> None:
    browser = office.signed_in(ADA)
    csrf = browser.get("/settings").csrf
    for target in ("/v1/contacts", "/v1/companies/acme.example"):
        assert browser.get(target).status == 401
    assert browser.send("POST", "/v1/contacts", b"{}", {"x-csrf": csrf}).status == 401


def test_links_are_not_told_apart_by_their_answer(office: Office) -> None:
    used = Links(office.accounts).sign_in(BOB)
    office.browser().fill(used)
    texts = {
        re.sub(r"csrf[^>]*>|X-CSRF[^>]*>", "", office.browser().get(path).html) for path in (used, "/link/never-was")
    }
    assert len(texts) == 1

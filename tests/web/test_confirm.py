"""Confirming who is there: after a quarter of an hour, changes that give access ask for the password again."""

from __future__ import annotations

import logging
import re
from html import unescape
from typing import Final

import pytest

from letrics.accounts.links import Links
from letrics.accounts.own_tokens import OwnTokens
from letrics.accounts.throttle import FREE_BY_ACCOUNT
from letrics.accounts.tokens import Tokens
from letrics.accounts.users import Users
from letrics.web.confirm import PROOF, RECENT_MS
from tests.office import ADA, BOB, PASSWORD, Office
from tests.web.browser import Browser, Page

ZOE: Final = "zoe@people.example"
ASKED: Final = {
    "/settings/tokens/new": ({"name": "laptop", "scope": "read", "expires": "30"}, 200),
    "/settings/tokens/1/rotate": ({"overlap": "0"}, 200),
    "/admin/users/invite": ({"email": "dee@people.example", "role": "editor"}, 200),
    "/admin/users/4/role": ({"role": "editor"}, 303),
    "/admin/users/4/reset": ({}, 200),
    "/admin/users/4/enable": ({}, 303),
}
"""What asks again: the form, and the status when it is done."""

NOT_ASKED: Final = {
    "/settings/tokens/1/revoke": {},
    "/settings/tokens/1": {"name": "y"},
    "/admin/tokens/1/revoke": {},
    "/admin/invitations/withdraw": {"email": "fay@people.example"},
    "/settings": {"name": "Ada"},
    "/settings/sessions/others/end": {},
    "/admin/users/3/role": {"role": "viewer"},
    "/admin/users/4/role": {"role": "viewer"},
    "/admin/users/4/disable": {},
    "/admin/users/4/delete": {},
}
"""What takes access away, or gives none, does not ask."""

TOKEN: Final = "/settings/tokens/new"
FIELDS: Final = {"name": "a “name” & <more>", "scope": "read", "expires": "date", "date": "2099-05-01"}


@pytest.fixture
def ada(office: Office) -> Browser:
    """An admin who signed in just now, with a token; there are a viewer, zoe, and an invitation of fay."""
    Users(office.accounts).add(ZOE, role="viewer")
    Links(office.accounts).invite("fay@people.example", role="viewer")
    OwnTokens(office.accounts, ADA).create("x", ["read"], None)
    browser = office.signed_in(ADA)
    browser.get("/settings")
    return browser


def hidden(page: Page) -> dict[str, str]:
    """The hidden fields of the page's form, as a browser would send them."""
    found = re.findall(r'<input type="hidden" name="([^"]+)" value="([^"]*)">', page.html)
    return {unescape(name): unescape(value) for name, value in found if name != "csrf"}


def state(office: Office) -> object:
    links = office.accounts.connection.execute("SELECT count(*) FROM link").get
    return Users(office.accounts).all(), Tokens(office.accounts).all(), links


@pytest.mark.parametrize("target", ASKED)
def test_post_within_15_minutes_does_not_ask(office: Office, ada: Browser, target: str) -> None:
    office.ahead_ms = RECENT_MS - 60_000
    fields, status = ASKED[target]
    assert ada.post(target, fields).status == status


@pytest.mark.parametrize("target", ASKED)
def test_post_after_15_minutes_asks_and_goes_on(office: Office, ada: Browser, target: str) -> None:
    office.ahead_ms = RECENT_MS + 1
    fields, status = ASKED[target]
    before = state(office)
    page = ada.post(target, fields)
    assert page.status == 401 and "Confirm it is you" in page.text
    assert state(office) == before
    assert hidden(page) == fields
    assert ada.post(target, {**hidden(page), PROOF: PASSWORD}).status == status
    assert state(office) != before or target == "/admin/users/4/enable"


@pytest.mark.parametrize("target", NOT_ASKED)
def test_post_that_gives_no_access_does_not_ask(office: Office, ada: Browser, target: str) -> None:
    office.ahead_ms = RECENT_MS + 1
    assert ada.post(target, NOT_ASKED[target]).status == 303


def test_confirm_keeps_every_field(office: Office, ada: Browser) -> None:
    office.ahead_ms = RECENT_MS + 1
    page = ada.post(TOKEN, FIELDS)
    again = ada.post(TOKEN, {**hidden(page), PROOF: "wrong password"})
    assert again.status == 401 and "The password is wrong" in again.text
    assert hidden(page) == hidden(again) == FIELDS
    assert "wrong password" not in again.html
    assert ada.post(TOKEN, {**hidden(again), PROOF: PASSWORD}).status == 200
    made = Tokens(office.accounts).all()[-1]
    assert (made.name, made.expires_at) == (FIELDS["name"], "2099-05-01T23:59:59.999Z")


def test_confirm_lasts_15_minutes_more(office: Office, ada: Browser) -> None:
    office.ahead_ms = RECENT_MS + 1
    assert ada.post(TOKEN, {**FIELDS, PROOF: PASSWORD}).status == 200
    assert ada.post(TOKEN, FIELDS).status == 200
    office.ahead_ms += RECENT_MS - 60_000
    assert ada.post(TOKEN, FIELDS).status == 200
    office.ahead_ms += 60_001
    assert ada.post(TOKEN, FIELDS).status == 401


def test_confirm_is_for_one_session(office: Office, ada: Browser) -> None:
    other = office.signed_in(ADA)
    other.get("/settings")
    office.ahead_ms = RECENT_MS + 1
    assert ada.post(TOKEN, {**FIELDS, PROOF: PASSWORD}).status == 200
    assert other.post(TOKEN, FIELDS).status == 401


def test_confirm_needs_the_form_token(office: Office, ada: Browser) -> None:
    office.ahead_ms = RECENT_MS + 1
    for csrf, headers in (("", {}), ("x", {}), (None, {"sec-fetch-site": "cross-site"})):
        assert ada.post(TOKEN, {**FIELDS, PROOF: PASSWORD}, headers, csrf).status == 403
    assert ada.post(TOKEN, FIELDS).status == 401


def test_confirm_is_throttled_by_session(office: Office, ada: Browser) -> None:
    office.ahead_ms = RECENT_MS + 1
    for _ in range(FREE_BY_ACCOUNT):
        assert ada.post(TOKEN, {**FIELDS, PROOF: "wrong password"}).status == 401
    office.accounts.connection.execute(
        "UPDATE attempt SET blocked_until = blocked_until + 60000"
    )  # however slow we are
    page = ada.post(TOKEN, {**FIELDS, PROOF: PASSWORD})
    assert page.status == 429 and int(page.reply.headers["retry-after"]) >= 1
    assert hidden(page) == FIELDS
    other = office.signed_in(ADA)
    other.get("/settings")
    office.ahead_ms += RECENT_MS
    assert other.post(TOKEN, {**FIELDS, PROOF: PASSWORD}).status == 200


def test_confirm_succeeds_despite_failed_sign_ins(office: Office, ada: Browser) -> None:
    office.ahead_ms = RECENT_MS + 1
    stranger = office.browser()
    while stranger.sign_in(ADA, "wrong password").status != 429:
        pass
    assert ada.post(TOKEN, {**FIELDS, PROOF: PASSWORD}).status == 200


def test_confirmed_password_leaves_sign_in_throttled(office: Office, ada: Browser) -> None:
    stranger = office.browser()
    while stranger.sign_in(ADA, "wrong password").status != 429:
        pass
    office.ahead_ms = RECENT_MS + 1
    office.accounts.connection.execute("UPDATE attempt SET blocked_until = blocked_until + 60000")
    assert ada.post(TOKEN, {**FIELDS, PROOF: PASSWORD}).status == 200
    assert stranger.sign_in(ADA, PASSWORD).status == 429


def test_confirm_does_not_come_before_the_role(office: Office) -> None:
    bob = office.signed_in(BOB)
    bob.get("/settings")
    office.ahead_ms = RECENT_MS + 1
    page = bob.post("/admin/users/invite", {"email": "x@people.example", "role": "admin", PROOF: PASSWORD})
    assert page.status == 403


def test_confirm_never_logs_the_password(office: Office, ada: Browser, caplog: pytest.LogCaptureFixture) -> None:
    office.ahead_ms = RECENT_MS + 1
    with caplog.at_level(logging.DEBUG):
        ada.post(TOKEN, {**FIELDS, PROOF: "wrong password"})
        ada.post(TOKEN, {**FIELDS, PROOF: PASSWORD})
    assert "wrong password" not in caplog.text and PASSWORD not in caplog.text


class TestWithoutPassword:
    """A user who has no password and came by a link."""

    @pytest.fixture
    def zoe(self, office: Office, ada: Browser) -> Browser:
        browser = office.browser()
        browser.fill(Links(office.accounts).sign_in(ZOE))
        browser.get("/settings")
        office.ahead_ms = RECENT_MS + 1
        return browser

    def test_confirm_takes_a_new_link(self, office: Office, zoe: Browser) -> None:
        page = zoe.post(TOKEN, FIELDS)
        assert page.status == 401 and f"letrics user link {ZOE}" in page.text
        link = "http://letrics.example:8000" + Links(office.accounts).sign_in(ZOE)
        assert zoe.post(TOKEN, {**hidden(page), PROOF: f" {link} "}).status == 200
        office.ahead_ms += RECENT_MS + 1
        assert zoe.post(TOKEN, {**FIELDS, PROOF: link}).status == 401, "a link works once"

    def test_confirm_refuses_other_links(self, office: Office, zoe: Browser) -> None:
        theirs, reset = Links(office.accounts).sign_in(ADA), Links(office.accounts).reset(ZOE)
        for given in (theirs, reset, "/link/none", "x", PASSWORD):
            page = zoe.post(TOKEN, {**FIELDS, PROOF: given})
            assert page.status == 401 and hidden(page) == FIELDS
        assert office.browser().fill(theirs).status == 303, "it was not used up"

    def test_first_password_asks_before_its_form(self, office: Office, zoe: Browser) -> None:
        page = zoe.get("/settings/password")
        assert page.status == 200 and "Confirm it is you" in page.text and "New password" not in page.text
        assert 'href="/settings">Cancel' in page.html
        page = zoe.post("/settings/password", {**hidden(page), PROOF: Links(office.accounts).sign_in(ZOE)})
        assert page.status == 200 and "Confirm new password" in page.text
        assert not Users(office.accounts).get(ZOE).has_password
        chosen = {"password": "battery staple", "again": "battery staple"}
        assert zoe.post("/settings/password", chosen).status == 303
        assert Users(office.accounts).get(ZOE).has_password

    def test_first_password_is_in_no_page(self, office: Office, zoe: Browser) -> None:
        chosen = {"password": "battery staple", "again": "battery staple"}
        for proof in ({}, {PROOF: "x"}):
            page = zoe.post("/settings/password", {**chosen, **proof})
            assert page.status == 401 and "battery" not in page.html
        assert not Users(office.accounts).get(ZOE).has_password

"""Coming in: set-up, sign-in, sign-out, links; and what a session's cookie is like."""

from __future__ import annotations

import asyncio
import re
from http.cookies import SimpleCookie
from pathlib import Path
from typing import Literal

import argon2
import pytest

from letrics.accounts.database import AccountsDatabase
from letrics.accounts.links import Links
from letrics.accounts.own_tokens import OwnTokens
from letrics.accounts.people import People
from letrics.accounts.sessions import Sessions
from letrics.accounts.throttle import FREE_BY_ACCOUNT, FREE_BY_ADDRESS
from letrics.accounts.users import Users
from tests.office import ADA, BOB, PASSWORD, Office, opened
from tests.web.browser import Browser, Page
from tests.web.elements import Elements

NEW = {"email": ADA, "password": PASSWORD, "again": PASSWORD}


def inside(browser: Browser) -> bool:
    return browser.get("/settings").status == 200


def focused(page: Page) -> list[str]:
    """The names of the boxes that take the focus when the page is opened."""
    return [a["name"] for a in Elements(page.html).of("input") if "autofocus" in a]


class CountingHasher(argon2.PasswordHasher):
    """Remembers the hashes that passwords were compared with."""

    def __init__(self) -> None:
        super().__init__(time_cost=1, memory_cost=8, parallelism=1)
        self.checked: list[str | bytes] = []

    def verify(self, hash: str | bytes, password: str | bytes) -> Literal[True]:
        self.checked.append(hash)
        return super().verify(hash, password)


class TestSetUp:
    def test_first_page_leads_there_and_code_makes_one_admin(self, empty: Office) -> None:
        code = Links(empty.accounts).make_setup_code()
        browser = empty.browser()
        assert browser.get("/").location == "/setup"
        late = empty.browser()
        late.get("/setup")
        done = browser.fill("/setup", {"code": f" {code} ".lower(), **NEW})
        assert (done.status, done.location) == (303, "/settings/tokens?done=welcome")
        assert Users(empty.accounts).get(ADA).role == "admin"
        assert browser.get("/admin/users").status == 200
        assert browser.get("/setup").status == 404
        assert late.post("/setup", {"code": code, **NEW, "email": BOB}).status == 404
        assert [user.email for user in Users(empty.accounts).all()] == [ADA]
        assert Links(empty.accounts).make_setup_code() is None

    def test_a_wrong_code(self, empty: Office) -> None:
        old = Links(empty.accounts).make_setup_code()
        Links(empty.accounts).make_setup_code()
        for code in ("", "AAAA-AAAA-AAAA", old):
            page = empty.browser().fill("/setup", {"code": code, **NEW})
            assert page.status == 400 and "not the set-up code" in page.text
        assert Users(empty.accounts).all() == []

    def test_setup_wrong_code_focuses_it_and_keeps_the_rest(self, empty: Office) -> None:
        assert focused(empty.browser().get("/setup")) == ["code"]
        assert focused(empty.browser().get("/setup?code=AAAA")) == ["email"]
        page = empty.browser().fill("/setup", {"code": "AAAA-AAAA-AAAA", **NEW})
        assert focused(page) == ["code"]
        values = {a["name"]: a.get("value", "") for a in Elements(page.html).of("input") if a.get("type") != "hidden"}
        assert values == {"code": "AAAA-AAAA-AAAA", "email": NEW["email"], "password": "", "again": ""}

    @pytest.mark.parametrize(
        ("fields", "said"),
        [({"password": "short", "again": "short"}, "at least 10"), ({"again": "other"}, "do not match"),
         ({"password": "iloveyou123", "again": "iloveyou123"}, "data breaches"), ({"email": "ada"}, "email")],
    )  # fmt: skip
    def test_what_is_wrong_is_said_and_the_code_stays_good(
        self, empty: Office, fields: dict[str, str], said: str
    ) -> None:
        code = Links(empty.accounts).make_setup_code()
        page = empty.browser().fill("/setup", {"code": code, **NEW, **fields})
        assert page.status == 400 and said in page.text
        assert focused(page) == ["email" if "email" in fields else "password"]
        assert empty.browser().fill("/setup", {"code": code, **NEW}).status == 303

    def test_guessing_is_throttled(self, empty: Office) -> None:
        for _ in range(FREE_BY_ACCOUNT):
            empty.browser().fill("/setup", {"code": "X", **NEW})
        assert empty.browser().fill("/setup", {"code": "X", **NEW}).status == 429


class TestSignIn:
    def test_in_and_out(self, office: Office) -> None:
        browser = office.browser()
        assert browser.get("/").location == "/signin"
        assert browser.get("/settings/tokens?x=1").location == "/signin?next=/settings/tokens%3Fx%3D1"
        page = browser.fill(
            "/signin?next=/settings/tokens%3Fx%3D1", {"email": " ADA@People.Example", "password": PASSWORD}
        )
        assert (page.status, page.location) == (303, "/settings/tokens?x=1")
        assert browser.get("/").location == "/overview"
        assert browser.get("/signin").location == "/"
        held = dict(browser.jar)
        browser.get("/settings")
        out = browser.post("/signout")
        assert out.location == "/signin?done=signed-out"
        assert "letrics_session" not in browser.jar
        browser.jar = held
        assert not inside(browser), "the session itself is gone, not the cookie alone"

    def test_signing_out_needs_a_form(self, office: Office) -> None:
        browser = office.signed_in(ADA)
        assert browser.get("/signout").status == 405
        assert inside(browser)

    def test_nobody_learns_whether_an_account_exists(self, office: Office) -> None:
        Users(office.accounts).add("none@people.example")
        Users(office.accounts).add("off@people.example", password=PASSWORD)
        Users(office.accounts).disable("off@people.example")
        pages = {}
        for email in (BOB, "nobody@people.example", "none@people.example", "off@people.example", "", "x" * 5000):
            browser = office.browser()
            page = browser.sign_in(email, "wrong password")
            shown = page.html.replace(email, "EMAIL") if email else page.html
            pages[email] = re.sub(r'value="EMAIL"|value=""| autofocus|csrf[^>]*>|"X-CSRF[^>]*>', "", shown)
            assert page.status == 401
        assert len(set(pages.values())) == 1
        assert office.browser().sign_in("off@people.example", PASSWORD).status == 401

    def test_an_unknown_account_costs_one_hash_like_a_known_one(
        self, loop: asyncio.AbstractEventLoop, accounts: AccountsDatabase, tmp_path: Path
    ) -> None:
        Users(accounts).add(BOB, password=PASSWORD)
        stored = accounts.connection.execute("SELECT password_hash FROM user").get
        hasher = CountingHasher()
        with opened(loop, accounts, tmp_path / "accounts.db", hasher=hasher) as office:
            office.browser().sign_in("nobody@people.example", "wrong password")
            office.browser().sign_in(BOB, "wrong password")
        assert [checked == stored for checked in hasher.checked] == [False, True]

    def test_the_session_s_id_is_new_at_sign_in(self, office: Office) -> None:
        browser = office.browser()
        browser.jar["letrics_session"] = planted = "A" * 43
        browser.sign_in(BOB, PASSWORD)
        first = browser.jar["letrics_session"]
        assert first != planted
        browser.get("/settings")
        browser.jar["letrics_session"] = first
        # Signing in again, by a link, ends the session that was there.
        link = Links(office.accounts).sign_in(ADA)
        browser.fill(link)
        assert browser.jar["letrics_session"] != first
        assert "Ada" not in browser.get("/settings").text and ADA in browser.get("/settings").html
        other = office.browser()
        other.jar["letrics_session"] = first
        assert not inside(other)

    def test_the_cookie(self, office: Office) -> None:
        plain = office.browser()
        plain.get("/signin")
        known, line = plain.post("/signin", {"email": BOB, "password": PASSWORD}).cookies
        morsel = SimpleCookie(known)["letrics_browser"]
        assert (morsel["httponly"], morsel["samesite"].lower(), morsel["max-age"]) == (True, "lax", str(180 * 86_400))
        morsel = SimpleCookie(line)["letrics_session"]
        assert (morsel["httponly"], morsel["samesite"].lower(), morsel["path"]) == (True, "lax", "/")
        assert (morsel["secure"], morsel["domain"], morsel["max-age"]) == ("", "", str(30 * 86_400))
        assert re.fullmatch(r"[\w-]{43}", morsel.value)
        safe = office.browser(scheme="https")
        safe.get("/signin")
        known, line = safe.post("/signin", {"email": BOB, "password": PASSWORD}).cookies
        morsel = SimpleCookie(known)["__Host-letrics-browser"]
        assert (morsel["httponly"], morsel["secure"], morsel["path"], morsel["domain"]) == (True, True, "/", "")
        morsel = SimpleCookie(line)["__Host-letrics"]
        assert (morsel["httponly"], morsel["secure"], morsel["path"], morsel["domain"]) == (True, True, "/", "")
        assert inside(safe)

    def test_https_by_the_settings(
        self, loop: asyncio.AbstractEventLoop, accounts: AccountsDatabase, tmp_path: Path
    ) -> None:
        """A proxy that does not say so: the request looks plain, and the cookie is Secure all the same."""
        Users(accounts).add(BOB, password=PASSWORD)
        with opened(loop, accounts, tmp_path / "accounts.db", https=True) as office:
            browser = office.signed_in(BOB)
            names = {"__Host-letrics", "__Host-letrics-form", "__Host-letrics-browser"}
            assert set(browser.jar) == names and inside(browser)
            page = browser.fill("/settings/tokens/new", {"name": "x", "scope": "read", "expires": "30"})
            assert "https://letrics.example:8000/v1/contacts" in page.inner("curl")

    def test_a_plain_cookie_is_not_taken_over_https(self, office: Office) -> None:
        plain = office.signed_in(BOB)
        safe = office.browser(scheme="https")
        safe.jar = dict(plain.jar)
        assert not inside(safe)

    def test_the_secret_is_not_kept(self, office: Office, tmp_path: object) -> None:
        browser = office.signed_in(BOB)
        secret = browser.jar["letrics_session"].encode()
        for (name,) in office.accounts.connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'"):
            for row in office.accounts.connection.execute(f'SELECT * FROM "{name}"'):
                assert all(secret not in (v if isinstance(v, bytes) else str(v).encode()) for v in row)

    @pytest.mark.parametrize("secret", ["", "x", "A" * 43, "../" * 14, "é" * 43, "A" * 5000])
    def test_invented_sessions(self, office: Office, secret: str) -> None:
        browser = office.browser()
        browser.jar["letrics_session"] = secret
        assert not inside(browser)

    def test_sessions_end_with_their_user_and_by_themselves(self, office: Office) -> None:
        browser = office.signed_in(BOB)
        bob = Users(office.accounts).get(BOB).id
        People(office.accounts).disable(bob)
        office.browser().get("/")  # what is written here makes the server look again at once
        assert not inside(browser)
        People(office.accounts).enable(bob)
        assert not inside(browser), "enabling brings no session back"
        for column in ("ends_at", "last_seen_at"):
            browser = office.signed_in(BOB)
            office.accounts.connection.execute(f"UPDATE session SET {column} = 1000")
            office.browser().get("/")
            assert not inside(browser)
            assert Sessions(office.accounts).of(bob) == []


class TestThrottle:
    def test_at_the_page_and_whether_or_not_the_account_exists(self, office: Office) -> None:
        for email in (BOB, "nobody@people.example"):
            for _ in range(FREE_BY_ACCOUNT):
                assert office.browser(address="192.0.2.9").sign_in(email, "wrong password").status == 401
            # The first wait is a second, which a busy machine may need for one page.
            later = "UPDATE attempt SET blocked_until = blocked_until + 60000 WHERE blocked_until > last_at"
            office.accounts.connection.execute(later)
            page = office.browser(address="192.0.2.9").sign_in(email, PASSWORD)
            assert page.status == 429 and int(page.reply.headers["retry-after"]) >= 1
            assert "Too many attempts" in page.text
        office.signed_in(ADA)

    def test_owner_comes_in_whatever_others_try(self, office: Office) -> None:
        bob = office.signed_in(BOB, address="192.0.2.9")
        bob.post("/signout")
        for _ in range(FREE_BY_ADDRESS + 5):
            office.browser(address="192.0.2.9").sign_in(BOB, "wrong password")
        later = "UPDATE attempt SET blocked_until = blocked_until + 60000 WHERE blocked_until > last_at"
        office.accounts.connection.execute(later)
        assert office.browser(address="192.0.2.9").sign_in(BOB, PASSWORD).status == 429
        assert office.browser(address="192.0.2.10").sign_in(BOB, PASSWORD).status == 303, "another address"
        link = office.browser(address="192.0.2.9")
        assert link.fill(Links(office.accounts).sign_in(BOB)).status == 303 and inside(link), "a sign-in link"
        assert bob.sign_in(BOB, PASSWORD).status == 303 and inside(bob), "a browser that Bob has used before"

    def test_success_forgets_the_failures(self, office: Office) -> None:
        for _ in range(3):
            for _ in range(FREE_BY_ACCOUNT - 1):
                office.browser().sign_in(BOB, "wrong password")
            office.signed_in(BOB)


class TestLinks:
    def test_an_invitation_is_good_once(self, office: Office) -> None:
        link = Links(office.accounts).invite("Cyd@People.Example")
        browser = office.browser()
        assert "cyd@people.example" in browser.get(link).html
        assert browser.post(link, {"password": "short", "again": "short"}).status == 400
        refused = browser.post(link, {"password": "iloveyou123", "again": "iloveyou123"})
        assert refused.status == 400 and "data breaches" in refused.text
        assert browser.fill(link, {"password": PASSWORD, "again": PASSWORD}).location == "/"
        assert inside(browser)
        assert Users(office.accounts).get("cyd@people.example").role == "viewer"
        assert office.browser().get(link).status == 404
        office.signed_in("cyd@people.example")

    def test_reset_ends_sessions_and_newer_link_replaces_older(self, office: Office) -> None:
        browser = office.signed_in(BOB)
        old, link = Links(office.accounts).reset(BOB), Links(office.accounts).reset(BOB)
        assert office.browser().get(old).status == 404
        other = office.browser()
        assert other.fill(link, {"password": "battery staple", "again": "battery staple"}).status == 303
        assert inside(other) and not inside(browser)
        assert office.browser().get(link).status == 404
        assert office.browser().sign_in(BOB, PASSWORD).status == 401
        assert office.browser().sign_in(BOB, "battery staple").status == 303

    def test_reset_with_tokens_leads_to_their_review(self, office: Office) -> None:
        OwnTokens(office.accounts, BOB).create("laptop", ["read"], None)
        browser, new = office.browser(), {"password": "battery staple", "again": "battery staple"}
        page = browser.fill(Links(office.accounts).reset(BOB), new)
        assert page.location == "/settings/tokens?done=password-tokens"
        assert "API tokens stay valid" in browser.get(page.location).text

    def test_a_sign_in_link_does_nothing_until_it_is_confirmed(self, office: Office) -> None:
        link = Links(office.accounts).sign_in(BOB)
        for _ in range(3):
            assert office.browser().get(link).status == 200, "mail programs look at links"
        browser = office.browser()
        assert browser.fill(link).status == 303 and inside(browser)
        assert office.browser().get(link).status == 404

    def test_links_expire_and_are_not_exchangeable(self, office: Office) -> None:
        links = Links(office.accounts)
        reset, enter = links.reset(BOB), links.sign_in(BOB)
        assert office.browser().get(enter.replace("/link/", "/reset/")).status == 404
        assert office.browser().get(reset.replace("/reset/", "/link/")).status == 404
        office.accounts.connection.execute("UPDATE link SET expires_at = 1000")
        assert office.browser().get(reset).status == office.browser().get(enter).status == 404
        disabled = links.sign_in(BOB)
        Users(office.accounts).disable(BOB)
        assert office.browser().get(disabled).status == 404


def test_the_sign_in_page_sends_nobody_elsewhere(office: Office) -> None:
    for text in ("//evil.example", "/%5cevil.example", "https://evil.example"):
        page = office.browser().fill(f"/signin?next={text}", {"email": BOB, "password": PASSWORD})
        assert (page.status, page.location) == (303, "/")

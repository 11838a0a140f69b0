"""API tokens in the settings: made, shown once, renamed, rotated, revoked; and only one's own."""

from __future__ import annotations

import shlex

import pytest

from letrics.accounts.database import now_ms
from letrics.accounts.own_tokens import OwnTokens
from letrics.accounts.tokens import Tokens
from letrics.normalize.time import DAY_MS, parse_time
from tests.office import ADA, BOB, EDI, Office
from tests.web.browser import Browser

NEW = {"name": "laptop", "scope": "read", "expires": "90", "date": ""}


@pytest.fixture
def edi(office: Office) -> Browser:
    return office.signed_in(EDI)


def make(browser: Browser, **fields: str) -> str:
    page = browser.fill("/settings/tokens/new", NEW | fields)
    assert page.status == 200, page.text
    return page.inner("secret")


def left(office: Office, id: int) -> float:
    """The remaining lifetime of a token, in days."""
    expiry = Tokens(office.accounts).get(id).expires_at
    assert expiry is not None
    return (parse_time(expiry) - now_ms()) / DAY_MS


class TestCreate:
    def test_the_secret_is_shown_once_and_works(self, office: Office, bob: Browser) -> None:
        assert "No API tokens yet" in bob.get("/settings/tokens").text
        page = bob.fill("/settings/tokens/new", NEW)
        secret = page.inner("secret")
        assert page.reply.headers["cache-control"] == "no-store" and page.location == ""
        assert office.ask(secret) == 200
        words = shlex.split(page.inner("curl"))
        assert words[:3] == ["curl", "-s", "http://letrics.example:8000/v1/contacts"]
        assert f"Authorization: Bearer {secret}" in words
        listed = bob.get("/settings/tokens")
        assert secret not in listed.html and f"ltr_…{secret[-4:]}" in listed.text and "active" in listed.text
        assert secret not in bob.get("/settings/tokens/1").html

    def test_curl_names_the_address_that_people_use(self, office: Office) -> None:
        browser = office.signed_in(BOB, scheme="https", host="search.people.example")
        page = browser.fill("/settings/tokens/new", NEW)
        assert "https://search.people.example/v1/contacts" in page.inner("curl")

    @pytest.mark.parametrize(("choice", "days"), [("30", 30), ("90", 90), ("365", 365)])
    def test_expiry_in_days(self, office: Office, bob: Browser, choice: str, days: int) -> None:
        make(bob, expires=choice)
        assert left(office, 1) == pytest.approx(days, abs=0.01)

    def test_expiry_at_a_day_or_never(self, office: Office, bob: Browser) -> None:
        make(bob, expires="date", date="2099-05-01")
        make(bob, expires="never")
        assert Tokens(office.accounts).get(1).expires_at == "2099-05-01T23:59:59.999Z"
        assert Tokens(office.accounts).get(2).expires_at is None

    def test_scopes(self, office: Office, edi: Browser) -> None:
        make(edi, scope="write")
        make(edi)
        assert [token.scopes for token in Tokens(office.accounts).all()] == [("read", "write"), ("read",)]

    @pytest.mark.parametrize(
        ("fields", "said"),
        [({"name": " "}, "name"), ({"name": "x" * 101}, "100"), ({"scope": "all"}, "a scope for the token"),
         ({"expires": "1"}, "expires"),
         ({"expires": "date"}, "the expiry date of"), ({"expires": "date", "date": "2020-01-01"}, "future"),
         ({"expires": "date", "date": "soon"}, "timestamp"), ({"expires": "date", "date": "2026-02-31"}, "not exist")],
    )  # fmt: skip
    def test_what_cannot_be_is_said_beside_what_was_given(
        self, office: Office, bob: Browser, fields: dict[str, str], said: str
    ) -> None:
        page = bob.fill("/settings/tokens/new", NEW | fields)
        assert page.status == 400 and said in page.text
        assert f'value="{fields.get("name", "laptop")}"' in page.html
        assert Tokens(office.accounts).all() == []


class TestLife:
    def test_rename(self, office: Office, bob: Browser) -> None:
        make(bob)
        bob.fill("/settings/tokens/1", {"name": "desktop"})
        assert Tokens(office.accounts).get(1).name == "desktop"
        assert bob.post("/settings/tokens/1", {"name": ""}).status == 400

    def test_revoke_asks_and_then_refuses(self, office: Office, bob: Browser) -> None:
        secret = make(bob)
        assert "Revoke “laptop”?" in bob.get("/settings/tokens/1/revoke").text
        assert office.ask(secret) == 200
        assert bob.post("/settings/tokens/1/revoke").location == "/settings/tokens?done=token-revoked"
        assert office.ask(secret) == 401
        assert "revoked" in bob.get("/settings/tokens").text

    @pytest.mark.parametrize(("overlap", "days"), [("1h", 1 / 24), ("24h", 1), ("7d", 7)])
    def test_rotate_with_an_overlap(self, office: Office, edi: Browser, overlap: str, days: float) -> None:
        old = make(edi, expires="365", scope="write")
        page = edi.fill("/settings/tokens/1/rotate", {"overlap": overlap})
        new = page.inner("secret")
        assert new != old and office.ask(old) == office.ask(new) == 200
        assert left(office, 1) == pytest.approx(days, abs=0.01)
        assert left(office, 2) == pytest.approx(365, abs=0.01)
        made = Tokens(office.accounts).get(2)
        assert (made.name, made.scopes, made.user) == ("laptop", ("read", "write"), EDI)
        office.accounts.connection.execute("UPDATE token SET expires_at = 1000 WHERE id = 1")
        assert (office.ask(old), office.ask(new)) == (401, 200)

    def test_rotate_without_one_revokes_at_once(self, office: Office, bob: Browser) -> None:
        old = make(bob, expires="never")
        new = bob.fill("/settings/tokens/1/rotate", {"overlap": "0"}).inner("secret")
        assert (office.ask(old), office.ask(new)) == (401, 200)
        assert Tokens(office.accounts).get(2).expires_at is None

    def test_an_overlap_makes_no_token_live_longer(self, office: Office) -> None:
        _, token = OwnTokens(office.accounts, BOB).create("x", ["read"], now_ms() + DAY_MS // 2)
        OwnTokens(office.accounts, BOB).rotate(token.id, 7 * DAY_MS)
        assert left(office, token.id) == pytest.approx(0.5, abs=0.01)

    def test_what_is_gone_cannot_be_rotated(self, office: Office, bob: Browser) -> None:
        make(bob)
        assert bob.fill("/settings/tokens/1/rotate", {"overlap": "1y"}).status == 400
        bob.fill("/settings/tokens/1/revoke")
        page = bob.fill("/settings/tokens/1/rotate", {"overlap": "7d"})
        assert page.status == 400 and "has expired or was revoked" in page.text
        assert len(Tokens(office.accounts).all()) == 1


class TestOthers:
    @pytest.mark.parametrize("path", ["", "/rotate", "/revoke"])
    def test_tokens_of_others_are_as_if_they_were_not(self, office: Office, bob: Browser, path: str) -> None:
        secret, token = OwnTokens(office.accounts, ADA).create("ada's own", ["write"], None)
        theirs, missing = f"/settings/tokens/{token.id}{path}", f"/settings/tokens/99{path}"
        assert bob.get(theirs).status == bob.get(missing).status == 404
        bob.get("/settings")
        assert bob.post(theirs, {"name": "x", "overlap": "0"}).status == 404
        assert "ada's own" not in bob.get("/settings/tokens").text
        assert office.ask(secret) == 200
        assert Tokens(office.accounts).get(token.id) == token

    @pytest.mark.parametrize("id", ["0", "-1", "99999999999999999999999", "x"])
    def test_numbers_that_cannot_be(self, bob: Browser, id: str) -> None:
        assert bob.get(f"/settings/tokens/{id}").status == 404

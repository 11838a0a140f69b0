"""Forms: only from pages of this site, with the form token, up to a size."""

from __future__ import annotations

import pytest

from letrics.web.forms import MAX_BYTES_SIGNED_OUT
from tests.office import ADA, BOB, PASSWORD, Office


class TestForms:
    @pytest.mark.parametrize(
        ("headers", "allowed"),
        [({"sec-fetch-site": "same-origin"}, True),
         ({"sec-fetch-site": "none"}, True),
         ({"sec-fetch-site": "same-site"}, False),
         ({"sec-fetch-site": "cross-site"}, False),
         ({"sec-fetch-site": "cross-site", "origin": "http://letrics.example:8000"}, False),
         ({"sec-fetch-site": "", "origin": "http://letrics.example:8000"}, True),
         ({"sec-fetch-site": "", "origin": "HTTP://LETRICS.EXAMPLE:8000"}, True),
         ({"sec-fetch-site": "", "origin": "http://letrics.example"}, False),
         ({"sec-fetch-site": "", "origin": "http://evil.example:8000"}, False),
         ({"sec-fetch-site": "", "origin": "http://letrics.example:8000.evil.example"}, False),
         ({"sec-fetch-site": "", "origin": "null"}, False),
         ({"sec-fetch-site": "", "origin": "http://[bad"}, False),
         ({"sec-fetch-site": ""}, True)],
    )  # fmt: skip
    def test_where_they_come_from(self, office: Office, headers: dict[str, str], allowed: bool) -> None:
        browser = office.signed_in(BOB)
        browser.get("/settings")
        page = browser.post("/settings", {"name": "Bob"}, headers)
        assert page.status == (303 if allowed else 403)
        assert ('value="Bob"' in browser.get("/settings").html) == allowed

    def test_the_form_token_is_the_session_s_own(self, office: Office) -> None:
        browser, other = office.signed_in(BOB), office.signed_in(BOB)
        good, foreign = browser.get("/settings").csrf, other.get("/settings").csrf
        signed_out = office.browser().get("/signin").csrf
        assert len({good, foreign, signed_out}) == 3
        for bad in ("", foreign, signed_out, good[:-1], good + "x", "é"):
            page = browser.post("/settings", {"name": "Eve", "csrf": bad})
            assert page.status == 403 and "out of date" in page.text
        assert browser.post("/settings", {"name": "Bob"}, csrf=good).status == 303
        assert browser.post("/settings", {"name": "Bob"}, {"x-csrf": good}, csrf="").status == 303

    @pytest.mark.parametrize(
        "target",
        ["/signin", "/signout", "/settings", "/settings/password", "/settings/sessions/1/end",
         "/settings/sessions/others/end", "/settings/tokens/new", "/settings/tokens/1", "/settings/tokens/1/rotate",
         "/settings/tokens/1/revoke", "/admin/users/invite", "/admin/invitations/withdraw", "/admin/users/1/reset",
         "/admin/users/1/disable", "/admin/users/1/enable", "/admin/users/1/role", "/admin/users/1/delete",
         "/admin/tokens/1/revoke", "/setup", "/link/x", "/reset/x",
         "/invitation/x"],
    )  # fmt: skip
    def test_every_form_is_guarded(self, office: Office, token: int, target: str) -> None:
        browser = office.signed_in(ADA)
        assert browser.post(target, csrf="").status == 403
        browser.get("/settings")
        assert browser.post(target, headers={"sec-fetch-site": "cross-site"}).status == 403

    def test_a_form_without_cookies_is_told_why(self, office: Office) -> None:
        browser = office.browser()
        browser.get("/signin")
        browser.jar.clear()
        page = browser.post("/signin", {"email": BOB, "password": PASSWORD})
        assert page.status == 403 and "cookies are blocked" in page.text

    @pytest.mark.parametrize("body", [b"csrf=%ff", b"\xff", b"a=" + b"x" * (1 << 20), b"&a=1" * 30_000])
    def test_forms_that_cannot_be_read(self, office: Office, body: bytes) -> None:
        browser = office.signed_in(BOB)
        sent = {"content-type": "application/x-www-form-urlencoded", "x-csrf": browser.get("/settings").csrf}
        assert browser.send("POST", "/settings", body, sent).status in (400, 413)

    def test_form_of_a_stranger_over_16_kib_is_refused(self, office: Office) -> None:
        browser = office.browser()
        browser.get("/signin")
        page = browser.post("/signin", {"email": BOB, "password": "x" * MAX_BYTES_SIGNED_OUT})
        assert page.status == 413 and "16,384 bytes" in page.text

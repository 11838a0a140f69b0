"""What every page has: the policy, forms from our own pages alone, values as text, errors in the layout."""

from __future__ import annotations

import re

import pytest

from letrics.accounts.links import Links
from letrics.accounts.own_tokens import OwnTokens
from letrics.accounts.people import People
from letrics.accounts.users import Users
from letrics.web.assets import static
from letrics.web.forms import MAX_BYTES_SIGNED_OUT
from letrics.web.headers import CSP
from tests.office import ADA, BOB, PASSWORD, Office

FOR_ALL = ["/signin", "/nothing", "/docs"]
FOR_MEMBERS = ["/overview", "/settings", "/settings/password", "/settings/sessions", "/settings/sessions/others/end",
               "/settings/tokens", "/settings/tokens/new"]  # fmt: skip
FOR_ADMINS = ["/admin/users", "/admin/users/invite", "/admin/users/1", "/admin/users/1/disable",
              "/admin/users/1/delete", "/admin/tokens", "/admin/tokens/1/revoke"]  # fmt: skip
HOSTILE = "<script>alert(1)</script>\"'><img src=x onerror=alert(1)>{{7*7}}"


@pytest.fixture
def token(office: Office) -> int:
    return OwnTokens(office.accounts, BOB).create("laptop", ["read"], None)[1].id


class TestHeaders:
    @pytest.mark.parametrize("target", FOR_ALL + FOR_MEMBERS + FOR_ADMINS)
    def test_the_policy_is_on_every_page_and_kept_by_it(self, office: Office, token: int, target: str) -> None:
        page = office.signed_in(ADA).get(target)
        headers = page.reply.headers
        assert headers["content-security-policy"] == CSP
        assert headers["x-content-type-options"] == "nosniff"
        assert headers["referrer-policy"] == "same-origin"
        assert headers["cross-origin-opener-policy"] == "same-origin"
        assert "camera=()" in headers["permissions-policy"]
        if target != "/docs":
            assert headers["cache-control"] == "no-store"
        html = page.html
        assert not re.search(r"<script(?![^>]* src=)|\bstyle=|<style|\bon[a-z]+=|hx-on|javascript:", html), target
        assert set(re.findall(r'(?:src|href|action)="(?!/|#)([^"]*)"', html)) == set()
        assert len(html) < 60_000

    @pytest.mark.parametrize("target", ["/", "/setup", "/signout", "/static/nothing", "/settings"])
    def test_it_is_on_what_is_no_page_too(self, office: Office, target: str) -> None:
        assert office.browser().get(target).reply.headers["content-security-policy"] == CSP

    @pytest.mark.parametrize("name", ["app.css", "app.js", "theme.js", "icon.svg", "vendor/htmx-2.0.11.min.js"])
    def test_static_files(self, office: Office, name: str) -> None:
        kept = office.browser().get(static(name)).reply
        assert kept.status == 200 and "immutable" in kept.headers["cache-control"]
        assert "max-age=31536000" in kept.headers["cache-control"]
        kind = {"css": "text/css", "js": "text/javascript", "svg": "image/svg+xml"}[name.rpartition(".")[2]]
        assert kept.headers["content-type"].startswith(kind)
        assert not kept.headers.get("set-cookie")
        for stale in (f"/static/{name}", f"/static/0123456789abcdef/{name}"):
            reply = office.browser().get(stale).reply
            assert (reply.body, reply.headers["cache-control"]) == (kept.body, "no-cache")
        again = office.browser().get(static(name), {"if-none-match": kept.headers["etag"]})
        assert again.status == 304

    def test_a_page_with_all_it_loads_is_small(self, office: Office) -> None:
        page = office.signed_in(ADA).get("/settings/tokens")
        loaded = set(re.findall(r'(?:src|href)="(/static/[^"]+)"', page.html))
        assert len(loaded) == 5
        sizes = [len(office.browser().get(target).reply.body) for target in loaded]
        assert len(page.reply.body) + sum(sizes) < 150_000


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
        assert ("Bob" in browser.get("/settings").html) == allowed

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


class TestFailures:
    def test_people_get_a_page_and_programs_the_envelope(self, office: Office) -> None:
        browser = office.browser()
        page = browser.get("/nothing")
        assert page.status == 404 and "<h1>Not found</h1>" in page.html
        program = browser.get("/nothing", {"accept": "application/json"})
        assert program.status == 404 and program.reply.json["errors"][0]["id"] == "not_found"

    def test_a_bug_names_the_request_and_nothing_else(self, office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
        browser = office.signed_in(BOB)

        def broken(*_: object) -> None:
            raise RuntimeError("secret words")

        monkeypatch.setattr(OwnTokens, "all", broken)
        page = browser.get("/settings/tokens")
        assert page.status == 500 and "secret words" not in page.html and "Traceback" not in page.html
        assert page.reply.headers["x-request-id"] in page.html
        assert page.reply.headers["content-security-policy"] == CSP

    def test_accounts_that_are_away_are_503(self, office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
        from letrics.store.base import StoreAway

        browser = office.signed_in(BOB)

        def away(*_: object) -> None:
            raise StoreAway("the disk is gone")

        monkeypatch.setattr(OwnTokens, "all", away)
        page = browser.get("/settings/tokens")
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

"""One's own settings and what admins manage."""

from __future__ import annotations

import pytest

from letrics.accounts.links import Links
from letrics.accounts.own_tokens import OwnTokens
from letrics.accounts.sessions import SEEN_MS, Sessions, SessionVerifier
from letrics.accounts.tokens import Tokens
from letrics.accounts.users import Users
from letrics.accounts.verifier import CHECK_SECONDS
from letrics.web.device import device
from tests.office import ADA, BOB, PASSWORD, Office
from tests.web.browser import Browser

OTHER = "battery staple"


@pytest.fixture
def ada(office: Office) -> Browser:
    return office.signed_in(ADA)


@pytest.fixture
def bob(office: Office) -> Browser:
    return office.signed_in(BOB)


def number(office: Office, email: str) -> int:
    return Users(office.accounts).get(email).id


class TestPassword:
    def test_changing_it_ends_the_other_sessions(self, office: Office, bob: Browser) -> None:
        other = office.signed_in(BOB)
        fields = {"current": PASSWORD, "password": OTHER, "again": OTHER}
        assert bob.fill("/settings/password", fields).location == "/settings/password?done=password"
        assert bob.get("/settings").status == 200
        assert other.get("/settings").status == 303
        assert office.browser().sign_in(BOB, PASSWORD).status == 401
        assert office.browser().sign_in(BOB, OTHER).status == 303

    @pytest.mark.parametrize(
        ("fields", "said"),
        [({"current": "wrong password"}, "The password is wrong"), ({"again": "x"}, "do not match"),
         ({"password": "short", "again": "short"}, "at least 10")],
    )  # fmt: skip
    def test_what_is_wrong_changes_nothing(
        self, office: Office, bob: Browser, fields: dict[str, str], said: str
    ) -> None:
        page = bob.fill("/settings/password", {"current": PASSWORD, "password": OTHER, "again": OTHER} | fields)
        assert page.status == 400 and said in page.text
        office.signed_in(BOB)

    def test_who_came_by_a_link_has_none_to_give(self, office: Office) -> None:
        Users(office.accounts).add("cyd@people.example")
        browser = office.browser()
        browser.fill(Links(office.accounts).sign_in("cyd@people.example"))
        assert "Current password" not in browser.get("/settings/password").text
        assert browser.post("/settings/password", {"password": OTHER, "again": OTHER}).status == 303
        assert office.browser().sign_in("cyd@people.example", OTHER).status == 303


class TestSessions:
    def test_they_are_listed_and_ended(self, office: Office, bob: Browser) -> None:
        second, third = office.signed_in(BOB, address="192.0.2.2"), office.signed_in(BOB, address="192.0.2.3")
        page = bob.get("/settings/sessions")
        assert all(f"192.0.2.{n}" in page.text for n in (1, 2, 3)) and page.text.count("this browser") == 1
        assert "Firefox on Linux" in page.text
        ids = {session.address: session.id for session in Sessions(office.accounts).of(number(office, BOB))}
        target = f"/settings/sessions/{ids['192.0.2.2']}/end"
        assert "192.0.2.2" in bob.get(target).text
        assert bob.post(target).location == "/settings/sessions?done=session-ended"
        assert (second.get("/settings").status, third.get("/settings").status) == (303, 200)
        assert bob.post(target).status == 404
        bob.fill("/settings/sessions/others/end")
        assert (bob.get("/settings").status, third.get("/settings").status) == (200, 303)

    def test_those_of_others_are_out_of_reach(self, office: Office, ada: Browser, bob: Browser) -> None:
        (theirs,) = Sessions(office.accounts).of(number(office, ADA))
        bob.get("/settings")
        assert bob.get(f"/settings/sessions/{theirs.id}/end").status == 404
        assert bob.post(f"/settings/sessions/{theirs.id}/end").status == 404
        bob.post("/settings/sessions/others/end")
        assert ada.get("/settings").status == 200

    def test_last_seen_is_written_at_most_once_a_minute(self, office: Office) -> None:
        sessions = Sessions(office.accounts)
        secret = sessions.open(number(office, BOB), "", "192.0.2.1")
        (session,) = sessions.of(number(office, BOB))
        sessions.seen(session.id, session.last_seen_at + SEEN_MS - 1, "192.0.2.7")
        assert sessions.of(number(office, BOB)) == [session]
        sessions.seen(session.id, session.last_seen_at + SEEN_MS, "192.0.2.7")
        (after,) = sessions.of(number(office, BOB))
        assert (after.last_seen_at, after.address) == (session.last_seen_at + SEEN_MS, "192.0.2.7")
        assert SessionVerifier(office.accounts).verify(secret) == after

    def test_another_process_s_ending_is_seen_at_the_next_check(self, office: Office) -> None:
        steady = [0.0]
        secret = Sessions(office.accounts).open(number(office, BOB))
        verifier = SessionVerifier(office.verifier._database, steady=lambda: steady[0])
        assert verifier.verify(secret)
        Sessions(office.accounts).end_all(number(office, BOB))
        steady[0] += CHECK_SECONDS
        assert verifier.verify(secret) is None


@pytest.mark.parametrize(
    ("agent", "words"),
    [("Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0", "Firefox on Linux"),
     ("Mozilla/5.0 (Windows NT 10.0) AppleWebKit/537.36 Chrome/140.0 Safari/537.36 Edg/140.0", "Edge on Windows"),
     ("Mozilla/5.0 (Macintosh; Intel Mac OS X 15_0) AppleWebKit/605.1 Version/18.0 Safari/605.1", "Safari on macOS"),
     ("", "Unknown browser")],
)  # fmt: skip
def test_devices(agent: str, words: str) -> None:
    assert device(agent) == words


class TestAdmin:
    @pytest.mark.parametrize("target", ["/admin/users", "/admin/users/invite", "/admin/users/1", "/admin/tokens"])
    def test_members_are_refused(self, bob: Browser, target: str) -> None:
        assert bob.get(target).status == 403

    @pytest.mark.parametrize(
        ("target", "fields"),
        [("/admin/users/invite", {"email": "eve@people.example", "role": "admin"}),
         ("/admin/users/2/role", {"role": "admin"}),
         ("/admin/users/1/role", {"role": "viewer"}), ("/admin/users/1/disable", {}), ("/admin/users/1/enable", {}),
         ("/admin/users/1/delete", {}), ("/admin/users/1/reset", {}),
         ("/admin/tokens/1/revoke", {}), ("/admin/invitations/withdraw", {"email": "cyd@people.example"})],
    )  # fmt: skip
    def test_members_cannot_act(self, office: Office, bob: Browser, target: str, fields: dict[str, str]) -> None:
        Links(office.accounts).invite("cyd@people.example")
        secret, _ = OwnTokens(office.accounts, ADA).create("x", ["read"], None)
        before = (Users(office.accounts).all(), Links(office.accounts).pending(), Tokens(office.accounts).all())
        bob.get("/settings")
        assert bob.post(target, fields).status == 403
        assert before == (Users(office.accounts).all(), Links(office.accounts).pending(), Tokens(office.accounts).all())
        assert office.ask(secret) == 200
        assert office.accounts.connection.execute("SELECT count(*) FROM link WHERE purpose = 'reset'").get == 0

    def test_an_invitation_by_the_page(self, office: Office, ada: Browser) -> None:
        page = ada.fill("/admin/users/invite", {"email": "cyd@people.example", "role": "viewer"})
        link = page.inner("link").removeprefix("http://letrics.example:8000")
        assert "invited" in ada.get("/admin/users").text
        assert office.browser().get(link).status == 200
        ada.post("/admin/invitations/withdraw", {"email": "cyd@people.example"})
        assert office.browser().get(link).status == 404
        for email, said in ((BOB, "already"), ("nobody", "email")):
            page = ada.fill("/admin/users/invite", {"email": email, "role": "viewer"})
            assert page.status == 400 and said in page.text

    def test_a_reset_link_by_the_page(self, office: Office, ada: Browser) -> None:
        ada.get("/admin/users/2")
        link = ada.post("/admin/users/2/reset").inner("link").removeprefix("http://letrics.example:8000")
        assert office.browser().fill(link, {"password": OTHER, "again": OTHER}).status == 303

    def test_disabling_signs_out_and_refuses_tokens(self, office: Office, ada: Browser, bob: Browser) -> None:
        secret, _ = OwnTokens(office.accounts, BOB).create("x", ["read"], None)
        assert "Disable bob@people.example?" in ada.get("/admin/users/2/disable").text
        ada.post("/admin/users/2/disable")
        assert bob.get("/settings").status == 303 and office.ask(secret) == 401
        ada.post("/admin/users/2/enable")
        assert office.ask(secret) == 200
        office.signed_in(BOB)

    @pytest.mark.parametrize("action", ["role", "disable", "delete"])
    def test_the_last_admin_stays(self, office: Office, ada: Browser, action: str) -> None:
        ada.get("/admin/users/1")
        page = ada.post(f"/admin/users/1/{action}", {"role": "editor"})
        assert page.status == 409 and "last admin" in page.text
        assert Users(office.accounts).get(ADA).role == "admin" and Users(office.accounts).get(ADA).disabled_at is None
        assert ada.get("/settings").status == 200, "nor is their session ended"
        ada.post("/admin/users/2/role", {"role": "admin"})
        assert ada.post(f"/admin/users/1/{action}", {"role": "editor"}).status == 303
        assert ada.get("/admin/users").status in (303, 403)

    def test_a_disabled_admin_does_not_count(self, office: Office, ada: Browser) -> None:
        ada.get("/admin/users/2")
        ada.post("/admin/users/2/role", {"role": "admin"})
        ada.post("/admin/users/2/disable")
        assert ada.post("/admin/users/1/role", {"role": "viewer"}).status == 409

    def test_everybody_s_tokens_are_found_and_revoked(self, office: Office, ada: Browser) -> None:
        secret, token = OwnTokens(office.accounts, BOB).create("nightly", ["read"], None)
        assert "nightly" in ada.get("/admin/tokens?q=NIGHT").text
        assert "nightly" not in ada.get("/admin/tokens?q=zzz").text
        ada.fill(f"/admin/tokens/{token.id}/revoke")
        assert office.ask(secret) == 401

    @pytest.mark.parametrize(
        "target", ["/admin/users/99", "/admin/users/99/reset", "/admin/users/1/sing", "/admin/tokens/99/revoke"]
    )
    def test_what_is_not_there(self, ada: Browser, target: str) -> None:
        ada.get("/settings")
        assert ada.post(target).status in (404, 405)

"""The settings of a user: password and sessions."""

from __future__ import annotations

import pytest

from letrics.accounts.links import Links
from letrics.accounts.sessions import Sessions
from letrics.accounts.users import Users
from tests.office import ADA, BOB, PASSWORD, Office
from tests.web.browser import Browser

OTHER = "battery staple"


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
         ({"password": "short", "again": "short"}, "at least 10"),
         ({"password": "password123!", "again": "password123!"}, "data breaches")],
    )  # fmt: skip
    def test_what_is_wrong_changes_nothing(
        self, office: Office, bob: Browser, fields: dict[str, str], said: str
    ) -> None:
        page = bob.fill("/settings/password", {"current": PASSWORD, "password": OTHER, "again": OTHER} | fields)
        assert page.status == 400 and said in page.text
        office.signed_in(BOB)

    def test_tokens_are_listed_for_review(self, office: Office, bob: Browser, token: int) -> None:
        page = bob.fill("/settings/password", {"current": PASSWORD, "password": OTHER, "again": OTHER})
        assert page.location == "/settings/tokens?done=password-tokens"
        listed = bob.get(page.location)
        assert "revoke those that you do not recognise" in listed.text
        assert f'href="/settings/tokens/{token}/revoke"' in listed.html
        bob.post(f"/settings/tokens/{token}/revoke")
        again = bob.fill("/settings/password", {"current": OTHER, "password": PASSWORD, "again": PASSWORD})
        assert again.location == "/settings/password?done=password"

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

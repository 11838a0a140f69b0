"""What admins manage: users, invitations and tokens."""

from __future__ import annotations

import pytest

from letrics.accounts.links import Links
from letrics.accounts.own_tokens import OwnTokens
from letrics.accounts.tokens import Tokens
from letrics.accounts.users import Users
from tests.office import ADA, BOB, Office
from tests.web.browser import Browser

OTHER = "battery staple"


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

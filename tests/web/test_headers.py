"""Security headers of pages, and pages that keep to the policy."""

from __future__ import annotations

import re

import pytest

from letrics.web.headers import CSP
from tests.office import ADA, Office

FOR_ALL = ["/signin", "/nothing", "/docs"]

FOR_MEMBERS = ["/overview", "/settings", "/settings/password", "/settings/sessions", "/settings/sessions/others/end",
               "/settings/tokens", "/settings/tokens/new",
               "/settings/two-factor", "/settings/two-factor/on", "/settings/two-factor/off"]  # fmt: skip

FOR_ADMINS = ["/admin/users", "/admin/users/invite", "/admin/users/1", "/admin/users/1/disable",
              "/admin/users/1/delete", "/admin/tokens", "/admin/tokens/1/revoke"]  # fmt: skip


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

    def test_a_page_with_all_it_loads_is_small(self, office: Office) -> None:
        page = office.signed_in(ADA).get("/settings/tokens")
        loaded = set(re.findall(r'(?:src|href)="(/static/[^"]+)"', page.html))
        assert len(loaded) == 5
        sizes = [len(office.browser().get(target).reply.body) for target in loaded]
        assert len(page.reply.body) + sum(sizes) < 150_000

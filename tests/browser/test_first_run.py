"""A server that has just been installed: from the printed code to the first search."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.browser.barriers import barriers
from tests.browser.conftest import Opener, Watch
from tests.browser.server import PASSWORD, serving

pytest.importorskip("playwright", reason="the browser tests need playwright: pip install playwright")
from playwright.sync_api import Browser, expect


def test_the_printed_code_makes_the_first_admin(
    tmp_path: Path, chromium: Browser, browse: Opener, watch: Watch
) -> None:
    watch.expected += ["status of 400", "status of 404"]
    with serving(tmp_path) as server:
        assert server.setup_code
        page = browse(server, None, "/setup")
        assert barriers(page) == []
        page.get_by_label("Set-up code").fill("AAAA-BBBB-CCCC")
        page.get_by_label("Email").fill("first@people.example")
        page.get_by_label("Password", exact=True).fill(PASSWORD)
        page.get_by_label("Confirm password").fill(PASSWORD)
        page.get_by_role("button", name="Set up").click()
        expect(page.get_by_role("alert")).to_contain_text("This is not the set-up code")
        assert barriers(page) == []
        expect(page.get_by_label("Email")).to_have_value("first@people.example")
        page.get_by_label("Set-up code").fill(server.setup_code.lower())
        page.get_by_label("Password", exact=True).fill(PASSWORD)
        page.get_by_label("Confirm password").fill(PASSWORD)
        page.get_by_role("button", name="Set up").click()
        expect(page).to_have_url(f"{server.url}/settings/tokens?done=welcome")
        expect(page.get_by_role("status").filter(has_text="Letrics is set up")).to_be_visible()
        expect(page.get_by_role("heading", name="No API tokens yet")).to_be_visible()
        page.get_by_label("Settings").get_by_role("link", name="Users").click()
        expect(page.get_by_role("row", name="first@people.example")).to_contain_text("admin")
        page.get_by_label("Main").get_by_role("link", name="Contacts").click()
        expect(page.get_by_role("heading", name="No contacts yet")).to_be_visible()
        page.goto(f"{server.url}/setup")
        expect(page.get_by_role("heading", name="Not found")).to_be_visible()

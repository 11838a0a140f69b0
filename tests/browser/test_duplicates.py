"""Possible duplicates in a browser: merged after a question, undone, and dismissed."""

from __future__ import annotations

import json

import pytest

from tests.browser.barriers import barriers
from tests.browser.conftest import HOSTILE, Opener
from tests.browser.server import load, serving

pytest.importorskip("playwright", reason="the browser tests need playwright: pip install playwright")
from playwright.sync_api import expect


def test_pair_is_merged_undone_and_dismissed(
    program: str, browse: Opener, tmp_path_factory: pytest.TempPathFactory
) -> None:
    home = tmp_path_factory.mktemp("pairs")
    rows = [
        {"id": id, "full_name": name, "email": "team.one@acme.example", "company_domain": "acme.example", **more}
        for id, name, more in (("crm:1", "Ann Archer", {"phone": "1"}), ("crm:2", None, {"job_title": HOSTILE}))
    ]
    rows[1] |= {"id": None, "full_name": HOSTILE}
    file = home / "contacts.jsonl"
    file.write_text("\n".join(map(json.dumps, rows)))
    load(home, file, kind="contacts")
    with serving(home) as server:
        page = browse(server, server.person(admin=True), "/overview")
        page.get_by_role("link", name="Duplicates").click()
        pair = page.get_by_role("region", name="Ann Archer and")
        expect(pair.get_by_role("row", name="Name ≠")).to_contain_text(HOSTILE)
        assert barriers(page) == []
        pair.get_by_role("link", name="Merge into this one (Ann Archer").click()
        dialog = page.get_by_role("dialog")
        expect(dialog).to_contain_text("Both ids find the contact from then on")
        assert barriers(page) == []
        dialog.get_by_role("button", name="Cancel").click()
        expect(pair).to_be_visible()
        pair.get_by_role("link", name="Merge into this one (Ann Archer").click()
        dialog.get_by_role("button", name="Merge").click()
        done = page.get_by_role("status").filter(has_text="was merged into Ann Archer")
        expect(done).to_be_visible()
        expect(page.get_by_role("heading", name="Every pair is decided")).to_be_visible()
        done.get_by_role("button", name="Undo").click()
        expect(pair).to_be_visible()
        pair.get_by_role("button", name="Different people").click()
        page.get_by_role("navigation", name="Pairs by status").get_by_role("link", name="Dismissed 1").click()
        expect(pair.get_by_role("button", name="Undo the dismissal")).to_be_visible()
        page.set_viewport_size({"width": 320, "height": 900})
        assert page.evaluate("document.documentElement.scrollWidth") == 320
        assert barriers(page) == []

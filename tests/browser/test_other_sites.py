"""Other sites and imported texts cannot act for a user who is signed in."""

from __future__ import annotations

import json
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from tests.browser.conftest import HOSTILE, Opener, Watch, hostile
from tests.browser.server import Served, load, serving

pytest.importorskip("playwright", reason="the browser tests need playwright: pip install playwright")
from playwright.sync_api import Browser, Page, expect

EVIL = "http://evil.example"


def on_another_site(page: Page, html: str) -> None:
    """Show `html` as a page of another site."""
    page.route(f"{EVIL}/**", lambda route: route.fulfill(content_type="text/html", body=html))
    page.goto(f"{EVIL}/")


def test_it_cannot_be_framed(served: Served, browse: Opener, watch: Watch) -> None:
    watch.expected += [EVIL, "frame-ancestors"]
    page = browse(served, served.person(), "/settings/tokens")
    for path in ("/settings/tokens", "/signin", "/docs", "/v1/contacts"):
        on_another_site(page, f'<iframe src="{served.url}{path}"></iframe>')
        page.wait_for_function("frames.length === 1")
        page.wait_for_load_state()
        assert [frame.url for frame in page.frames[1:]] == ["chrome-error://chromewebdata/"], path


@pytest.mark.parametrize("site", ["cross-site", "same-site"])
def test_forms_of_other_sites_do_nothing(served: Served, browse: Opener, watch: Watch, site: str) -> None:
    watch.expected += [EVIL, "status of 403", "insecure"]
    user = served.person()
    secret, token = served.make_token(user, "kept")
    page = browse(served, user, "/settings")
    target = f"{served.url}/settings/tokens/{token.id}/revoke"
    form = f'<form method="post" action="{target}"><input name="csrf" value="x"><button>Win</button></form>'
    if site == "cross-site":
        on_another_site(page, form)
    else:  # another port of the same host is another origin of the same site: the cookie is sent along
        port = urlsplit(served.url).port
        neighbour = served.url.replace(f":{port}", ":1")
        watch.expected.append(neighbour)
        page.route(f"{neighbour}/**", lambda route: route.fulfill(content_type="text/html", body=form))
        page.goto(f"{neighbour}/")
    page.get_by_role("button", name="Win").click()
    expect(page.get_by_role("heading", name="Access denied")).to_be_visible()
    assert served.status(secret) == 200


def test_scripts_of_other_sites_learn_nothing(served: Served, browse: Opener, watch: Watch) -> None:
    watch.expected += [EVIL, "CORS", "ERR_FAILED", "status of", "Cross-Origin", "ERR_BLOCKED"]
    page = browse(served, served.person(), "/settings")
    on_another_site(page, "<p>nothing here</p>")
    reads = "url => fetch(url, { credentials: 'include' }).then(answer => answer.text(), () => 'refused')"
    for path in ("/settings/tokens", "/app/contacts", "/v1/contacts", "/healthz"):
        assert page.evaluate(reads, served.url + path) == "refused", path


def test_imported_texts_stay_texts(tmp_path: Path, chromium: Browser, browse: Opener) -> None:
    rows = tmp_path / "contacts.jsonl"
    rows.write_text(json.dumps(hostile()) + "\n")
    load(tmp_path, rows, kind="contacts")
    with serving(tmp_path) as server:
        page = browse(server, server.person(), "/overview")
        expect(page.get_by_role("link", name=HOSTILE).first).to_be_visible()
        page.get_by_role("link", name=HOSTILE).first.click()
        expect(page.locator("#chips")).to_contain_text(HOSTILE)
        page.goto(f"{server.url}/explore/companies?open=hostile.example")
        expect(page.locator("#drawer-name")).to_have_text(HOSTILE)
        assert page.evaluate("window.hit") is None
        assert page.locator("img[src=x]").count() == 0
        assert page.locator("script:not([src]):not([type='application/json'])").count() == 0

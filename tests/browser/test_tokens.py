"""API tokens as users manage them, and the responses of the API to their holders."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
import time
from pathlib import Path
from typing import Any

import pytest

from tests.browser.barriers import barriers
from tests.browser.conftest import HOSTILE, Opener, Watch
from tests.browser.server import Served
from tests.reliability.running import until

pytest.importorskip("playwright", reason="the browser tests need playwright: pip install playwright")
from playwright.sync_api import Page, expect

TOKEN = re.compile(r"ltr_[0-9A-Za-z]{36,}")


def create(page: Page, name: str, *choices: str) -> str:
    """Create a token by the form: its secret. The page is then the one that shows it."""
    page.get_by_role("link", name="Create token").first.click()
    page.get_by_label("Name").fill(name)
    for choice in choices:
        page.get_by_label(choice).check()
    page.get_by_role("button", name="Create token").click()
    secret = page.locator("#secret").inner_text()
    assert TOKEN.fullmatch(secret)
    return secret


def test_a_token_from_creation_to_the_end(served: Served, browse: Opener) -> None:
    user = served.person()
    page = browse(served, user, "/settings/tokens")
    secret = create(page, "laptop")
    assert barriers(page) == []
    answered = _run(page.locator("#curl").inner_text())
    assert answered["errors"] == []
    assert answered["meta"]["total"] == served.total("contacts", {"job_titles": ["manager"]})
    assert len(answered["data"]) == 3
    page.get_by_role("link", name="Done").click()
    row = page.get_by_role("row", name="laptop")
    expect(row).to_contain_text(secret[-4:])
    expect(row).to_contain_text("active")
    assert secret not in page.content()
    row.get_by_role("link", name="Revoke").click()
    dialog = page.get_by_role("dialog")
    expect(dialog).to_contain_text("Revoke “laptop”?")
    assert barriers(page) == []
    page.keyboard.press("Escape")
    expect(dialog).to_be_hidden()
    assert served.status(secret) == 200
    row.get_by_role("link", name="Revoke").click()
    dialog.get_by_role("button", name="Revoke token").click()
    expect(page.get_by_role("status").filter(has_text="The token was revoked.")).to_be_visible()
    time.sleep(1)  # what the page promises
    assert served.status(secret) == 401
    expect(row).to_contain_text("revoked")
    expect(row.get_by_role("link", name="Rotate")).to_have_count(0)
    assert barriers(page) == []


def test_without_scripts_a_token_is_made_and_revoked(served: Served, browse: Opener) -> None:
    page = browse(served, served.person(), "/settings/tokens", java_script_enabled=False)
    secret = create(page, "plain", "never")
    page.get_by_role("link", name="Done").click()
    page.get_by_role("row", name="plain").get_by_role("link", name="Revoke").click()
    page.get_by_role("button", name="Revoke token").click()
    expect(page.get_by_role("row", name="plain")).to_contain_text("revoked")
    until(lambda: served.status(secret) == 401, 5)


def test_a_token_expires(served: Served, browse: Opener) -> None:
    user = served.person()
    page = browse(served, user, "/settings/tokens")
    secret = create(page, "short", "in 30 days")
    with served.accounts() as accounts:
        days = accounts.connection.execute(
            "SELECT (expires_at - created_at) / 86400000.0 FROM token WHERE name = 'short'"
        ).get
        assert days == pytest.approx(30, abs=0.01)
        accounts.connection.execute("UPDATE token SET expires_at = created_at + 1 WHERE name = 'short'")
    until(lambda: served.status(secret) == 401, 5)
    page.goto(f"{served.url}/settings/tokens")
    expect(page.get_by_role("row", name="short")).to_contain_text("expired")


def test_expiry_in_the_past_is_refused_and_keeps_the_form(served: Served, browse: Opener, watch: Watch) -> None:
    watch.expected.append("status of 400")
    page = browse(served, served.person(role="editor"), "/settings/tokens/new")
    page.get_by_label("Name").fill("late")
    page.get_by_label("Read and write").check()
    page.get_by_label("Expiry date").evaluate("input => { input.min = ''; }")
    page.get_by_label("Expiry date").fill("2001-02-03")
    expect(page.get_by_label("at the end of this day (UTC)")).to_be_checked()
    page.get_by_role("button", name="Create token").click()
    expect(page.get_by_role("alert")).to_be_visible()
    assert barriers(page) == []
    expect(page.get_by_label("Name")).to_have_value("late")
    expect(page.get_by_label("Read and write")).to_be_checked()
    expect(page.get_by_label("Expiry date")).to_have_value("2001-02-03")


@pytest.mark.parametrize(("overlap", "then"), [("in 1 hour", 200), ("immediately", 401)])
def test_a_rotated_token_gives_way_to_the_new_one(served: Served, browse: Opener, overlap: str, then: int) -> None:
    page = browse(served, served.person(), "/settings/tokens")
    old = create(page, "sync")
    page.get_by_role("link", name="Done").click()
    page.get_by_role("link", name="Rotate").click()
    page.get_by_label(overlap).check()
    page.get_by_role("button", name="Rotate").click()
    new = page.locator("#secret").inner_text()
    assert TOKEN.fullmatch(new)
    assert new != old
    expect(page.locator("#main")).to_contain_text(f"ltr_…{old[-4:]}")
    time.sleep(1)
    assert (served.status(new), served.status(old)) == (200, then)


def test_other_peoples_tokens_are_out_of_sight_and_reach(served: Served, browse: Opener, watch: Watch) -> None:
    watch.expected.append("status of 404")
    secret, token = served.make_token(served.person(), "theirs")
    page = browse(served, served.person(admin=True), "/settings/tokens")
    expect(page.get_by_role("heading", name="No API tokens yet")).to_be_visible()
    for rest in ("", "/rotate", "/revoke", "?done=token-revoked"):
        page.goto(f"{served.url}/settings/tokens/{token.id}{rest}")
        expect(page.get_by_role("heading", name="Not found")).to_be_visible()
        assert "theirs" not in page.content()
    for rest in ("", "/rotate", "/revoke"):
        page.goto(f"{served.url}/settings/tokens/new")
        page.locator("form.fields").evaluate(
            "(form, to) => { form.action = to; form.noValidate = true; }", f"/settings/tokens/{token.id}{rest}"
        )
        page.get_by_role("button", name="Create token").click()
        expect(page.get_by_role("heading", name="Not found")).to_be_visible()
    assert served.status(secret) == 200


def test_the_name_of_a_token_is_text(served: Served, browse: Opener) -> None:
    name = HOSTILE[:100]
    page = browse(served, served.person(admin=True), "/settings/tokens")
    create(page, name)
    expect(page.locator("#main")).to_contain_text(name)
    for path in ("/settings/tokens", "/admin/tokens"):
        page.goto(served.url + path)
        page.get_by_role("row").filter(has_text=name).first.get_by_role("link", name="Revoke").click()
        expect(page.get_by_role("dialog")).to_contain_text(name)
    assert page.evaluate("window.hit") is None
    assert page.locator("img[src=x]").count() == 0


def _run(command: str) -> dict[str, Any]:
    """Run a command as it was pasted into a shell: the JSON that it prints."""
    if shutil.which("curl") is None:
        pytest.skip("curl is not installed")
    environment = {"PATH": "/usr/bin:/bin", "HOME": str(Path("/nonexistent"))}
    done = subprocess.run(["bash", "-c", command], env=environment, capture_output=True, text=True, check=True)
    printed: dict[str, Any] = json.loads(done.stdout)
    return printed

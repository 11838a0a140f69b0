"""Signing in and out, and what a browser keeps of it."""

from __future__ import annotations

from typing import Final
from urllib.parse import quote

import pytest

from tests.browser.barriers import barriers
from tests.browser.conftest import Opener, Watch
from tests.browser.server import PASSWORD, Served

pytest.importorskip("playwright", reason="the browser tests need playwright: pip install playwright")
from playwright.sync_api import Page, expect

ELSEWHERE: Final = (
    "https://evil.example", "/\\evil.example", "/%2F/evil.example", "/%5cevil.example", "javascript:alert(1)",
    "/.//evil.example", "\thttps://evil.example", "/\t/evil.example", "/signout",
)  # fmt: skip


def sign_in(page: Page, email: str, password: str = PASSWORD) -> None:
    page.get_by_label("Email").fill(email)
    page.get_by_label("Password").fill(password)
    page.keyboard.press("Enter")


def test_from_a_page_to_sign_in_and_back_and_out(served: Served, browse: Opener, watch: Watch) -> None:
    watch.expected.append("status of 401")
    user = served.person(password=PASSWORD)
    page = browse(served, None, "/settings/sessions?x=a%26b")
    expect(page).to_have_title("Sign in · Letrics")
    sign_in(page, user.email, "not the password")
    expect(page.get_by_role("alert")).to_have_text("The email or the password is wrong.")
    assert barriers(page) == []
    expect(page.get_by_label("Email")).to_have_value(user.email)
    expect(page.get_by_label("Password")).to_be_focused()
    sign_in(page, user.email.upper())
    expect(page).to_have_url(f"{served.url}/settings/sessions?x=a%26b")
    page.goto(f"{served.url}/signin")
    expect(page).to_have_url(f"{served.url}/overview")
    page.get_by_label("Your account").click()
    page.get_by_role("button", name="Sign out").click()
    expect(page.get_by_role("status").filter(has_text="You are signed out.")).to_be_visible()
    page.go_back()
    expect(page).to_have_title("Sign in · Letrics")


def test_the_session_is_kept_from_scripts_and_from_other_sites(served: Served, browse: Opener) -> None:
    user = served.person(password=PASSWORD)
    page = browse(served, None, "/signin")
    fixed = "A" * 43
    page.context.add_cookies([{"name": "letrics_session", "value": fixed, "url": served.url}])
    page.reload()
    sign_in(page, user.email)
    expect(page).to_have_title("Overview · Letrics")
    kept = {cookie.get("name"): cookie for cookie in page.context.cookies()}
    cookie = kept["letrics_session"]
    assert cookie.get("value") != fixed
    assert (cookie.get("httpOnly"), cookie.get("sameSite"), cookie.get("path")) == (True, "Lax", "/")
    assert all(cookie.get("httpOnly") for cookie in kept.values())
    assert page.evaluate("document.cookie") == ""
    assert cookie.get("value") not in page.evaluate("JSON.stringify([{...localStorage}, {...sessionStorage}])")


def test_signing_in_never_leads_elsewhere(served: Served, browse: Opener) -> None:
    user = served.person(password=PASSWORD)
    page = browse(served, None, "/signin?next=//evil.example/")
    sign_in(page, user.email)
    expect(page).to_have_title("Overview · Letrics")
    for goal in ELSEWHERE:
        page.goto(f"{served.url}/signin?next={quote(goal, safe='')}")
        assert page.url == f"{served.url}/overview", goal


def test_wrong_passwords_are_held_up(empty: Served, browse: Opener, watch: Watch) -> None:
    watch.expected += ["status of 401", "status of 429"]
    user = empty.person(password=PASSWORD)
    page = browse(empty, None, "/signin")
    for _ in range(5):
        with page.expect_response(lambda response: response.status == 401):
            sign_in(page, user.email, "not the password")
        page.wait_for_load_state()
    with empty.accounts() as accounts:  # the first wait is a second, which a busy machine may need for one page
        accounts.connection.execute(
            "UPDATE attempt SET blocked_until = blocked_until + 60000 WHERE blocked_until > last_at"
        )
    with page.expect_response(lambda response: response.status == 429):
        sign_in(page, user.email)
    expect(page.get_by_role("alert")).to_contain_text("Too many attempts: try again in")


def test_everything_by_the_keyboard(served: Served, browse: Opener) -> None:
    user = served.person(password=PASSWORD)
    page = browse(served, None, "/signin")
    expect(page.get_by_label("Email")).to_be_focused()
    page.keyboard.type(user.email)
    page.keyboard.press("Tab")
    page.keyboard.type(PASSWORD)
    page.keyboard.press("Tab")
    expect(page.get_by_role("button", name="Sign in")).to_be_focused()
    page.keyboard.press("Enter")
    expect(page).to_have_title("Overview · Letrics")
    page.wait_for_load_state()
    page.keyboard.press("Tab")
    expect(page.get_by_role("link", name="Skip to content")).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.locator("#main")).to_be_focused()
    page.get_by_label("Your account").focus()
    page.keyboard.press("Enter")
    expect(page.get_by_role("button", name="Sign out")).to_be_visible()
    page.keyboard.press("Escape")
    expect(page.get_by_role("button", name="Sign out")).to_be_hidden()
    expect(page.get_by_label("Your account")).to_be_focused()


def test_the_theme_is_chosen_and_remembered(served: Served, browse: Opener) -> None:
    page = browse(served, None, "/signin")
    page.goto(f"{served.url}/docs")
    shade = "getComputedStyle(document.body).backgroundColor"
    light = page.evaluate(shade)
    button = page.get_by_role("button", name="Theme")
    expect(button).to_have_accessible_name("Theme: auto")
    page.emulate_media(color_scheme="dark")
    dark = page.evaluate(shade)
    assert dark != light
    button.click()
    expect(button).to_have_accessible_name("Theme: light")
    assert page.evaluate(shade) == light
    page.goto(f"{served.url}/signin")
    assert page.evaluate(shade) == light
    page.goto(f"{served.url}/docs")
    page.emulate_media(color_scheme="light")
    button.click()
    expect(button).to_have_accessible_name("Theme: dark")
    assert page.evaluate(shade) == dark
    button.click()
    assert page.evaluate(shade) == light

"""Two-factor authentication: turning it on and off, and signing in with it by every way."""

from __future__ import annotations

import re

import pyotp
import pytest

from letrics.accounts.links import Links
from letrics.accounts.second_factor import SecondFactor
from letrics.accounts.throttle import FREE_CODES
from letrics.accounts.users import Users
from tests.office import ADA, BOB, PASSWORD, Office
from tests.web.browser import Browser, Page

CODE_FORM = 'action="/signin/code"'


def inside(browser: Browser) -> bool:
    return browser.get("/settings").status == 200


def hidden(page: Page, name: str) -> str:
    found = re.search(rf'name="{name}" value="([^"]*)"', page.html)
    assert found
    return found[1]


def turn_on(browser: Browser) -> tuple[pyotp.TOTP, list[str]]:
    """Turn it on with the form; returns what the app has, and the recovery codes."""
    form = browser.get("/settings/two-factor/on")
    app = pyotp.TOTP(hidden(form, "secret"))
    page = browser.post("/settings/two-factor/on", {"secret": app.secret, "code": app.now()})
    assert page.status == 200, page.text
    return app, page.inner("codes").split()


def forget_used_codes(office: Office) -> None:
    """As if the last code had been used long ago, so that the test need not wait for the next one."""
    office.accounts.connection.execute("UPDATE user SET totp_step = 0 WHERE totp_secret IS NOT NULL")


def send_code(browser: Browser, asked: Page, code: str) -> Page:
    assert asked.status in (200, 401) and CODE_FORM in asked.html
    fields = {"pending": hidden(asked, "pending"), "next": hidden(asked, "next"), "code": code}
    return browser.post("/signin/code", fields)


def test_turn_on_shows_qr_code_and_ends_other_sessions(office: Office, bob: Browser) -> None:
    other = office.signed_in(BOB)
    form = bob.get("/settings/two-factor/on")
    assert "<svg" in form.html and "<path" in form.html and 'src="http' not in form.html
    secret = hidden(form, "secret")
    assert bob.post("/settings/two-factor/on", {"secret": secret, "code": "000000"}).status == 400
    assert hidden(bob.post("/settings/two-factor/on", {"secret": secret, "code": "x"}), "secret") == secret
    assert not Users(office.accounts).get(BOB).has_totp
    _, codes = turn_on(bob)
    assert len(codes) == 10 and Users(office.accounts).get(BOB).has_totp
    assert inside(bob) and not inside(other)
    shown = bob.get("/settings/two-factor").text
    assert "10 recovery codes" in shown and codes[0] not in shown


def test_sign_in_asks_for_the_code_once_the_password_is_right(office: Office, bob: Browser) -> None:
    app, codes = turn_on(bob)
    browser = office.browser()
    assert browser.sign_in(BOB, "wrong password").status == 401
    asked = browser.fill("/signin?next=/settings/tokens", {"email": BOB, "password": PASSWORD})
    assert asked.status == 200 and "letrics_session" not in browser.jar and not inside(browser)
    wrong = send_code(browser, asked, app.now())
    assert wrong.status == 401 and "used before" in wrong.text, "the code that turned it on"
    forget_used_codes(office)
    done = send_code(browser, wrong, app.now())
    assert (done.status, done.location) == (303, "/settings/tokens") and inside(browser)
    again = office.browser()
    assert send_code(again, again.sign_in(BOB, PASSWORD), app.now()).status == 401, "replayed"
    recovered = office.browser()
    assert send_code(recovered, recovered.sign_in(BOB, PASSWORD), codes[0]).status == 303
    assert send_code(again, again.sign_in(BOB, PASSWORD), codes[0]).status == 401, "replayed"


@pytest.mark.parametrize("way", ["reset", "sign_in"])
def test_links_do_not_bypass_the_code(office: Office, bob: Browser, way: str) -> None:
    _, codes = turn_on(bob)
    links = Links(office.accounts)
    browser, new = office.browser(), {"password": "battery staple", "again": "battery staple"}
    asked = browser.fill(links.reset(BOB), new) if way == "reset" else browser.fill(links.sign_in(BOB))
    assert not inside(browser)
    assert send_code(browser, asked, codes[0]).status == 303 and inside(browser)


def test_pending_sign_in_needs_its_secret(office: Office, bob: Browser) -> None:
    app, _ = turn_on(bob)
    forget_used_codes(office)
    browser = office.browser()
    assert browser.get("/signin/code").location == "/signin"
    browser.get("/signin")
    for pending in ("", "x" * 43):
        page = browser.post("/signin/code", {"pending": pending, "code": app.now()})
        assert page.status == 401 and "expired" in page.text
    page = browser.post("/signin/code", {"pending": "", "code": app.now(), "next": "//evil.example"})
    assert hidden(page, "next") == "/"


def test_guessing_codes_is_throttled(office: Office, bob: Browser) -> None:
    app, codes = turn_on(bob)
    forget_used_codes(office)
    browser = office.browser(address="192.0.2.60")
    asked = browser.sign_in(BOB, PASSWORD)
    wrong = f"{(int(app.now()) + 500_000) % 1_000_000:06}"
    for number in range(FREE_CODES):
        browser.address = f"192.0.2.{60 + number}"
        assert send_code(browser, asked, wrong).status == 401
    office.accounts.connection.execute(
        "UPDATE attempt SET blocked_until = blocked_until + 60000 WHERE blocked_until > 0"
    )
    browser.address = "192.0.2.99"
    late = send_code(browser, asked, app.now())
    assert late.status == 429 and int(late.reply.headers["retry-after"]) >= 1
    assert send_code(browser, asked, codes[0]).status == 303, "a recovery code cannot be guessed"


def test_turn_off_needs_password_and_code(office: Office, bob: Browser) -> None:
    app, codes = turn_on(bob)
    forget_used_codes(office)
    for fields in ({"current": "wrong password", "code": codes[0]}, {"current": PASSWORD, "code": "000000"}):
        assert bob.fill("/settings/two-factor/off", fields).status == 400
    assert SecondFactor(office.accounts).codes_left(Users(office.accounts).get(BOB).id) == 10
    done = bob.fill("/settings/two-factor/off", {"current": PASSWORD, "code": app.now()})
    assert done.location == "/settings/two-factor?done=two-factor-off"
    assert office.browser().sign_in(BOB, PASSWORD).status == 303


def test_new_recovery_codes_replace_the_old_ones(office: Office, bob: Browser) -> None:
    _, old = turn_on(bob)
    new = bob.post("/settings/two-factor/codes").inner("codes").split()
    browser = office.browser()
    asked = browser.sign_in(BOB, PASSWORD)
    assert send_code(browser, asked, old[0]).status == 401
    assert send_code(browser, asked, new[0]).status == 303


def test_admin_turns_it_off_for_a_user(office: Office, ada: Browser, bob: Browser) -> None:
    turn_on(bob)
    user = Users(office.accounts).get(BOB).id
    assert "Turn two-factor off" in ada.get(f"/admin/users/{user}").text
    assert ada.post(f"/admin/users/{user}/two-factor").status == 303
    assert "Turn two-factor off" not in ada.get(f"/admin/users/{user}").text
    assert office.browser().sign_in(BOB, PASSWORD).status == 303
    assert inside(office.signed_in(ADA))

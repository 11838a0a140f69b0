"""Invitations, password links, sessions and roles, in the browsers of all who are concerned."""

from __future__ import annotations

import pytest

from letrics.accounts.roles import Role
from tests.browser.barriers import barriers
from tests.browser.conftest import HOSTILE, Opener, Watch
from tests.browser.server import PASSWORD, Served
from tests.reliability.running import until

pytest.importorskip("playwright", reason="the browser tests need playwright: pip install playwright")
from playwright.sync_api import Page, expect


def choose_password(page: Page, button: str) -> None:
    page.get_by_label("Password", exact=True).fill(PASSWORD)
    page.get_by_label("Confirm password").fill(PASSWORD)
    page.get_by_role("button", name=button).click()


def refused(page: Page, url: str, heading: str) -> None:
    page.goto(url)
    expect(page.get_by_role("heading", name=heading)).to_be_visible()


def test_an_invitation_is_good_once(served: Served, browse: Opener, watch: Watch) -> None:
    watch.expected.append("status of 404")
    admin = browse(served, served.person(admin=True), "/admin/users")
    admin.get_by_role("link", name="Invite").click()
    admin.get_by_label("Email").fill("Guest.One@people.example")
    admin.get_by_role("button", name="Create invitation link").click()
    link = admin.locator("#link").inner_text()
    assert link.startswith(f"{served.url}/invitation/")
    assert barriers(admin) == []
    admin.get_by_role("link", name="Back to users").click()
    expect(admin.get_by_role("row", name="guest.one@people.example")).to_contain_text("invited")
    guest = browse(served, None, link.removeprefix(served.url))
    expect(guest.get_by_label("Email")).to_have_value("guest.one@people.example")
    choose_password(guest, "Join")
    expect(guest).to_have_title("Overview · Letrics")
    guest.goto(f"{served.url}/settings")
    expect(guest.get_by_text("Viewer: you can search")).to_be_visible()
    refused(browse(served, None, "/signin"), link, "Not found")


def test_an_invitation_is_withdrawn(served: Served, browse: Opener, watch: Watch) -> None:
    watch.expected.append("status of 404")
    admin = browse(served, served.person(admin=True), "/admin/users/invite")
    admin.get_by_label("Email").fill("guest.two@people.example")
    admin.get_by_role("button", name="Create invitation link").click()
    link = admin.locator("#link").inner_text()
    admin.goto(f"{served.url}/admin/users")
    admin.get_by_role("button", name="Withdraw the invitation of guest.two@people.example").click()
    expect(admin.get_by_role("row", name="guest.two@people.example")).to_have_count(0)
    refused(browse(served, None, "/signin"), link, "Not found")


def test_a_password_link_ends_sessions_and_lets_in(served: Served, browse: Opener, watch: Watch) -> None:
    watch.expected.append("status of 404")
    user = served.person(password="the forgotten one")
    elsewhere = browse(served, user, "/settings")
    admin = browse(served, served.person(admin=True), f"/admin/users/{user.id}")
    admin.get_by_role("button", name="Create password reset link").click()
    link = admin.locator("#link").inner_text()
    page = browse(served, None, link.removeprefix(served.url))
    choose_password(page, "Save and sign in")
    expect(page).to_have_title("Overview · Letrics")
    until(lambda: elsewhere.goto(f"{served.url}/settings") and elsewhere.title() == "Sign in · Letrics", 5)
    elsewhere.get_by_label("Email").fill(user.email)
    elsewhere.get_by_label("Password").fill(PASSWORD)
    elsewhere.get_by_role("button", name="Sign in").click()
    expect(elsewhere).to_have_title("Profile · Letrics")
    refused(page, link, "Not found")


def test_sessions_are_ended_from_another_browser(served: Served, browse: Opener) -> None:
    user = served.person()
    here, there, third = (browse(served, user, "/settings/sessions") for _ in range(3))
    here.reload()
    expect(here.get_by_role("row")).to_have_count(4)
    here.get_by_role("row").filter(has_not_text="this browser").get_by_role("link", name="End").first.click()
    here.get_by_role("dialog").get_by_role("button", name="End session").click()
    expect(here.get_by_role("row")).to_have_count(3)
    here.get_by_role("link", name="End all others").click()
    here.get_by_role("dialog").get_by_role("button", name="End other sessions").click()
    expect(here.get_by_role("row")).to_have_count(2)
    for page in (there, third):
        page.goto(f"{served.url}/settings/sessions")
        expect(page).to_have_title("Sign in · Letrics")


def test_a_disabled_user_is_out_at_once(served: Served, browse: Opener) -> None:
    user = served.person(password=PASSWORD)
    secret, _ = served.make_token(user, "theirs")
    theirs = browse(served, user, "/settings")
    admin = browse(served, served.person(admin=True), f"/admin/users/{user.id}")
    admin.get_by_role("link", name="Disable").click()
    admin.get_by_role("dialog").get_by_role("button", name="Disable").click()
    expect(admin.get_by_role("button", name="Enable")).to_be_visible()
    assert barriers(admin) == []
    until(lambda: served.status(secret) == 401, 5)
    theirs.goto(f"{served.url}/settings")
    expect(theirs).to_have_title("Sign in · Letrics")


@pytest.mark.parametrize("role", ["viewer", "editor"])
def test_others_cannot_do_what_admins_do(served: Served, browse: Opener, watch: Watch, role: Role) -> None:
    watch.expected += ["status of 403", "status of 405"]
    member, other = served.person(role=role), served.person(role="viewer")
    secret, token = served.make_token(other, "theirs")
    page = browse(served, member, "/overview")
    page.get_by_label("Your account").click()
    expect(page.get_by_role("link", name="Users")).to_have_count(0)
    for path in ("/admin/users", "/admin/users/invite", "/admin/tokens", f"/admin/users/{other.id}"):
        refused(page, served.url + path, "Access denied")
    acts = (
        f"/admin/users/{member.id}/role", f"/admin/users/{other.id}/disable", f"/admin/users/{other.id}/reset",
        f"/admin/users/{other.id}/delete", f"/admin/users/{other.id}/enable",
        f"/admin/tokens/{token.id}/revoke", "/admin/users/invite", "/admin/invitations/withdraw",
    )  # fmt: skip
    for path in acts:
        page.goto(f"{served.url}/settings")
        page.locator("form.fields").evaluate("(form, to) => { form.action = to; }", path)
        page.get_by_role("button", name="Save").click()
        expect(page.get_by_role("heading", name="Access denied")).to_be_visible()
    with served.accounts() as accounts:
        left = accounts.connection.execute(
            "SELECT count(*) FILTER (WHERE role = 'admin'), count(disabled_at), count(*) FROM user WHERE id IN (?, ?)",
            (member.id, other.id),
        )
        assert left.fetchone() == (0, 0, 2)
    assert served.status(secret) == 200


def test_the_last_admin_stays(empty: Served, browse: Opener, watch: Watch) -> None:
    watch.expected.append("status of 409")
    with empty.accounts() as accounts:
        accounts.connection.execute("UPDATE user SET role = 'viewer'")
    admin = empty.person(admin=True)
    page = browse(empty, admin, f"/admin/users/{admin.id}")
    page.get_by_label("Viewer").check()
    page.get_by_role("button", name="Change role").click()
    expect(page.get_by_role("alert")).to_contain_text("This is the last admin")
    assert barriers(page) == []


def test_peoples_names_are_text(served: Served, browse: Opener) -> None:
    name = HOSTILE[:100]
    page = browse(served, served.person(), "/settings")
    page.get_by_label("Name").fill(name)
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_role("status").filter(has_text="Saved.")).to_be_visible()
    page.get_by_label("Your account").click()
    expect(page.locator(".who")).to_contain_text(name)
    assert page.evaluate("window.hit") is None
    assert page.locator("img[src=x]").count() == 0


def test_rows_are_found_while_typing(served: Served, browse: Opener) -> None:
    wanted, other = served.person(), served.person()
    page = browse(served, served.person(admin=True), "/admin/users")
    expect(page.get_by_role("row", name=other.email)).to_be_visible()
    page.get_by_label("Find by email").press_sequentially(wanted.email)
    expect(page.get_by_role("row", name=other.email)).to_have_count(0)
    expect(page.get_by_role("row", name=wanted.email)).to_be_visible()
    page.wait_for_url(f"**/admin/users?q={wanted.email.replace('@', '%40')}")


def test_a_role_is_changed_and_seen_at_once(served: Served, browse: Opener) -> None:
    user = served.person(role="viewer")
    theirs = browse(served, user, "/settings/tokens/new")
    expect(theirs.get_by_label("Read and write")).to_have_count(0)
    expect(theirs.get_by_text("your role is viewer")).to_be_visible()
    assert barriers(theirs) == []
    admin = browse(served, served.person(admin=True), f"/admin/users/{user.id}")
    admin.get_by_label("Editor").check()
    admin.get_by_role("button", name="Change role").click()
    expect(admin.get_by_role("status").filter(has_text="The role was changed")).to_be_visible()
    expect(admin.get_by_label("Editor")).to_be_checked()
    assert barriers(admin) == []
    until(lambda: theirs.reload() and theirs.get_by_label("Read and write").count() == 1, 5)


def test_a_user_is_deleted(served: Served, browse: Opener, watch: Watch) -> None:
    watch.expected.append("status of 404")
    user = served.person(role="editor")
    secret, _ = served.make_token(user, "theirs")
    admin = browse(served, served.person(admin=True), f"/admin/users/{user.id}")
    admin.get_by_role("link", name="Delete").click()
    admin.get_by_role("dialog").get_by_role("button", name="Delete user").click()
    expect(admin.get_by_role("status").filter(has_text="The user was deleted")).to_be_visible()
    expect(admin.get_by_role("row", name=user.email)).to_have_count(0)
    until(lambda: served.status(secret) == 401, 5)


@pytest.mark.parametrize("scripts", [True, False])
def test_an_old_sign_in_is_confirmed(served: Served, browse: Opener, watch: Watch, scripts: bool) -> None:
    watch.expected.append("status of 401")
    user = served.person(admin=True, password=PASSWORD)
    page = browse(served, user, "/settings/tokens/new", java_script_enabled=scripts)
    with served.accounts() as accounts:
        accounts.connection.execute(
            "UPDATE session SET authenticated_at = authenticated_at - 16 * 60000 WHERE user_id = ?", (user.id,)
        )
    page.wait_for_timeout(600)  # until every process has looked at the accounts again
    page.get_by_label("Name").fill("a “name” & <more>")
    page.get_by_label("Read and write").check()
    page.get_by_label("never").check()
    page.get_by_role("button", name="Create token").click()
    expect(page.get_by_role("heading", name="Confirm it is you")).to_be_visible()
    expect(page.get_by_label("Password")).to_be_focused()
    assert not scripts or barriers(page) == []
    page.get_by_label("Password").fill("not the password")
    page.get_by_role("button", name="Confirm").click()
    expect(page.get_by_role("alert")).to_contain_text("The password is wrong")
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Confirm").click()
    expect(page.get_by_role("heading", name="Your new token")).to_be_visible()
    expect(page.locator("#main")).to_contain_text("a “name” & <more>: scopes read, write, never expires")

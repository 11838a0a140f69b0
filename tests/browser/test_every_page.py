"""What holds for every page: no barriers, fits a small screen, light to load, nothing from elsewhere, no errors."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final
from urllib.request import HTTPErrorProcessor, Request, build_opener

import pytest

from letrics.accounts.links import Links
from letrics.accounts.users import User
from tests.browser import tour
from tests.browser.barriers import barriers
from tests.browser.conftest import Opener, Watch
from tests.browser.server import PASSWORD, Served

pytest.importorskip("playwright", reason="the browser tests need playwright: pip install playwright")
from playwright.sync_api import Page

MOST_BYTES: Final = 150_000
"""All that a page loads, as it comes over the wire."""

NARROW: Final = 320
"""The width to which pages must reflow without scrolling sideways (WCAG 2.2, 1.4.10)."""

LONG: Final = "a.very-long_name.without-any-space.to-break-it-at.0123456789"

Stop = tuple[Served, User | None, tuple[str, ...]]
GROUPS: Final = ("open", "own", "wrong", "admins", "empty", "empty-open")


@pytest.fixture
def stop(request: pytest.FixtureRequest, served: Served, empty: Served) -> Stop:
    """Pages to see, and as whom."""
    match request.param:
        case "open":
            return served, None, tour.OPEN + _links(served)
        case "own":
            user = served.person(password=PASSWORD, stem=LONG)
            _, token = served.make_token(user, LONG)
            return served, user, tour.OWN + tour.with_token(token.id)
        case "wrong":
            return served, served.person(), (*tour.WRONG, "/admin/users")
        case "admins":
            admin, other = served.person(admin=True), served.person(stem=LONG)
            served.make_token(other, LONG)
            return served, admin, tour.ADMINS + tour.of_user(other.id)
        case "empty":
            paths = ("/overview", "/explore/contacts", "/explore/companies?industries=None", "/settings/tokens")
            return empty, empty.person(admin=True), (*paths, "/admin/tokens", "/import")
        case _:
            return empty, None, ("/signin", "/docs/contacts")


def _links(served: Served) -> tuple[str, ...]:
    user = served.person(stem=LONG)
    with served.accounts() as accounts:
        links = Links(accounts)
        return links.invite(f"{LONG}@people.example", role="admin"), links.reset(user.email), links.sign_in(user.email)


def each(page: Page, server: Served, paths: tuple[str, ...], look: Callable[[str], None]) -> None:
    for path in paths:
        page.goto(server.url + path)
        if page.locator("#explorer").count():
            page.wait_for_selector(".x-results[aria-busy=false]")
        look(path)


def test_tables_of_sentences_fit_a_wide_screen(served: Served, browse: Opener) -> None:
    page = browse(served, None, "/docs")
    too_wide = "all => all.filter(table => table.offsetWidth > table.parentElement.clientWidth).length"

    def look(path: str) -> None:
        tables = page.locator("table.about")
        assert tables.count() and tables.evaluate_all(too_wide) == 0, path

    each(page, served, ("/docs/privacy", "/docs/reliability", "/docs/limits"), look)


@pytest.mark.parametrize("stop", GROUPS, indirect=True)
def test_there_are_no_serious_barriers(stop: Stop, browse: Opener, watch: Watch) -> None:
    watch.expected += ["status of 4"]
    server, user, paths = stop
    page = browse(server, user, "/docs/errors")
    found: list[str] = []
    each(page, server, paths, lambda path: found.extend(barriers(page)))
    assert found == []


@pytest.mark.parametrize("stop", GROUPS, indirect=True)
def test_it_fits_a_small_screen_and_is_light(stop: Stop, browse: Opener, watch: Watch) -> None:
    watch.expected += ["status of 4"]
    server, user, paths = stop
    page = browse(server, user, "/docs/errors", width=NARROW)
    loaded: list[float] = []
    network = page.context.new_cdp_session(page)
    network.send("Network.enable")
    network.send("Network.setCacheDisabled", {"cacheDisabled": True})
    network.on("Network.loadingFinished", lambda event: loaded.append(event["encodedDataLength"]))
    found: list[Any] = []

    def look(path: str) -> None:
        wide = page.evaluate("document.documentElement.scrollWidth")
        if wide > NARROW:
            found.append((path, "width", wide))
        if sum(loaded) > MOST_BYTES or not loaded:
            found.append((path, "bytes", sum(loaded)))
        loaded.clear()

    loaded.clear()
    each(page, server, paths, look)
    assert found == []


@pytest.mark.parametrize("stop", GROUPS, indirect=True)
def test_the_headers_that_protect_it_are_there(stop: Stop) -> None:
    server, user, paths = stop
    opener = build_opener(_AsItIs)
    sent = {"Cookie": f"letrics_session={server.session(user)}" if user else "", "Accept": "text/html"}
    for path in (*paths, "/static/nothing.css"):
        with opener.open(Request(server.url + path, headers=sent)) as answer:
            headers = answer.headers
        policy = dict(part.strip().partition(" ")[::2] for part in headers["Content-Security-Policy"].split(";"))
        assert policy["default-src"] == "'none'", path
        assert policy["frame-ancestors"] == policy["base-uri"] == "'none'", path
        assert policy["script-src"] == policy["style-src"] == policy["form-action"] == "'self'", path
        assert headers["X-Content-Type-Options"] == "nosniff", path
        assert headers["Referrer-Policy"] == "same-origin", path
        if user is not None and not path.startswith("/static/"):
            assert headers["Cache-Control"] == "no-store", path


class _AsItIs(HTTPErrorProcessor):
    """Returns every response unchanged: redirects are not followed, errors not raised."""

    def http_response(self, request: Request, response: Any) -> Any:
        return response

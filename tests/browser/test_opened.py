"""What opens on a page: menus, dialogs, panels. No barriers, on any screen, and shut again by Escape."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Final

import pytest

from tests.browser.barriers import barriers
from tests.browser.conftest import Opener, Watch

pytest.importorskip("playwright", reason="the browser tests need playwright: pip install playwright")
from playwright.sync_api import expect

if TYPE_CHECKING:
    from playwright.sync_api import Locator, Page

Act = Callable[["Page"], "Locator"]
"""Opens something, and returns what must then be seen."""


def account(page: Page) -> Locator:
    page.get_by_label("Your account").click()
    return page.get_by_role("button", name="Sign out")


def columns(page: Page) -> Locator:
    page.locator("#columns summary").click()
    return page.get_by_role("button", name="Default columns")


def export(page: Page) -> Locator:
    page.locator("#export summary").click()
    return page.get_by_role("button", name="Parquet")


def code(page: Page) -> Locator:
    page.get_by_role("button", name="API", exact=True).click()
    return page.get_by_role("dialog", name="API request for this search")


def record(page: Page) -> Locator:
    page.locator("#rows a[data-id]").first.click()
    return page.locator("#drawer")


def options(page: Page) -> Locator:
    if page.locator(".x-narrow").is_visible():
        page.locator(".x-narrow").click()
    page.locator("#f-job_titles").fill("man")
    return page.locator(".x-list:popover-open [role=option]").first


def panel(name: str) -> Act:
    def opened(page: Page) -> Locator:
        page.get_by_role("button", name=name, exact=True).click()
        return page.locator({"Filters": "#filters", "Breakdown": "#facets"}[name])

    return opened


LARGE: Final[tuple[Act, ...]] = (account, columns, export, code, record, options)
SMALL: Final[tuple[Act, ...]] = (account, columns, export, code, record, panel("Filters"), panel("Breakdown"))


@pytest.mark.parametrize("width", [360, 1440])
def test_what_opens_has_no_barriers_and_fits(visit: Opener, width: int) -> None:
    page = visit("/explore/contacts?job_titles=manager&exclude_departments=Sales", width=width)
    found: list[object] = []
    for open_it in LARGE if width > 1000 else SMALL:
        shown = open_it(page)
        expect(shown).to_be_visible()
        found += barriers(page)
        wide = page.evaluate("document.documentElement.scrollWidth")
        box = shown.bounding_box()
        assert box is not None
        if wide > width or box["x"] < 0 or box["x"] + box["width"] > width:
            found.append((shown, wide, box))
        page.keyboard.press("Escape")
        expect(shown).to_be_hidden()
        if open_it is options:
            page.locator("#f-job_titles").fill("")
    assert found == []


def test_what_is_out_of_date_stays_readable(visit: Opener, watch: Watch) -> None:
    watch.expected += ["ERR_INTERNET_DISCONNECTED"]
    page = visit("/explore/contacts?job_titles=manager", height=500)
    page.context.set_offline(True)
    page.locator(".x-facet .x-in").first.click()
    expect(page.locator("#notes")).to_contain_text("Cannot reach the server")
    assert barriers(page) == []
    chips, notes = page.locator("#chips li").first.bounding_box(), page.locator("#notes").bounding_box()
    assert chips is not None and notes is not None
    assert chips["y"] + chips["height"] <= notes["y"]

"""Boxes that complete values: while there is text one option is highlighted, and Enter takes it in every box."""

from __future__ import annotations

from urllib.parse import parse_qsl, urlsplit

import pytest

pytest.importorskip("playwright", reason="the browser tests need playwright: pip install playwright")
from playwright.sync_api import Page, expect

from letrics.records import KINDS, Kind
from letrics.web.explorer.controls import groups
from tests.browser.conftest import Opener

OPTIONS = ".x-list:popover-open [role=option]"


def asks(page: Page, *pairs: tuple[str, str]) -> None:
    """Wait until exactly these filters are in force."""
    expect(page.locator("#chips li")).to_have_count(len(pairs))
    assert parse_qsl(urlsplit(page.url).query) == [*pairs]


@pytest.mark.parametrize(
    ("typed", "taken"),
    [
        ("germ", "Germany"),
        ("US", "United States"),
        ("uk", "United Kingdom"),
        ("dach", "DACH"),
        ("Atlantis", "Atlantis"),
    ],
)
def test_enter_in_locations_takes_the_highlighted_place(visit: Opener, typed: str, taken: str) -> None:
    page = visit("/explore/contacts")
    page.locator("#f-locations").fill(typed)
    expect(page.locator(f"{OPTIONS}[aria-selected=true]")).to_contain_text(taken)
    page.keyboard.press("Enter")
    asks(page, ("locations", taken))


def test_enter_before_the_options_are_there_waits(visit: Opener) -> None:
    page = visit("/explore/contacts")
    page.locator("#f-locations").focus()
    page.keyboard.type("germ")
    page.keyboard.press("Enter")
    asks(page, ("locations", "Germany"))


def test_text_as_typed_is_the_last_option(visit: Opener) -> None:
    page = visit("/explore/contacts")
    page.locator("#f-locations").fill("germ")
    expect(page.locator(OPTIONS).last).to_contain_text("“germ” as typed")
    page.keyboard.press("ArrowUp")
    page.keyboard.press("Shift+Enter")
    asks(page, ("exclude_locations", "germ"))


def test_text_of_a_contains_field_is_the_first_option(visit: Opener) -> None:
    page = visit("/explore/contacts")
    page.locator("#f-job_titles").fill("head of")
    expect(page.locator(f"{OPTIONS}[aria-selected=true]")).to_contain_text("Contains “head of”")
    page.keyboard.press("Enter")
    asks(page, ("job_titles", "head of"))


@pytest.mark.parametrize("kind", KINDS)
def test_every_box_with_text_highlights_one_option(visit: Opener, kind: Kind) -> None:
    page = visit(f"/explore/{kind}")
    page.evaluate("document.querySelectorAll('.x-group').forEach(group => { group.open = true; })")
    controls = [control for group in groups(kind) for control in group.controls if control.completes]
    assert len(controls) >= 6
    for control in controls:
        page.locator(f"#f-{control.key}").fill("a")
        expect(page.locator(OPTIONS).first).to_be_visible()
        highlighted = page.locator(f"{OPTIONS}[aria-selected=true]")
        expect(highlighted).to_have_count(1)
        taken = highlighted.locator("span").first.inner_text()
        page.keyboard.press("Enter")
        value = "a" if control.typed == "first" or taken == "“a” as typed" else taken
        expect(page.locator(f"[data-key={control.key}] .x-values b")).to_have_text(value)
        page.keyboard.press("Backspace")
        expect(page.locator("#chips li")).to_have_count(0)

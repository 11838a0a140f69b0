"""The manual in a real browser: languages chosen by keyboard, with and without scripts, on small screens too."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from typing import TYPE_CHECKING

import pytest

from tests.reliability.running import Server, serving
from tests.web.docs.reading import PATHS

if TYPE_CHECKING:
    from playwright.sync_api import Browser

CHROMIUM = os.environ.get("CHROMIUM") or shutil.which("chromium") or shutil.which("google-chrome")


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    with serving(tmp_path_factory.mktemp("home")) as made:
        yield made


@pytest.fixture(scope="module")
def chromium() -> Iterator[Browser]:
    driver = pytest.importorskip("playwright.sync_api", reason="playwright is not installed")
    if CHROMIUM is None:
        pytest.skip("there is no Chromium on this machine")
    with driver.sync_playwright() as playwright:
        made = playwright.chromium.launch(
            executable_path=CHROMIUM, args=["--no-sandbox", "--disable-gpu", "--disable-background-networking"]
        )
        yield made
        made.close()


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_pages_fit_a_small_screen_and_keep_the_policy(server: Server, chromium: Browser, theme: str) -> None:
    context = chromium.new_context(viewport={"width": 360, "height": 740}, color_scheme=theme)  # type: ignore[arg-type]
    page = context.new_page()
    said: list[str] = []
    page.on("console", lambda message: said.append(f"{page.url}: {message.text}"))
    page.on("pageerror", lambda error: said.append(f"{page.url}: {error}"))
    for path in PATHS:
        page.goto(server.url + path)
        assert page.evaluate("document.documentElement.scrollWidth") <= 360, path
    assert said == []
    context.close()


@pytest.mark.parametrize("scripts", [True, False])
def test_sample_arrow_keys_choose_the_language(server: Server, chromium: Browser, scripts: bool) -> None:
    context = chromium.new_context(java_script_enabled=scripts)
    page = context.new_page()
    page.goto(f"{server.url}/docs")
    sample = page.locator(".sample").first
    assert sample.locator("pre:visible").get_attribute("aria-label") == "curl"
    sample.locator("input").first.focus()
    page.keyboard.press("ArrowRight")
    assert sample.locator("pre:visible").get_attribute("aria-label") == "Python"
    assert sample.locator("button:visible").count() == int(scripts)
    context.close()


def test_sample_language_is_remembered_and_copied(server: Server, chromium: Browser) -> None:
    context = chromium.new_context(permissions=["clipboard-read", "clipboard-write"])
    page = context.new_page()
    page.goto(f"{server.url}/docs")
    page.get_by_text("JavaScript", exact=True).first.click()
    page.goto(f"{server.url}/docs/companies")
    labels = page.locator(".sample pre:visible").evaluate_all("all => all.map(one => one.ariaLabel)")
    assert set(labels) == {"JavaScript"}
    page.locator(".sample button:visible").first.click()
    page.get_by_text("Copied").wait_for()
    shown = page.locator(".sample pre:visible").first.text_content()
    assert page.evaluate("navigator.clipboard.readText()") == shown
    context.close()

"""Servers in separate processes, and Chromium to open their pages.

Every page is watched: what it logs as an error, what its policy forbids and requests to other hosts fail the test.
"""

from __future__ import annotations

import json
import os
import shutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, cast
from urllib.parse import urlsplit

import pytest

from letrics.accounts.users import User
from letrics.sample import sample_file
from tests.browser.server import Served, load, serving

if TYPE_CHECKING:
    from playwright.sync_api import Browser, BrowserContext, Page

CHROMIUM = os.environ.get("CHROMIUM") or shutil.which("chromium") or shutil.which("google-chrome")
HOSTILE = """<img src=x onerror="window.hit=1">'"><script>window.hit=2</script>"""
PATIENCE_MS = 20_000
"""After this what should show is given up on; machines that run tests are busy."""

_FLAGS = (
    "--headless --no-sandbox --disable-gpu --disable-quic --no-first-run --disable-background-networking "
    "--disable-component-update --disable-sync"
)


@pytest.fixture(scope="session")
def program() -> str:
    """Where Chromium is; without one the test is skipped."""
    if CHROMIUM is None:
        pytest.skip("the browser tests need Chromium: apt-get install chromium, or say where one is in CHROMIUM")
    return CHROMIUM


@pytest.fixture(scope="module")
def chromium(program: str) -> Iterator[Browser]:
    """One browser for a module: while Playwright runs, other tests of this process could run no event loop."""
    driver = pytest.importorskip("playwright.sync_api", reason="the browser tests need playwright")
    driver.expect.set_options(timeout=PATIENCE_MS)
    with driver.sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=program, args=_FLAGS.split())
        yield browser
        browser.close()


@pytest.fixture(scope="session")
def served(program: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    """A server over the sample and one company and contact whose every text is hostile."""
    home = tmp_path_factory.mktemp("served")
    rows = home / "hostile.jsonl"
    rows.write_text(json.dumps(hostile()) + "\n")
    load(home, sample_file("companies"), kind="companies")
    load(home, sample_file("contacts"), rows, kind="contacts")
    with serving(home) as made:
        made.token, _ = made.make_token(made.person(admin=True), "browser tests")
        yield made


@pytest.fixture(scope="session")
def empty(program: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    """A server without records."""
    with serving(tmp_path_factory.mktemp("empty")) as made:
        yield made


def hostile() -> dict[str, Any]:
    texts = ("full_name", "job_title", "department", "seniority", "phone")
    company = dict.fromkeys(("name", "description"), HOSTILE) | {
        name: [HOSTILE] for name in ("functions", "industries", "technologies", "locations")
    }
    return {"id": "hostile", **dict.fromkeys(texts, HOSTILE), "company": {"domain": "hostile.example", **company}}


@dataclass
class Watch:
    """What pages did that they must not do; `expected` are parts of messages that a test provokes."""

    wrong: list[str] = field(default_factory=list)
    expected: list[str] = field(default_factory=list)

    def note(self, text: str) -> None:
        self.wrong.append(text)

    def unexpected(self) -> list[str]:
        return [text for text in self.wrong if not any(part in text for part in self.expected)]

    def over(self, context: BrowserContext, url: str) -> None:
        """Watch all pages of a browser that may ask only the host of `url`."""

        def requested(asked: str) -> None:
            if asked.startswith("http") and urlsplit(asked).netloc != urlsplit(url).netloc:
                self.note(f"a request to {asked}")

        def logged(kind: str, text: str) -> None:
            if kind in ("error", "warning"):
                self.note(text)

        context.on("request", lambda request: requested(request.url))
        context.on("console", lambda message: logged(message.type, message.text))
        context.on("weberror", lambda error: self.note(str(error.error)))


@pytest.fixture
def watch() -> Iterator[Watch]:
    made = Watch()
    yield made
    assert made.unexpected() == []


Opener = Callable[..., "Page"]


@pytest.fixture
def browse(chromium: Browser, watch: Watch) -> Iterator[Opener]:
    """Opens a path of a server in a new browser, signed in as a user or signed out.

    Further words are options of the browser, as Playwright knows them; `width` is the screen's.
    """
    contexts: list[BrowserContext] = []

    def open_page(
        server: Served, user: User | None, path: str, width: int = 1440, height: int = 900, **options: Any
    ) -> Page:
        context = chromium.new_context(viewport=cast("Any", {"width": width, "height": height}), **options)
        contexts.append(context)
        watch.over(context, server.url)
        if user is not None:
            context.add_cookies([{"name": "letrics_session", "value": server.session(user), "url": server.url}])
        page = context.new_page()
        page.set_default_timeout(PATIENCE_MS)
        page.goto(server.url + path)
        return page

    yield open_page
    for context in contexts:
        context.close()


@pytest.fixture(scope="session")
def reader(served: Served) -> User:
    """A member who only looks."""
    return served.person()


@pytest.fixture
def visit(served: Served, reader: User, browse: Opener) -> Opener:
    """Opens a path of the explorer over the sample, signed in, and waits until the scripts have shown a result."""

    def open_page(path: str, width: int = 1440, height: int = 900, scripts: bool = True) -> Page:
        page = browse(served, reader, path, width, height, java_script_enabled=scripts, accept_downloads=True)
        if scripts:
            page.wait_for_selector(".x-results[aria-busy=false]")
        return page

    return open_page

"""A server over the bundled sample in a process of its own, and Chromium to look at it with.

Every page is watched: what it logs as an error, and requests to other hosts, fail the test.
"""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit
from urllib.request import Request, urlopen

import pytest

from letrics.accounts.database import AccountsDatabase
from letrics.accounts.sessions import Sessions
from letrics.accounts.tokens import Tokens
from letrics.accounts.users import Users
from letrics.records import KINDS
from letrics.sample import sample_file

pytest.importorskip("playwright", reason="the browser tests need playwright: pip install playwright")
from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright

CHROMIUM = Path("/usr/bin/chromium")
ROOT = Path(__file__).parents[2]
USER = "ada@people.example"
HOSTILE = """<img src=x onerror="window.hit=1">'"><script>window.hit=2</script>"""
_FLAGS = (
    "--headless --no-sandbox --disable-gpu --disable-quic --no-first-run --disable-background-networking "
    "--disable-component-update --disable-sync"
)


@dataclass
class Served:
    """The server's address, a token that may read, and the secret of a session."""

    url: str
    token: str
    secret: str

    def ask(self, path: str, body: dict[str, Any] | None = None) -> dict[str, Any]:
        """What the API answers to a program."""
        data = None if body is None else json.dumps(body).encode()
        headers = {"Authorization": f"Bearer {self.token}", "Content-Type": "application/json"}
        with urlopen(Request(self.url + path, data, headers)) as response:
            answer: dict[str, Any] = json.load(response)
        return answer

    def total(self, kind: str, body: dict[str, Any]) -> int:
        found: int = self.ask(f"/v1/{kind}", {**body, "per_page": 1})["meta"]["total"]
        return found


@pytest.fixture(scope="session")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    """A server over the sample and one company and contact whose every text is hostile."""
    if not CHROMIUM.exists():
        pytest.skip(f"the browser tests need {CHROMIUM}: apt-get install chromium")
    home = tmp_path_factory.mktemp("served")
    kept = {name: value for name, value in os.environ.items() if not name.startswith("LETRICS_")}
    environment = {**kept, "PYTHONPATH": str(ROOT / "src"), "LETRICS_HOME": str(home)}
    program = [sys.executable, "-m", "letrics.cli"]
    rows = home / "hostile.jsonl"
    rows.write_text(json.dumps(_hostile()) + "\n")
    for file in (sample_file("companies"), sample_file("contacts"), rows):
        kind = next((kind for kind in KINDS if kind in file.name), "contacts")
        command = [*program, "import", str(file), "--kind", kind]
        subprocess.run(command, env=environment, check=True, capture_output=True)
    with AccountsDatabase(home / "accounts.db") as accounts:
        Users(accounts).add(USER, admin=True)
        token, _ = Tokens(accounts).create(USER, "browser tests")
        secret = Sessions(accounts).open(1)
    log = (home / "log").open("w")
    process = subprocess.Popen(
        [*program, "serve", "--port", "0"], env=environment, stdout=subprocess.PIPE, stderr=log, text=True
    )
    assert process.stdout is not None
    try:
        found = re.search(r"http://[0-9.:]+", process.stdout.readline())
        assert found, (home / "log").read_text()
        yield Served(found[0], token, secret)
    finally:
        process.terminate()
        process.wait(20)
        process.stdout.close()
        log.close()


def _hostile() -> dict[str, Any]:
    texts = ("full_name", "job_title", "department", "seniority", "phone")
    company = dict.fromkeys(("name", "description"), HOSTILE) | {
        name: [HOSTILE] for name in ("functions", "industries", "technologies", "locations")
    }
    return {"id": "hostile", **dict.fromkeys(texts, HOSTILE), "company": {"domain": "hostile.example", **company}}


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    if not CHROMIUM.exists():
        pytest.skip(f"the browser tests need {CHROMIUM}: apt-get install chromium")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=str(CHROMIUM), args=_FLAGS.split())
        yield browser
        browser.close()


@dataclass
class Watch:
    """What pages did that they must not do; `expected` are parts of messages that a test provokes."""

    wrong: list[str] = field(default_factory=list)
    expected: list[str] = field(default_factory=list)

    def note(self, text: str) -> None:
        self.wrong.append(text)

    def unexpected(self) -> list[str]:
        return [text for text in self.wrong if not any(part in text for part in self.expected)]


@pytest.fixture
def watch() -> Iterator[Watch]:
    made = Watch()
    yield made
    assert made.unexpected() == []


Opener = Callable[..., Page]


@pytest.fixture
def visit(served: Served, chromium: Browser, watch: Watch) -> Iterator[Opener]:
    """Opens a path in a browser of its own, signed in, and waits until the scripts have shown an answer."""
    contexts: list[BrowserContext] = []

    def requested(url: str) -> None:
        if url.startswith("http") and urlsplit(url).netloc != urlsplit(served.url).netloc:
            watch.note(f"a request to {url}")

    def open_page(path: str, width: int = 1440, height: int = 900, scripts: bool = True) -> Page:
        context = chromium.new_context(
            viewport={"width": width, "height": height}, java_script_enabled=scripts, accept_downloads=True
        )
        contexts.append(context)
        context.add_cookies([{"name": "letrics_session", "value": served.secret, "url": served.url}])
        page = context.new_page()
        page.set_default_timeout(10_000)
        page.on("request", lambda request: requested(request.url))
        page.on("console", lambda message: watch.note(message.text) if message.type in ("error", "warning") else None)
        page.on("pageerror", lambda error: watch.note(str(error)))
        page.goto(served.url + path)
        if scripts:
            page.wait_for_selector(".x-results[aria-busy=false]")
        return page

    yield open_page
    for context in contexts:
        context.close()

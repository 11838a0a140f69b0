"""Every link inside the site leads somewhere, and every fragment names an element: signed out and signed in."""

from __future__ import annotations

from collections import Counter, deque
from html.parser import HTMLParser
from typing import Final
from urllib.parse import urldefrag, urljoin, urlsplit

import pytest

from letrics.accounts.links import Links
from letrics.accounts.tokens import Tokens
from tests.contract.world import ann
from tests.office import ADA, BOB, Office
from tests.web.browser import Browser

BASE: Final = "http://letrics.example:8000"
VARIANTS: Final = 4
"""How many query strings of one path are visited: a table of records links to endlessly many."""

STARTS: Final = (
    "/", "/signin", "/overview", "/no/such/page", f"/explore/contacts?open={ann}", "/explore/contacts?job_titles=zzz",
    "/explore/companies", "/explore/contacts?nonsense=1", "/explore/contacts?page=9",
)  # fmt: skip


class Found(HTMLParser):
    """What a page links to, and the ids that links may lead to."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.links: list[str] = []
        self.ids: set[str] = set()
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        self.ids |= {given[name] for name in ("id", "name") if name in given}
        wanted = {"a": "href", "link": "href", "script": "src", "img": "src"}.get(tag)
        if tag == "form" and given.get("method", "get").lower() == "get":
            wanted = "action"
        if wanted in given:
            self.links.append(given[wanted])


def dead_links(browser: Browser, *starts: str) -> list[str]:
    """Crawl from some paths; every link that leads to no page or to no element, with where it was found."""
    waiting = deque((start, "the start") for start in starts)
    pages: dict[str, Found | None] = {}
    variants: Counter[str] = Counter()
    wrong: list[str] = []
    fragments: list[tuple[str, str, str]] = []
    while waiting:
        target, source = waiting.popleft()
        url, fragment = urldefrag(urljoin(BASE, target))
        parts = urlsplit(url)
        if f"{parts.scheme}://{parts.netloc}" != BASE:
            continue
        asked = parts.path + (f"?{parts.query}" if parts.query else "")
        if fragment:
            fragments.append((asked, fragment, source))
        if asked in pages or variants[parts.path] >= VARIANTS:
            continue
        variants[parts.path] += 1
        page = browser.get(asked)
        if page.status in (302, 303, 307):
            pages[asked] = None
            waiting.append((urljoin(url, page.location), asked))
            continue
        if page.status != 200 and source != "the start":
            wrong.append(f"{asked} answers {page.status}, linked on {source}")
        is_page = page.reply.headers.get("content-type", "").startswith("text/html")
        pages[asked] = found = Found(page.html) if is_page else None
        if found is not None:
            waiting.extend((urljoin(url, link), asked) for link in found.links)
    for asked, fragment, source in fragments:
        page_found = pages.get(asked)
        if page_found is not None and fragment not in page_found.ids:
            wrong.append(f"{asked}#{fragment} names no element, linked on {source}")
    assert len(pages) > len(starts)
    return sorted(set(wrong))


def test_links_signed_out_all_lead_somewhere(office: Office) -> None:
    assert dead_links(office.browser(), *STARTS) == []


@pytest.mark.parametrize("email", [ADA, BOB])
def test_links_signed_in_all_lead_somewhere(office: Office, email: str) -> None:
    Tokens(office.accounts).create(email, "export")
    reset = Links(office.accounts).reset(BOB)
    browser = office.signed_in(email)
    assert dead_links(browser, *STARTS, "/settings", "/settings/tokens", reset) == []


def test_links_before_set_up_all_lead_somewhere(empty: Office) -> None:
    invitation = Links(empty.accounts).invite("new@people.example")
    assert dead_links(empty.browser(), "/setup", "/", "/docs", invitation, "/overview") == []


def test_links_of_failures_are_links(office: Office) -> None:
    page = office.browser().get("/no/such/page")
    assert page.status == 404
    assert 'The documentation is at <a href="/docs">/docs</a>' in page.html and "Go to home" in page.text
    assert 'sign in at <a href="/signin">/signin</a>' in office.browser().get("/setup").html

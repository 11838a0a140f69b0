"""Pages as this server shows them: where links lead, and commands and addresses of code blocks."""

from __future__ import annotations

import time

import pytest

from letrics.web.docs.contents import chapters
from letrics.web.docs.manual import adapt, load_manual, read_page, resolve_link
from letrics.web.docs.requests import SAMPLES


@pytest.mark.parametrize(
    ("target", "url"),
    [
        ("search.md", "/docs/search"),
        ("users.md#roles", "/docs/users#roles"),
        ("README.md", "/docs"),
        ("#files", "#files"),
        ("https://example.com/a.md", "https://example.com/a.md"),
        ("../ARCHITECTURE.md", None),
        ("gallery.md", None),
        ("images/docs.png", None),
        ("decisions", None),
    ],
)
def test_resolve_link_knows_pages_and_external_links(target: str, url: str | None) -> None:
    assert resolve_link(target) == url


def test_adapt_replaces_the_address_and_adds_the_home() -> None:
    text = "letrics import a.csv\nT=$(letrics token create --name x)\ncat b | letrics import -\ncurl http://127.0.0.1:8000/v1"
    assert adapt(text, "https://crm.example", "/srv/our data") == (
        "letrics import --home '/srv/our data' a.csv\n"
        "T=$(letrics token create --home '/srv/our data' --name x)\n"
        "cat b | letrics import --home '/srv/our data' -\n"
        "curl https://crm.example/v1"
    )


@pytest.mark.parametrize("text", ["letrics import a.csv", "sudo letrics status", "/opt/letrics/bin/letrics check"])
def test_adapt_without_home_keeps_commands(text: str) -> None:
    assert adapt(text, "http://other", "") == text


def test_adapt_leaves_commands_of_other_users_alone() -> None:
    assert adapt("sudo -u letrics letrics status", "", "/srv") == "sudo -u letrics letrics status"


def test_read_page_converts_every_page() -> None:
    load_manual()
    pages = [read_page(chapter) for chapter in chapters()]
    assert {part.text for page in pages for part in page.parts if part.kind == "sample"} == set(SAMPLES)
    assert all("&lt;!--" not in part.text for page in pages for part in page.parts if part.kind == "html")


def test_read_page_of_a_loaded_manual_takes_no_time() -> None:
    load_manual()
    begun = time.perf_counter()
    load_manual()
    assert time.perf_counter() - begun < 0.02

"""Redirect targets: only paths of this site."""

from __future__ import annotations

import pytest

from letrics.web.own_path import own_path

OUTSIDE = [
    "", "//evil.example", "///evil.example", "/\\evil.example", "\\\\evil.example", "https://evil.example",
    "https:evil",
    "javascript:alert(1)", "data:text/html,x", "evil.example", "/%2fevil.example", "/%2Fevil.example",
    "/%5cevil.example", "/%255cevil.example", "/%252fevil.example", "%2f%2fevil.example", "/\tevil.example",
    "/\n/evil.example", " //evil.example", "/ /evil.example", "/x//evil.example", "/%09/evil.example",
    "/%0d%0aSet-Cookie:x=1", "/é", "/x\x00", "/signout", "/signin?next=/signin", "/v1/contacts", "/app/contacts",
    "/setup", "/" + "a" * 3000,
]  # fmt: skip


@pytest.mark.parametrize("text", OUTSIDE)
def test_nobody_is_sent_elsewhere(text: str) -> None:
    assert own_path(text) == "/"


@pytest.mark.parametrize(
    "text", ["/", "/settings", "/explore/contacts?locations=K%C3%B6ln&x=a%2F%2Fb&u=https%3A%2F%2Fx", "/a/b%20c#d"]
)
def test_own_paths_are_kept(text: str) -> None:
    assert own_path(text) == text

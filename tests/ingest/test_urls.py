"""Readers of web addresses and of LinkedIn profiles."""

from __future__ import annotations

from typing import Any

import pytest

from letrics.ingest import urls
from letrics.ingest.partial import Partial
from letrics.normalize.web_address import MAX_URL


@pytest.mark.parametrize(
    ("value", "read"),
    [
        ("acme.example", "https://acme.example"),
        ("//acme.example/x", "https://acme.example/x"),
        (" HTTP://acme.example:8080/?q=1#x ", "HTTP://acme.example:8080/?q=1#x"),
        ("https://münchen.de", "https://münchen.de"),
        ("", None),
        (None, None),
    ],
)
def test_read_website_adds_the_missing_scheme(value: str | None, read: str | None) -> None:
    assert urls.read_website(value) == read


@pytest.mark.parametrize(
    ("value", "words"),
    [
        ("acme", "is not a web address: use one such as"),
        ("ftp://acme.example", "is not a web address"),
        ("https://acme.example/a b", "is not a web address"),
        ("https://user@acme.example", "is not a web address"),
        ("https://[::1]/", "is not a web address"),
        (5, "is not a web address"),
        ("https://acme.example/" + "x" * MAX_URL, "longer than 2,048 characters"),
    ],
)
def test_read_website_refuses_what_is_no_address(value: Any, words: str) -> None:
    with pytest.raises(ValueError, match=words):
        urls.read_website(value)


@pytest.mark.parametrize(
    ("value", "read"),
    [
        ("https://www.linkedin.com/in/jane", "https://www.linkedin.com/in/jane"),
        ("linkedin.com/in/jane", "https://www.linkedin.com/in/jane"),
        ("de.linkedin.com/in/j%C3%BCrgen", "https://www.linkedin.com/in/j%C3%BCrgen"),
        ("https://linkedin.example/in/jane", "https://linkedin.example/in/jane"),
        (" ", None),
    ],
)
def test_read_linkedin_accepts_profiles(value: str, read: str | None) -> None:
    assert urls.read_linkedin(value) == read


@pytest.mark.parametrize(
    "value",
    ["acme.example/in/jane", "https://profiles.example/jane", "jane", "in/jane", "https://linkedin.com/in/a b", 5],
)
def test_read_linkedin_refuses_other_addresses(value: Any) -> None:
    with pytest.raises(ValueError, match=r"use one such as https://www\.linkedin\.com/in/name"):
        urls.read_linkedin(value)


@pytest.mark.parametrize(
    ("value", "first", "left"),
    [
        ("acme.example, acme.test", "acme.example", ['"acme.test" is left out: the field has one value']),
        ("https://acme.example; www.acme.example", "acme.example", []),
        ("acme.example | shop.other.test\nx.test", "acme.example", ['"shop.other.test"', '"x.test"']),
    ],
)
def test_read_domain_of_several_takes_the_first(value: str, first: str, left: list[str]) -> None:
    read = urls.read_domain(value)
    assert type(read) is Partial and read.value == first
    assert len(read.reasons) == len(left)
    assert all(reason.startswith(words) for reason, words in zip(read.reasons, left, strict=True))


def test_read_website_of_several_takes_the_first() -> None:
    read = urls.read_website("https://acme.example, http://acme.test/x")
    assert read == Partial("https://acme.example", ('"http://acme.test/x" is left out: the field has one value',))
    with pytest.raises(ValueError, match="is not a web address"):
        urls.read_website("our site")


@pytest.mark.parametrize(
    "others", [("https://www.linkedin.com/in/ann-abel",), ("https://x.com/ann", "ann.example"), ()]
)
@pytest.mark.parametrize("between", [", ", "; ", " | ", "\n"])
def test_linkedin_address_is_the_first_of_several(others: tuple[str, ...], between: str) -> None:
    first = "https://www.linkedin.com/in/ann"
    reasons = tuple(f'"{other}" is left out: the field has one value' for other in others)
    assert urls.read_linkedin(between.join((first, first, *others))) == Partial(first, reasons)

"""Web addresses and domains as people type them."""

from __future__ import annotations

import contextlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from letrics.normalize.web_address import several_addresses, typed_domain, web_address
from tests.hostile import texts


@pytest.mark.parametrize(
    ("text", "address"),
    [
        ("https://acme.com", "https://acme.com"),
        ("http://www.acme.com/a?b=1&c=2#d", "http://www.acme.com/a?b=1&c=2#d"),
        ("HTTP://Acme.com", "HTTP://Acme.com"),
        ("acme.com", "https://acme.com"),
        ("www.acme.com/x", "https://www.acme.com/x"),
        ("//acme.com", "https://acme.com"),
        ("https://www.https://acme1.com", "https://acme1.com"),
        ("http://https://acme5.com/x", "https://acme5.com/x"),
        ("https://http://acme.com", "http://acme.com"),
        ("https://https://https://acme.com", "https://acme.com"),
        ("http//acme.com", "http://acme.com"),
        ("http:/acme.com", "http://acme.com"),
        ("https:acme.com", "https://acme.com"),
        ("htpp://acme.com", "http://acme.com"),
        ("htps://acme.com", "https://acme.com"),
        ("https;//acme.com", "https://acme.com"),
        ("https:///acme.com", "https://acme.com"),
        ("http://www.http://www.acme.com", "http://www.acme.com"),
        ("<https://acme.com>", "https://acme.com"),
        ("https://acme.com,", "https://acme.com"),
        ("\u200bhttps://acme.com\u200b", "https://acme.com"),
        ("acme.com:8080/x", "https://acme.com:8080/x"),
        ("https.com", "https://https.com"),
        ("https://web.archive.org/web/https://acme.com", "https://web.archive.org/web/https://acme.com"),
        ("www.com", "https://www.com"),
        ("https://www.acme.con", "https://www.acme.con"),
    ],
)
def test_web_address_has_one_scheme(text: str, address: str) -> None:
    assert web_address(text) == address
    assert web_address(address) == address


@pytest.mark.parametrize(
    "text",
    [
        "www.acme3",
        "https://www.acme3",
        "https://www.acme3/x",
        "acme",
        "https://",
        "https://https://",
        "",
        "a b.com",
        "ftp://acme.com",
        "javascript:alert(1)",
        "mailto:jane@acme.com",
        "jane@acme.com",
        "https://[::1]/",
        "x" * 3000 + ".com",
    ],
)
def test_web_address_refuses_other_text(text: str) -> None:
    with pytest.raises(ValueError, match=r"is not a web address|longer than"):
        web_address(text)


@pytest.mark.parametrize(
    ("text", "domain"),
    [
        ("acme.com", "acme.com"),
        ("https://www.https://acme1.com", "acme1.com"),
        ("http://https://acme5.com/x", "acme5.com"),
        ("http//www.Acme.co.uk", "acme.co.uk"),
        ("jane@mail.acme.com", "acme.com"),
        ("mailto:jane@acme.com", "acme.com"),
        ("acme.com,", "acme.com"),
        ("<acme.com>", "acme.com"),
        ("acme.example", "acme.example"),
        ("acme.test", "acme.test"),
        ("m\u00fcnchen.de", "xn--mnchen-3ya.de"),
        ("пример.рф", "xn--e1afmkfd.xn--p1ai"),
        ("www.com", "www.com"),
        ("shop.myshopify.com", "shop.myshopify.com"),
    ],
)
def test_typed_domain_is_registrable(text: str, domain: str) -> None:
    assert typed_domain(text) == domain
    assert typed_domain(domain) == domain


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("www.acme3", "the part after www. is a single word"),
        ("https://www.acme3/x", "the part after www. is a single word"),
        ("acme4.con", "there is no top-level domain .con"),
        ("acme.cmo", "there is no top-level domain .cmo"),
        ("jane@acme.con", "there is no top-level domain .con"),
        ("localhost", "is a single word"),
        ("co.uk", "is a public suffix"),
        ("10.0.0.1", "is an IP address"),
        ("", "is blank"),
    ],
)
def test_typed_domain_refuses_what_cannot_exist(text: str, words: str) -> None:
    with pytest.raises(ValueError, match=words):
        typed_domain(text)


def test_several_addresses_are_split() -> None:
    assert several_addresses("acme.com, acme.de;x.y | https://z.com\n") == [
        "acme.com",
        "acme.de",
        "x.y",
        "https://z.com",
    ]


_pieces = st.sampled_from(
    ["https://", "http://", "www.", "acme", ".com", ".con", "/", ":", ",", "<", "//", "htp:/", "@", "\u200b"]
)


@given(texts() | st.lists(_pieces, max_size=8).map("".join))
def test_web_address_of_any_text_is_stable(text: str) -> None:
    with contextlib.suppress(ValueError):
        address = web_address(text)
        assert web_address(address) == address
    with contextlib.suppress(ValueError):
        domain = typed_domain(text)
        assert typed_domain(domain) == domain

"""Domains: what is reduced to a registrable domain, what is refused, and the suffixes of it."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from letrics.normalize.domain import (
    _all_suffixes,
    _beneath_suffix,
    _plain_suffixes,
    are_registrable,
    display_domain,
    icann_suffix,
    is_registrable,
    is_top_level_domain,
    registrable_domain,
    suffix_list_fingerprint,
    tld_key,
    tld_suffixes,
)


@pytest.mark.parametrize(
    ("text", "domain"),
    [
        ("example.com", "example.com"),
        ("  EXAMPLE.com. ", "example.com"),
        ("www.example.com", "example.com"),
        ("https://user:secret@www.shop.Example.co.uk:8443/path?q=a@b#c", "example.co.uk"),
        ("//cdn.example.com/x", "example.com"),
        ("example.com/@someone", "example.com"),
        ("example.com:443", "example.com"),
        ("example.com?x=http://other.example", "example.com"),
        ("jane.doe@mail.example.com", "example.com"),
        ("mailto:jane@example.com", "example.com"),
        ("shop.myshopify.com", "shop.myshopify.com"),
        ("a.b.shop.myshopify.com", "shop.myshopify.com"),
        ("team.github.io", "team.github.io"),
        ("myshopify.com", "myshopify.com"),
        ("https://www.webflow.io/pricing", "webflow.io"),
        ("GitHub.io", "github.io"),
        ("www.gov.uk", "www.gov.uk"),
        ("a.city.kawasaki.jp", "city.kawasaki.jp"),
        ("www.ck", "www.ck"),
        ("München.de", "xn--mnchen-3ya.de"),
        ("XN--MNCHEN-3YA.DE", "xn--mnchen-3ya.de"),
        ("faß.de", "xn--fa-hia.de"),
        ("пример.рф", "xn--e1afmkfd.xn--p1ai"),
        ("例え。テスト", "xn--r8jz45g.xn--zckzah"),
        ("www.食狮.公司.cn", "xn--85x722f.xn--55qx5d.cn"),
        ("acme.example", "acme.example"),
        ("xn--i-7iq.ws", "xn--i-7iq.ws"),
        ("my_shop.example.com", "example.com"),
        ("r3---sn-x.example.com", "example.com"),
    ],
)
def test_registrable_domain_of_urls_hosts_and_addresses(text: str, domain: str) -> None:
    assert registrable_domain(text) == domain
    assert registrable_domain(domain) == domain


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("", "blank"),
        (" \t", "blank"),
        ("https://", "blank"),
        ("192.168.0.1", "IP address"),
        ("http://127.0.0.1:8000/", "IP address"),
        ("0x7f.1", "IP address"),
        ("[::1]", "IP address"),
        ("http://[2001:db8::1]:80/", "IP address"),
        ("localhost", "single word"),
        ("com", "single word"),
        ("co.uk", "public suffix"),
        ("example..com", "a part between two dots"),
        (".example.com", "before the first"),
        ("-a.example.com", "hyphens"),
        ("exa mple.com", "letters, digits"),
        ("shop_.com", "underscore"),
        ("a" * 64 + ".com", "63"),
        (".".join(["a" * 50] * 6) + ".com", "253"),
        ("i❤.ws", "character"),
        ("xn--99999999.com", "Punycode"),
    ],
)
def test_what_is_no_domain_is_refused_in_words(text: str, words: str) -> None:
    with pytest.raises(ValueError, match=words):
        registrable_domain(text)


@pytest.mark.parametrize(
    ("domain", "suffix"),
    [
        ("example.co.uk", "co.uk"),
        ("shop.myshopify.com", "com"),
        ("team.github.io", "io"),
        ("acme.example", "example"),
        ("city.kawasaki.jp", "kawasaki.jp"),
        ("xn--e1afmkfd.xn--p1ai", "xn--p1ai"),
        ("xn--85x722f.xn--55qx5d.cn", "xn--55qx5d.cn"),
        ("..", None),
        ("a b", None),
    ],
)
def test_the_suffix_is_the_whole_one_of_the_icann_section(domain: str, suffix: str | None) -> None:
    assert icann_suffix(domain) == suffix


def test_tld_suffixes_are_all_dot_suffixes() -> None:
    assert tld_suffixes("co.uk") == ("co.uk", "uk")
    assert tld_suffixes("com") == ("com",)
    assert tld_suffixes("a.b.c") == ("a.b.c", "b.c", "c")


@pytest.mark.parametrize("text", ["com", ".com", "COM", " .Com ", "com.", "*.com", "ｃｏｍ"])
def test_a_top_level_domain_is_the_same_however_it_is_written(text: str) -> None:
    assert tld_key(text) == "com"


def test_tld_key_of_unicode_and_punycode_is_the_same() -> None:
    assert tld_key("рф") == tld_key(".РФ") == tld_key("XN--P1AI") == "xn--p1ai"


@pytest.mark.parametrize("text", ["", ".", "co uk", "a@b", "a..b", "xn--99999999"])
def test_what_is_no_top_level_domain_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match=r"blank|not a domain"):
        tld_key(text)


def test_a_domain_is_shown_in_its_own_letters() -> None:
    assert display_domain("xn--mnchen-3ya.de") == "münchen.de"
    assert display_domain("example.com") == "example.com"
    assert display_domain("xn--i-7iq.ws") == "xn--i-7iq.ws"
    assert display_domain("xn--99999999.com") == "xn--99999999.com"


def test_the_fingerprint_is_of_the_list() -> None:
    assert suffix_list_fingerprint() == suffix_list_fingerprint()
    assert len(suffix_list_fingerprint()) == 24


_HOSTLIKE = st.text(alphabet="abcDE019.-_@:/?#[]xn-éßд。 \u200d\ud800", max_size=40)


@given(st.one_of(st.text(max_size=60), _HOSTLIKE))
def test_any_text_is_a_domain_or_refused(text: str) -> None:
    try:
        domain = registrable_domain(text)
    except ValueError:
        return
    assert domain.isascii()
    assert domain == domain.lower()
    assert registrable_domain(domain) == domain
    suffix = icann_suffix(domain)
    assert suffix is not None
    assert domain.endswith("." + suffix) or domain == suffix
    assert registrable_domain(display_domain(domain)) == domain


@given(st.one_of(st.text(max_size=20), _HOSTLIKE))
def test_any_text_is_a_top_level_domain_or_refused(text: str) -> None:
    try:
        key = tld_key(text)
    except ValueError:
        return
    assert tld_key(key) == key


_LABELS = ["example", "a", "x-1", "blogspot", "xn--mnchen-3ya", "www", "-a", "a-", "a_b", "A", "ü", "", "a" * 64]
_SUFFIXES = [
    "com",
    "co.uk",
    "uk",
    "ck",
    "kawasaki.jp",
    "city.kawasaki.jp",
    "github.io",
    "1",
    "example",
    "com.",
    "amazonaws.com",
    "s3.amazonaws.com",
    "www.ck",
    "",
]


@given(st.sampled_from(_LABELS), st.sampled_from(_SUFFIXES))
def test_is_registrable_agrees_with_the_suffix_list(label: str, suffix: str) -> None:
    text = f"{label}.{suffix}"
    assert not are_registrable([text, "example.com"]) or is_registrable(text)
    if is_registrable(text):
        assert _all_suffixes().privatesuffix(text) == text


@given(st.lists(st.sampled_from(["a", "www", "b-2", "s3", "blogspot", "city"]), max_size=3), st.sampled_from(_SUFFIXES))
def test_plain_hosts_are_cut_as_the_list_has_it(labels: list[str], suffix: str) -> None:
    host = ".".join([*labels, suffix])
    if re.fullmatch(r"[a-z0-9]+(?:[.-][a-z0-9]+)+", host):
        assert _beneath_suffix(host) == _all_suffixes().privatesuffix(host)


def test_every_rule_cuts_as_the_list_has_it() -> None:
    for rule in sorted(_plain_suffixes()[1]):
        for host in (
            rule.lstrip("!*."),
            f"a.{rule.lstrip('!*.')}",
            f"b.a.{rule.lstrip('!*.')}",
            f"c.b.a.{rule.lstrip('!*.')}",
        ):
            if "." in host:
                assert _beneath_suffix(host) == _all_suffixes().privatesuffix(host), host


def test_is_registrable_of_common_domains() -> None:
    assert is_registrable("example.com") and is_registrable("my-shop.co.uk") and is_registrable("shop.myshopify.com")
    assert not is_registrable("myshopify.com") and not is_registrable("www.example.com")
    assert not is_registrable("city.kawasaki.jp") and not is_registrable("a.ck")


def test_are_registrable_judges_the_whole_list() -> None:
    assert are_registrable(["example.com", "my-shop.co.uk", "shop.myshopify.com"])
    for other in (
        "myshopify.com",
        "www.example.com",
        "a.com\nb.com",
        "xn--mnchen-3ya.de",
        "A.com",
        "",
        "com",
        "a-.com",
    ):
        assert not are_registrable(["example.com", other]), other


@pytest.mark.parametrize(("label", "known"), [("com", True), ("za", True), ("uk", True), ("zzz", False), ("", False)])
def test_is_top_level_domain_knows_the_ends_of_suffixes(label: str, known: bool) -> None:
    assert is_top_level_domain(label) is known

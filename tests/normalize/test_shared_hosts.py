"""Shared hosts: which addresses identify a company."""

from __future__ import annotations

import pytest

from letrics.normalize.domain import registrable_domain
from letrics.normalize.shared_hosts import _listed, company_domain, is_company_domain, is_shared_domain


@pytest.mark.parametrize(
    "text",
    [
        "https://www.facebook.com/baeckerei-abel",
        "facebook.com/cafebruno",
        "m.facebook.com/cafebruno",
        "de-de.facebook.com/cafebruno",
        "facebook.com",
        "HTTPS://WWW.FACEBOOK.COM/Cafe",
        "https://www.linkedin.com/company/fox-ag",
        "https://x.com/acme",
        "https://dana.wordpress.com",
        "eli.wordpress.com/about",
        "https://linktr.ee/acme",
        "https://bit.ly/3abc",
        "https://sites.google.com/view/acme",
        "https://acme.business.site",
        "github.com/acme",
        "https://www.etsy.com/shop/acme",
        "http://www.google.com/profiles/1084",
        "https://www.google.de/maps/place/Acme",
        "google.com/search?q=acme",
        "gmail.com",
        "jane@gmail.com",
        "https://mail.yahoo.co.uk",
        "t-online.de",
    ],
)
def test_company_domain_of_a_shared_host_is_none(text: str) -> None:
    assert company_domain(text) is None
    assert not is_company_domain(text)


@pytest.mark.parametrize(
    ("text", "domain"),
    [
        ("acme.com", "acme.com"),
        ("https://shop.acme.co.uk/en", "acme.co.uk"),
        ("shop.myshopify.com", "shop.myshopify.com"),
        ("https://dana.webflow.io/x", "dana.webflow.io"),
        ("dana.blogspot.com", "dana.blogspot.com"),
        ("team.github.io", "team.github.io"),
        ("webflow.io", "webflow.io"),
        ("https://www.webflow.io/", "webflow.io"),
        ("myshopify.com", "myshopify.com"),
        ("www.google.com", "google.com"),
        ("notfacebook.com", "notfacebook.com"),
        ("facebook.com.acme.example", "acme.example"),
        ("github.com", "github.com"),
        ("https://www.etsy.com/", "etsy.com"),
        ("info@acme.de", "acme.de"),
    ],
)
def test_company_domain_of_another_host_is_its_domain(text: str, domain: str) -> None:
    assert company_domain(text) == domain
    assert company_domain(domain) == domain
    assert not is_shared_domain(domain)


@pytest.mark.parametrize("text", ["", "localhost", "co.uk", "192.168.0.1"])
def test_company_domain_of_no_domain_raises(text: str) -> None:
    with pytest.raises(ValueError, match=r"^is "):
        company_domain(text)


def test_listed_free_mail_has_registrable_domains_only() -> None:
    names = _listed("free_mail.txt")
    assert len(names) > 4_000
    assert {"gmail.com", "gmx.de", "qq.com", "proton.me"} <= names
    assert all(registrable_domain(name) == name for name in names)
    assert not any(name.endswith((".example", ".test", ".invalid")) for name in names)


def test_listed_hosts_are_in_canonical_form() -> None:
    for name in _listed("shared_hosts.txt"):
        host = name.removesuffix("/")
        assert host == host.lower().strip()
        assert registrable_domain(host)


def test_is_company_domain_knows_plain_domains() -> None:
    assert is_company_domain("acme.com")
    assert not is_company_domain("https://acme.com")
    assert not is_company_domain("gmail.com")

"""The values of records as the table shows them."""

from __future__ import annotations

import pytest

from letrics.web.explorer.display import DisplayValue, parts


@pytest.mark.parametrize(
    ("address", "href"),
    [
        ("jane.doe+x@acme.example", "mailto:jane.doe+x@acme.example"),
        ("a?bcc=b&c@acme.example", "mailto:a%3Fbcc%3Db%26c@acme.example"),
        ("x\"'<>@acme.example", "mailto:x%22%27%3C%3E@acme.example"),
    ],
)
def test_parts_of_an_address_are_a_mailto_link(address: str, href: str) -> None:
    assert parts([{"value": address, "type": "personal"}]) == [DisplayValue("mail", address, href, "personal")]


@pytest.mark.parametrize(
    ("least", "most", "text"),
    [(11, 50, "11 – 50"), (10_001, None, "10,001 or more"), (None, 9, "up to 9"), (0, 0, "0 – 0")],
)
def test_parts_of_a_size_band_name_its_ends(least: int | None, most: int | None, text: str) -> None:
    assert parts({"min": least, "max": most}) == [DisplayValue("text", text)]


@pytest.mark.parametrize(
    ("url", "text"),
    [
        ("https://www.linkedin.com/in/jane-doe/", "in/jane-doe"),
        ("https://de.linkedin.com/in/jane", "in/jane"),
        ("https://linkedin.example/in/jane", "in/jane"),
        ("https://linkedin.com/", "linkedin.com"),
        ("https://www.acme.example/about", "acme.example/about"),
        ("https://notlinkedin.com/in/jane", "notlinkedin.com/in/jane"),
    ],
)
def test_parts_of_a_url_are_shown_short(url: str, text: str) -> None:
    assert parts(url) == [DisplayValue("link", text, url)]

"""LinkedIn addresses: one form for each profile and page."""

from __future__ import annotations

import contextlib

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from letrics.identity.linkedin import linkedin_profile
from letrics.normalize.linkedin_address import linkedin_url
from tests.hostile import texts

JANE = "https://www.linkedin.com/in/jane-doe"


@pytest.mark.parametrize(
    "url",
    [
        JANE,
        f"{JANE}/",
        "http://www.linkedin.com/in/jane-doe",
        "linkedin.com/in/jane-doe",
        "www.linkedin.com/in/jane-doe/",
        "//linkedin.com/in/jane-doe",
        "HTTPS://WWW.LINKEDIN.COM/IN/JANE-DOE",
        "https://uk.linkedin.com/in/jane-doe/en-us",
        "https://fr-ca.linkedin.com/in/jane-doe",
        f"{JANE}/de",
        f"{JANE}/overlay/contact-info/",
        f"{JANE}?trk=x&a=b#about",
        f"{JANE}/details/experience/",
        "https://www.linkedin.com/mwlite/in/jane-doe",
        "https://www.linkedin.com/comm/in/jane-doe",
        "https://m.linkedin.com/in/j%61ne%2Ddoe",
        f"{JANE},",
        f" <{JANE}>",
        f"'{JANE}'",
        f"{JANE}\u200b",
        f"({JANE}).",
        "https://linkedin.com:443/in/jane-doe",
        "https://linkedin.com./in/jane-doe",
        "linkedin.com//in//jane-doe//",
        "https://www.linkedin.com/mwlite/profile/in/jane-doe?trk=x",
        "https://user@linkedin.com/in/jane-doe",
        "https://www.linkedin.com/in/jane-doe%2F",
    ],
)
def test_linkedin_url_of_a_variant_is_canonical(url: str) -> None:
    assert linkedin_url(url) == JANE


@pytest.mark.parametrize(
    ("url", "form"),
    [
        ("linkedin.com/in/jürgen", "in/j%C3%BCrgen"),
        ("linkedin.com/in/j%c3%bcrgen", "in/j%C3%BCrgen"),
        ("linkedin.com/in/J%C3%9CRGEN/", "in/j%C3%BCrgen"),
        ("linkedin.com/in/j%FCrgen", "in/j%C3%BCrgen"),
        ("linkedin.com/in/ACoAAB1xYz", "in/ACoAAB1xYz"),
        ("linkedin.com/pub/Jane-Doe/1A/2b/3C4/de", "pub/jane-doe/1a/2b/3c4"),
        ("linkedin.com/pub/jane-doe/de", "pub/jane-doe"),
        ("linkedin.com/sales/lead/ACwAAAxY,NAME_SEARCH,aB0", "sales/lead/ACwAAAxY"),
        ("linkedin.com/sales/people/ACwAAAxY%2CNAME_SEARCH", "sales/lead/ACwAAAxY"),
        ("linkedin.com/profile/view?trk=1&id=AAB12", "profile/view?id=AAB12"),
        ("linkedin.com/profile/view?id=AAB12/", "profile/view?id=AAB12"),
        ("http://www.linkedin.com/company/Acme-Inc/", "company/acme-inc"),
        ("https://de.linkedin.com/company/acme/about/?x=1", "company/acme"),
        ("https://www.linkedin.com/company/12345/people", "company/12345"),
        ("https://www.linkedin.com/sales/company/70000", "company/70000"),
        ("https://www.linkedin.com/company-beta/70000/", "company/70000"),
        ("https://www.linkedin.com/school/acme-university/", "school/acme-university"),
        ("https://www.linkedin.com/mwlite/company/acme", "company/acme"),
        ("https://www.linkedin.com/company/müller-söhne", "company/m%C3%BCller-s%C3%B6hne"),
        ("https://www.linkedin.com/feed/update/urn:li:activity:1?x=1", "feed/update/urn:li:activity:1"),
    ],
)
def test_linkedin_url_of_each_form_is_canonical(url: str, form: str) -> None:
    assert linkedin_url(url) == f"https://www.linkedin.com/{form}"
    assert linkedin_url(f"https://www.linkedin.com/{form}") == f"https://www.linkedin.com/{form}"


@pytest.mark.parametrize("form", ["https://linkedin.example/in/jane-doe", "https://linkedin.example/company/acme"])
def test_linkedin_url_of_invented_data_stays(form: str) -> None:
    assert linkedin_url(form) == form
    assert linkedin_url(form.replace("https://", "www.") + "/") == form


@pytest.mark.parametrize(
    "text",
    [
        "",
        "jane",
        "in/jane",
        "https://acme.example/in/jane",
        "https://notlinkedin.com/in/jane",
        "linkedin.com",
        "linkedin",
        "https://www.linkedin.com/in/",
        "https://www.linkedin.com/in/me",
        "https://www.linkedin.com/company/",
        "linkedin.com.evil.example/in/jane",
        "https://evil.example/?u=linkedin.com/in/jane",
        "linkedin.com/in/jane doe",
        "javascript:alert(1)//linkedin.com/in/jane",
        "ftp://linkedin.com/in/jane",
        "linkedin.com/sales/lead/",
        "linkedin.com/in/" + "x" * 3000,
        "linkedin.com/../in",
        "linkedin.com/in/%00",
    ],
)
def test_linkedin_url_refuses_other_text(text: str) -> None:
    with pytest.raises(ValueError, match=r"is not a profile address|longer than"):
        linkedin_url(text)


_pieces = st.sampled_from([
    "linkedin.com", "linkedin.example", "https://", "www.", "/in/", "/company/", "/sales/lead/", "/pub/", "/", "%2F",
    "%25", "%C3%BC", "ü", "Jane", "jane-doe", ",", "?id=", "#", "de", "ACoAAB", "/mwlite", "/profile/view", ".",
    "\u200b", "a/1/2/3",
])  # fmt: skip


@example("linkedin.com/mwlite/mwlite/m")
@given(texts() | st.lists(_pieces, max_size=8).map(lambda pieces: "linkedin.com/" + "".join(pieces)))
def test_linkedin_url_of_any_text_is_stable(text: str) -> None:
    with contextlib.suppress(ValueError):
        url = linkedin_url(text)
        assert url.isascii() and linkedin_url(url) == url
        assert linkedin_profile(url) == linkedin_profile(linkedin_url(url + "/"))

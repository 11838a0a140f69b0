"""LinkedIn profiles: the URLs that name a person, and those that are one profile."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from letrics.identity.linkedin import linkedin_profile


@pytest.mark.parametrize(
    "url",
    [
        "https://www.linkedin.com/in/jane-doe",
        "http://linkedin.com/in/jane-doe/",
        "HTTPS://UK.LinkedIn.com/in/Jane-Doe",
        "linkedin.com/in/jane-doe?trk=profile",
        "//www.linkedin.com/in/jane-doe#about",
        "https://m.linkedin.com:443/in/j%61ne%2Ddoe",
        " https://linkedin.com./in/jane-doe ",
    ],
)
def test_spellings_of_one_profile(url: str) -> None:
    assert linkedin_profile(url) == "linkedin.com/in/jane-doe"


@pytest.mark.parametrize("url", ["https://www.linkedin.com", "linkedin.com/in/", "https://linkedin.com/?x=1", "", "/"])
def test_an_address_without_a_profile_identifies_nobody(url: str) -> None:
    assert linkedin_profile(url) is None


@pytest.mark.parametrize(
    "url",
    [
        "https://www.linkedin.com/in/jane-doe/de",
        "https://www.linkedin.com/in/jane-doe/en-us/",
        "https://fr.linkedin.com/in/jane-doe/fr?originalSubdomain=fr",
        "https://www.linkedin.com/in/jane-doe/overlay/contact-info/",
        "https://www.linkedin.com/in/jane-doe/overlay/about-this-profile/?lipi=urn%3Ali",
        "https://www.linkedin.com/in/jane-doe/details/experience/",
        "https://www.linkedin.com/in/jane-doe/recent-activity/all/",
        "https://www.linkedin.com/mwlite/in/jane-doe",
        "https://www.linkedin.com/mwlite/profile/in/jane-doe?trk=x",
        "https://www.linkedin.com/comm/in/jane-doe?midToken=x",
        "https://touch.www.linkedin.com/in/jane-doe",
        "https://fr-ca.linkedin.com/in/jane-doe",
        "https://www.de.linkedin.com/in/JANE-DOE",
        "https://linkedin.com/in/jane-doe,",
        "linkedin.com/in/jane-doe/).",
        "http://user@linkedin.com//in//jane-doe//",
        "https://www.linkedin.com/in/jane-doe%2F",
    ],
)
def test_linkedin_profile_of_a_variant_is_that_of_the_person(url: str) -> None:
    assert linkedin_profile(url) == "linkedin.com/in/jane-doe"


@pytest.mark.parametrize(
    ("url", "profile"),
    [
        ("linkedin.com/pub/jane-doe/1A/2b/3c4/de?trk=x", "linkedin.com/pub/jane-doe/1a/2b/3c4"),
        ("linkedin.com/pub/jane-doe/de", "linkedin.com/pub/jane-doe"),
        ("linkedin.com/sales/lead/ACwAAB12,NAME_SEARCH,x9?_ntb=1", "linkedin.com/sales/lead/acwaab12"),
        ("https://www.linkedin.com/sales/people/ACwAAB12%2CNAME_SEARCH", "linkedin.com/sales/lead/acwaab12"),
        ("linkedin.com/sales/lead/ACwAAB12", "linkedin.com/sales/lead/acwaab12"),
        ("linkedin.com/profile/view?trk=x&id=AAB12&y=1#top", "linkedin.com/profile/view?id=aab12"),
        ("http://de.linkedin.com/profile/view/?id=123", "linkedin.com/profile/view?id=123"),
        ("https://linkedin.example/in/Jane/de", "linkedin.example/in/jane"),
        ("https://www.linkedin.example/sales/people/A,B", "linkedin.example/sales/lead/a"),
    ],
)
def test_linkedin_profile_of_each_form_is_canonical(url: str, profile: str) -> None:
    assert linkedin_profile(url) == profile


@pytest.mark.parametrize(
    "url",
    [
        "https://www.linkedin.com/company/acme",
        "https://www.linkedin.com/company-beta/12",
        "https://www.linkedin.com/school/x",
        "https://www.linkedin.com/showcase/x",
        "https://www.linkedin.com/feed/",
        "https://www.linkedin.com/feed/update/urn:li:activity:1",
        "https://www.linkedin.com/posts/jane-doe_topic-activity-1",
        "https://www.linkedin.com/pulse/title-jane-doe",
        "https://www.linkedin.com/groups/1",
        "https://www.linkedin.com/jobs/view/1",
        "https://www.linkedin.com/search/results/people/?keywords=jane",
        "https://www.linkedin.com/pub/dir/Jane/Doe",
        "https://www.linkedin.com/sales/company/1",
        "https://www.linkedin.com/sales/lead/",
        "https://www.linkedin.com/sales/lead/,NAME_SEARCH",
        "https://www.linkedin.com/profile/view?trk=x",
        "https://www.linkedin.com/profile/view?id=",
        "https://www.linkedin.com/in/me/",
        "http://linkedin.com/in/unavailable",
        "https://www.linkedin.com/authwall?sessionRedirect=https%3A%2F%2Fwww.linkedin.com%2Fin%2Fjane",
        "https://x.example/in/jane",
        "https://notlinkedin.com/in/jane",
        "https://linkedin.com.x.example/in/jane",
        "https://business.linkedin.com/in/jane",
    ],
)
def test_linkedin_profile_of_any_other_page_is_none(url: str) -> None:
    assert linkedin_profile(url) is None


_names = st.from_regex(r"[a-z0-9\u00e0-\u00f6\u0430-\u044f-]{3,12}", fullmatch=True)


@given(
    _names,
    st.sampled_from(("", "http://", "HTTPS://", "//")),
    st.sampled_from(("", "www.", "uk.", "m.", "WWW.")),
    st.sampled_from(("/in/", "/mwlite/in/", "/IN/")),
    st.sampled_from(("", "/", "/de", "/en-us/", "/overlay/contact-info/", "?trk=a/b", "/#x", ",", " ")),
)
def test_linkedin_profile_does_not_depend_on_the_variant(
    name: str, scheme: str, subdomain: str, start: str, end: str
) -> None:
    plain = linkedin_profile(f"https://www.linkedin.com/in/{name}")
    assert linkedin_profile(f"{scheme}{subdomain}linkedin.com{start}{name.upper()}{end}") == plain
    if plain is not None:
        assert linkedin_profile(plain) == plain


@given(st.text(max_size=60))
def test_linkedin_profile_of_any_text_raises_nothing(text: str) -> None:
    linkedin_profile(text)
    linkedin_profile(f"https://linkedin.com/{text}")

"""Readers of lists of links."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final
from unittest.mock import ANY

import pytest
from hypothesis import given, settings
from msgspec import UNSET

from letrics.identity.patches import CompanyPatch
from letrics.ingest.column_mapping import make_mapping
from letrics.ingest.kinds import find_kind
from letrics.ingest.mapping import mapper
from letrics.ingest.nested_names import is_links_column
from letrics.ingest.site_links import reader_of_links
from letrics.ingest.urls import read_company_linkedin, read_domain, read_linkedin, read_website
from tests.hostile import ODD_VALUES, any_values, problem_with

TWITTER: Final = "https://twitter.com/ann"
PERSON: Final = "https://www.linkedin.com/in/ann-abel"
COMPANY: Final = "https://www.linkedin.com/company/acme"
SITE: Final = "https://acme.example"
READERS: Final[dict[str, Callable[[Any], Any]]] = {
    "person": reader_of_links(read_linkedin),
    "company": reader_of_links(read_company_linkedin),
    "site": reader_of_links(read_website),
}


@pytest.mark.parametrize(
    ("reader", "links", "found"),
    [
        ("person", [TWITTER, COMPANY, PERSON, SITE], PERSON),
        ("person", PERSON, PERSON),
        ("person", ["linkedin.com/in/Ann-Abel?x=1"], PERSON),
        ("person", [TWITTER, COMPANY], UNSET),
        ("company", [PERSON, COMPANY], COMPANY),
        ("company", [PERSON], UNSET),
        ("site", [TWITTER, PERSON, COMPANY, SITE], SITE),
        ("site", [TWITTER], UNSET),
        ("site", ["https://news.example/2026/acme-raises", SITE], SITE),
        ("site", "https://news.example/2026/acme-raises, acme.example/", f"{SITE}/"),
        ("site", ["https://news.example/acme", "https://acme.example/about"], UNSET),
        ("site", [SITE, "https://bolt.example"], UNSET),
        ("site", [SITE, "https://www.acme.example/"], SITE),
        ("site", ["https://acme.example/?article=7"], UNSET),
        ("site", [None, [], "http://[", "ann@acme.example"], UNSET),
        ("person", [None, 7, {}, "", PERSON], PERSON),
        ("person", None, UNSET),
        ("person", [], UNSET),
    ],
)
def test_reader_of_links_finds_the_address_by_its_host(reader: str, links: Any, found: Any) -> None:
    assert READERS[reader](links) == found


def test_reader_of_links_of_other_fields_is_the_same() -> None:
    assert reader_of_links(read_domain) is read_domain


@pytest.mark.parametrize("name", READERS)
@settings(deadline=None, max_examples=100)
@given(value=any_values())
def test_reader_of_any_links_gives_or_refuses(name: str, value: Any) -> None:
    assert problem_with(lambda links: READERS[name](links) or None, value) is None


@pytest.mark.parametrize("value", ODD_VALUES, ids=lambda value: type(value).__name__)
@pytest.mark.parametrize("name", READERS)
def test_reader_of_odd_links_gives_or_refuses(name: str, value: Any) -> None:
    assert problem_with(lambda links: READERS[name](links) or None, value) is None


@pytest.mark.parametrize(
    "value",
    [COMPANY, f"https://x.com/acme, {COMPANY}", f"{COMPANY};https://www.facebook.com/acme",
     f'["https://x.com/acme", "{COMPANY}"]', f"https://x.com/acme\n{COMPANY}/about",
     ["https://x.com/acme", None, COMPANY], "linkedin.com/company/acme | x.com/acme"],
)  # fmt: skip
def test_page_on_linkedin_is_found_by_its_host(value: Any) -> None:
    assert READERS["company"](value) == COMPANY


@pytest.mark.parametrize(
    "value", ["https://x.com/acme", "https://acme.example/linkedin", "https://www.linkedin.com/", "@acme", "", None,
    [], 7, "[", "x" * 9_000]
)  # fmt: skip
def test_other_addresses_are_no_page(value: Any) -> None:
    assert READERS["company"](value) is UNSET


@pytest.mark.parametrize("header", ["sameAs", "Social Links", "social_profiles", "Social Media", "Socials"])
def test_social_column_sets_the_page_of_a_company(header: str) -> None:
    assert is_links_column(header)
    rows = [{"name": "Acme", "url": "https://acme.example", header: f"https://x.com/acme, {COMPANY}"}]
    rows.append({"name": "Bolt", "url": "https://bolt.example", header: "https://x.com/bolt"})
    names = ["name", "url", header]
    assert find_kind("-", names, rows) == "companies"
    rows_of = mapper("companies", cells=True)
    rows_of.use(make_mapping("companies", names, rows))
    assert [rows_of.read(row).linkedin_url or None for row in rows] == [COMPANY, None]
    assert not rows_of.take_warnings()


def test_social_column_sets_the_profile_of_a_contact() -> None:
    names = ["Full Name", "Email", "Social Links"]
    rows = [{"Full Name": "Ann Abel", "Email": "ann@acme.example", "Social Links": f"https://x.com/ann {PERSON}"}]
    assert find_kind("-", names, rows) == "contacts"
    mapping = make_mapping("contacts", names, rows)
    assert [column.field for column in mapping.columns] == ["full_name", "emails", "linkedin_url"]


def test_social_column_without_linkedin_says_nothing() -> None:
    names = ["Name", "Email", "Social Links"]
    rows = [{"Name": "Ann Abel", "Email": "ann@acme.example", "Social Links": "https://x.com/ann"}]
    assert find_kind("-", names, rows) == "contacts"


def company(row: dict[str, Any]) -> CompanyPatch:
    names = list(row)
    rows_of = mapper("companies", cells=True)
    rows_of.use(make_mapping("companies", names, [row]))
    patch = rows_of.read(row)
    assert isinstance(patch, CompanyPatch)
    return patch


@pytest.mark.parametrize("header", ["Links", "links", "sameAs"])
def test_article_among_links_is_not_the_site(header: str) -> None:
    article = "https://news.example/2026/acme-raises"
    assert company({"name": "Acme", header: f"{article}, {SITE}"}).domain == "acme.example"
    assert company({"name": "Acme", header: [article, SITE]}).website == SITE
    found = company({"name": "Acme", header: article})
    assert found.website is UNSET and found.domain is None


@pytest.mark.parametrize("is_first", [False, True])
def test_site_among_links_is_at_the_given_domain(is_first: bool) -> None:
    for link, website in (("https://news.example", UNSET), (SITE, SITE), (f"https://www.acme.example {TWITTER}", ANY)):
        row = {"Links": link, "domain": "acme.example"} if is_first else {"domain": "acme.example", "Links": link}
        found = company(row)
        assert (found.domain, found.website) == ("acme.example", website)


def test_website_is_preferred_to_a_site_among_links() -> None:
    for row in ({"Links": "https://bolt.example", "website": SITE}, {"website": SITE, "Links": "https://bolt.example"}):
        assert (company(row).website, company(row).domain) == (SITE, "acme.example")

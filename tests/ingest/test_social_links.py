"""Columns with profiles on several sites."""

from __future__ import annotations

from typing import Any

import pytest

from letrics.ingest.column_mapping import make_mapping
from letrics.ingest.kinds import find_kind
from letrics.ingest.mapping import mapper
from letrics.ingest.social_links import is_social_column, read_social

PAGE, PROFILE = "https://www.linkedin.com/company/acme", "https://www.linkedin.com/in/ann-abel"


@pytest.mark.parametrize(
    "value",
    [PAGE, f"https://x.com/acme, {PAGE}", f"{PAGE};https://www.facebook.com/acme", f"https://x.com/acme\n{PAGE}/about",
     f'["https://x.com/acme", "{PAGE}"]', ["https://x.com/acme", None, PAGE], "linkedin.com/company/acme | x.com/acme"],
)  # fmt: skip
def test_page_on_linkedin_is_found_by_its_host(value: Any) -> None:
    assert read_social(value) == PAGE


@pytest.mark.parametrize(
    "value", ["https://x.com/acme", "https://acme.example/linkedin", "https://www.linkedin.com/", "@acme", "", None,
    [], 7, "[", "x" * 9_000]
)  # fmt: skip
def test_other_addresses_are_no_page(value: Any) -> None:
    assert read_social(value) is None


@pytest.mark.parametrize("header", ["sameAs", "Social Links", "social_profiles", "Social Media", "Socials"])
def test_social_column_sets_the_page_of_a_company(header: str) -> None:
    assert is_social_column(header)
    rows = [{"name": "Acme", "url": "https://acme.example", header: f"https://x.com/acme, {PAGE}"}]
    rows.append({"name": "Bolt", "url": "https://bolt.example", header: "https://x.com/bolt"})
    names = ["name", "url", header]
    assert find_kind("-", names, rows) == "companies"
    rows_of = mapper("companies", cells=True)
    rows_of.use(make_mapping("companies", names, rows))
    assert [rows_of.read(row).linkedin_url or None for row in rows] == [PAGE, None]
    assert not rows_of.take_warnings()


def test_social_column_sets_the_profile_of_a_contact() -> None:
    names = ["Full Name", "Email", "Social Links"]
    rows = [{"Full Name": "Ann Abel", "Email": "ann@acme.example", "Social Links": f"https://x.com/ann {PROFILE}"}]
    assert find_kind("-", names, rows) == "contacts"
    mapping = make_mapping("contacts", names, rows)
    assert [column.field for column in mapping.columns] == ["full_name", "emails", "linkedin_url"]


def test_social_column_without_linkedin_says_nothing() -> None:
    names = ["Name", "Email", "Social Links"]
    rows = [{"Name": "Ann Abel", "Email": "ann@acme.example", "Social Links": "https://x.com/ann"}]
    assert find_kind("-", names, rows) == "contacts"

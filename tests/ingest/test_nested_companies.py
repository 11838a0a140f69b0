"""Objects of a row that describe different companies."""

from __future__ import annotations

from typing import Any

import pytest

from letrics.ingest.nested_companies import columns_of_other_companies, contradicting_companies
from letrics.ingest.row_levels import find_levels


@pytest.mark.parametrize(
    ("row", "others"),
    [
        ({"company": {"name": "Acme"}}, set()),
        ({"company": {"name": "Acme Ltd"}, "account": {"name": "ACME"}}, set()),
        (
            {"company": {"name": "Acme"}, "account": {"name": "Other"}, "employer": {"name": "Third"}},
            {"account", "employer"},
        ),
        (
            {"company": {"domain": "a.example", "name": "A"}, "account": {"website_url": "www.a.example", "name": "B"}},
            set(),
        ),
        ({"company": {"domain": "a.example"}, "account": {"website_url": "b.example"}}, {"account"}),
        ({"company": {"domain": "a.example"}, "account": {"name": "B"}}, {"account"}),
        ({"company": {"name": 7, "domain": "not a domain"}, "account": {"name": "B"}}, set()),
        ({"company": {"name": "Acme"}, "owner": {"name": "Other"}}, set()),
        ({"company": "Acme", "account": {"name": "Other"}, "geo": {"city": "Berlin"}}, {"account"}),
        ({"company": "Acme", "account": {"name": "Acme Software", "domain": "acme.example"}}, set()),
        ({"company": "Acme", "account": {"domain": "acme.example"}}, set()),
        ({"company": "Acme", "org": {"domain": "a.example"}, "account": {"domain": "b.example"}}, {"account"}),
        ({"company_domain": "a.example", "account": {"name": "B", "domain": "b.example"}}, {"account"}),
        ({"domain": "a.example", "name": "A", "account": {"name": "B", "domain": "b.example"}}, {"account"}),
        ({"website": "ann.example", "account": {"name": "B", "domain": "b.example"}}, set()),
        ({"account": {"name": "Acme"}, "company": {"name": "B", "domain": "b.example"}}, {"account"}),
        ({"account": {"name": "A", "url": "x.example/1"}, "org": {"name": "B", "url": "x.example/2"}}, {"org"}),
        ({"account": {"name": "A", "title": "CTO"}, "org": {"name": "B", "title": "CTO"}}, {"org"}),
        ({"company": "Acme", "current_job": {"title": "CTO", "company": "B"}}, {"current_job"}),
        ({"company": "Acme", "current_job": {"title": "CTO"}}, set()),
        ({"employment": {"name": "B", "domain": "b.example"}, "company": {"name": "Acme"}}, {"employment"}),
        ({"experience": {"company": {"name": "B"}}, "employer": {"name": "Acme"}}, {"experience"}),
    ],
)
def test_contradicting_companies_differ_from_the_first(row: dict[str, Any], others: set[str]) -> None:
    assert contradicting_companies(find_levels(row).levels) == others
    assert contradicting_companies(find_levels({"data": row}).levels) == {f"data.{name}" for name in others}


@pytest.mark.parametrize(
    ("row", "others"),
    [
        ({"company": "Beta", "person": {"employment": {"name": "Acme", "title": "CTO"}}}, {"person.employment"}),
        ({"company": "Acme", "person": {"employment": {"name": "Acme Ltd", "domain": "a.example"}}}, set()),
        ({"company": {"name": "Beta"}, "contact": {"jobs": [{"company": "Acme"}]}}, {"contact.jobs"}),
        ({"company": {"name": "Beta"}, "contact": {"jobs": [{"company": "Acme"}, {"company": "Beta"}]}}, set()),
        ({"data": {"person": {"company": {"name": "Beta"}}, "account": {"name": "Acme"}}}, {"data.account"}),
        ({"person": {"company": "Beta"}, "account": {"name": "Acme"}}, {"account"}),
        ({"account": {"name": "Beta"}, "person": {"employer": {"name": "Acme"}}}, {"person.employer"}),
        (
            {"first_name": "Ann", "contact": {"name": "Bob", "company": {"name": "Other"}}, "org": {"name": "Acme"}},
            set(),
        ),
        ({"company": {"name": "Beta", "parent_company": {"name": "Acme"}}}, set()),
    ],
)
def test_contradicting_companies_are_compared_across_levels(row: dict[str, Any], others: set[str]) -> None:
    assert contradicting_companies(find_levels(row).levels) == others


@pytest.mark.parametrize(
    ("row", "others"),
    [
        ({"name": "Acme", "organization.domain": "beta.example"}, {}),
        ({"name": "Acme", "organization.name": "Acme GmbH", "organization.domain": "acme.example"}, {}),
        (
            {"name": "Acme", "organization.name": "Beta", "organization.domain": "beta.example"},
            {"organization": ["organization.name", "organization.domain"]},
        ),
        (
            {"data.domain": "acme.example", "data.account.website": "https://beta.example"},
            {"account": ["data.account.website"]},
        ),
        ({"domain": "acme.example", "account.name": "Beta"}, {}),
        ({"organization.name": "Beta", "city": "Berlin"}, {}),
        ({"name": "Acme", "companies.name": "Beta"}, {"companies": ["companies.name"]}),
        ({"name": "Acme", "client.name": "Beta"}, {"client": ["client.name"]}),
        ({"name": "Acme", "city": "Berlin"}, {}),
    ],
)
def test_columns_of_other_companies_have_other_names(row: dict[str, Any], others: dict[str, list[str]]) -> None:
    assert columns_of_other_companies(row) == others

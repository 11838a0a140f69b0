"""Objects of a row that describe different companies."""

from __future__ import annotations

from typing import Any

import pytest

from letrics.ingest.nested_companies import contradicting_companies


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
    assert contradicting_companies("", row) == others
    assert contradicting_companies("data.", row) == others

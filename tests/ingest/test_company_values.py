"""Companies of rows: what identifies them, and the domain of an email."""

from __future__ import annotations

from typing import Any

import pytest

from letrics.ingest.company_values import business_domain, drop_unknown_times, finish_company
from letrics.ingest.rows import RowProblem
from letrics.records import Email

PAGE = "https://www.linkedin.com/company/acme"


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        ({"domain": "acme.example"}, {"domain": "acme.example"}),
        ({"domain": "www.acme.example", "name": "Acme"}, {"domain": "acme.example", "name": "Acme"}),
        (
            {"domain": "gmail.com", "website": "https://acme.example"},
            {"domain": "acme.example", "website": "https://acme.example"},
        ),
        ({"domain": "jane@gmail.com", "name": "Acme"}, {"name": "Acme"}),
        ({"domain": "facebook.com/acme", "name": "Acme"}, {"name": "Acme", "website": "https://facebook.com/acme"}),
        ({"website": "https://facebook.com/acme", "name": "A"}, {"website": "https://facebook.com/acme", "name": "A"}),
        ({"website": PAGE, "name": "Acme"}, {"linkedin_url": PAGE, "name": "Acme"}),
        ({"domain": PAGE}, {"linkedin_url": PAGE}),
        ({"website": PAGE, "linkedin_url": f"{PAGE}-2"}, {"linkedin_url": f"{PAGE}-2"}),
        ({"website": "https://192.168.0.1", "name": "Acme"}, {"website": "https://192.168.0.1", "name": "Acme"}),
        ({"id": "co_0123456789ab"}, {"id": "co_0123456789ab"}),
        ({"id": "acme.example", "domain": "acme.example"}, {"id": "acme.example", "domain": "acme.example"}),
        ({"id": "7", "domain": "acme.example"}, {"domain": "acme.example"}),
        ({"website": "https://www.webflow.io/"}, {"domain": "webflow.io", "website": "https://www.webflow.io/"}),
    ],
)
def test_finish_company_keeps_what_identifies_it(given: dict[str, Any], expected: dict[str, Any]) -> None:
    assert finish_company(dict(given), "") == expected


@pytest.mark.parametrize(
    ("given", "field", "words"),
    [
        ({}, "domain", "is missing"),
        ({"name": "--"}, "domain", "is missing"),
        ({"website": "https://facebook.com/acme"}, "website", "many companies"),
        ({"website": "https://192.168.0.1"}, "website", "IP address"),
        ({"linkedin_url": "https://www.linkedin.com/in/jane"}, "domain", "is missing"),
    ],
)
def test_finish_company_refuses_what_identifies_none(given: dict[str, Any], field: str, words: str) -> None:
    with pytest.raises(RowProblem, match=words) as raised:
        finish_company(given, "company_")
    assert raised.value.field == f"company_{field}"


def test_business_domain_prefers_personal_addresses() -> None:
    emails = (Email("info@a.example", "generic"), Email("x@gmail.com", "personal"), Email("x@b.example", "personal"))
    assert business_domain(emails) == "b.example"
    assert business_domain(emails[:2]) == "a.example"
    assert business_domain(emails[1:2]) is None


def test_drop_unknown_times_removes_nulls() -> None:
    own = {"added_at": None, "first_seen_at": "x", "name": None}
    drop_unknown_times(own)
    assert own == {"first_seen_at": "x", "name": None}

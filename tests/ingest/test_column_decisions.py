"""The field of a column by its name and its own values."""

from __future__ import annotations

import pytest

from letrics.ingest.column_decisions import map_column
from letrics.ingest.column_values import ColumnValues
from letrics.records import Kind

PERSON = "https://www.linkedin.com/in/ann"
COMPANY = "https://www.linkedin.com/company/acme"
TWITTER = "https://twitter.com/ann"


@pytest.mark.parametrize(
    ("kind", "name", "texts", "field"),
    [
        ("contacts", "socials.url", [TWITTER, PERSON], "linkedin_url"),
        ("contacts", "links", [TWITTER, PERSON, COMPANY], "linkedin_url"),
        ("contacts", "sameAs", [TWITTER, "https://ann.example"], None),
        ("contacts", "links.url", [COMPANY], None),
        ("contacts", "company.links.url", [TWITTER, COMPANY], "company_linkedin_url"),
        ("contacts", "company.links.url", [TWITTER, "https://acme.example"], "company_website"),
        ("companies", "urls.value", [TWITTER, COMPANY, "https://acme.example"], "linkedin_url"),
        ("companies", "urls.value", [PERSON, "https://acme.example"], "website"),
        ("companies", "profiles", [], None),
    ],
)
def test_map_column_of_links_by_their_hosts(kind: Kind, name: str, texts: list[str], field: str | None) -> None:
    column = map_column(kind, name, ColumnValues(texts), {}, False)
    assert column.field == field
    assert column.reason in ("values", "unused")


def test_map_column_prefers_the_choice_of_the_user() -> None:
    column = map_column("contacts", "socials.url", ColumnValues([PERSON]), {"socials.url": None}, False)
    assert (column.field, column.reason) == (None, "given")

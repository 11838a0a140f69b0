"""Table of contents of the documentation, and the page that describes each endpoint."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final


@dataclass(frozen=True, slots=True)
class Chapter:
    """One page. `slug` is its path under /docs, empty for the first page; `about` is a one-sentence summary."""

    slug: str
    title: str
    about: str

    @property
    def path(self) -> str:
        """The path of the page."""
        return f"/docs/{self.slug}" if self.slug else "/docs"

    @property
    def template(self) -> str:
        """The name of its template."""
        return f"docs/{self.slug or 'introduction'}.html"


PARTS: Final[tuple[tuple[str, tuple[Chapter, ...]], ...]] = (
    (
        "Basics",
        (
            Chapter("", "Introduction", "Create a token, send your first request, and see all endpoints."),
            Chapter("structure", "Structure", "The format of responses and how values are matched."),
            Chapter("authentication", "Authentication", "Create, send and revoke API tokens."),
            Chapter("errors", "Errors", "Every error, what it means and how to fix it."),
        ),
    ),
    (
        "API",
        (
            Chapter("contacts", "Contacts", "Search contacts, and retrieve or delete a contact."),
            Chapter("companies", "Companies", "Search companies, and retrieve or delete a company."),
            Chapter("counting", "Counting and facets", "Totals, most common values, and autocomplete."),
            Chapter("export", "Export", "Download all matching records as one file."),
            Chapter("pagination", "Pagination and cursors", "Read results page by page or with a cursor."),
            Chapter(
                "locations",
                "Locations",
                "How names of cities, regions, countries and groups of countries are interpreted.",
            ),
            Chapter("limits", "Limits", "Limits for size, time and request rate."),
        ),
    ),
    (
        "Program",
        (
            Chapter("importing", "Importing", "File formats, columns, and how records are matched."),
            Chapter("commands", "Command line", "All commands and settings."),
        ),
    ),
)
"""The pages in the order of the navigation, grouped by heading."""

CHAPTERS: Final = tuple(chapter for _, chapters in PARTS for chapter in chapters)
"""All pages in the order of the navigation."""

_HOMES: Final = (
    (re.compile(r"/v1/(contacts|companies)/export"), "export"),
    (re.compile(r"/v1/(contacts|companies)/(count|facets|fields.*)"), "counting"),
    (re.compile(r"/v1/contacts(/.*)?"), "contacts"),
    (re.compile(r"/v1/companies(/.*)?"), "companies"),
    (re.compile(r"/v1/account.*"), "authentication"),
)
"""Patterns of endpoint paths with the slug of their page. The first match wins."""


def home_of(path: str) -> str:
    """Return the slug of the page that describes an endpoint. Endpoints outside /v1 are on the first page."""
    return next((slug for pattern, slug in _HOMES if pattern.fullmatch(path)), "")

"""Which pages the documentation has, and which of them tells of an endpoint."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final


@dataclass(frozen=True, slots=True)
class Chapter:
    """One page: its path under /docs (empty for the first), its title, and what it is about."""

    slug: str
    title: str
    about: str

    @property
    def path(self) -> str:
        return f"/docs/{self.slug}" if self.slug else "/docs"

    @property
    def template(self) -> str:
        return f"docs/{self.slug or 'introduction'}.html"


PARTS: Final[tuple[tuple[str, tuple[Chapter, ...]], ...]] = (
    (
        "Basics",
        (
            Chapter("", "Introduction", "From a token to the first answer, and every path at a glance."),
            Chapter("structure", "Structure", "What every answer is made of."),
            Chapter("authentication", "Authentication", "Tokens: how to get one, send it and take it away."),
            Chapter("errors", "Errors", "Every failure, what it means and how to mend it."),
        ),
    ),
    (
        "API",
        (
            Chapter("contacts", "Contacts", "Search contacts, and read or delete one."),
            Chapter("companies", "Companies", "Search companies, and read or delete one."),
            Chapter("counting", "Counting and facets", "Totals without records, commonest values, completion."),
            Chapter("export", "Export", "Everything a search finds, in one file."),
            Chapter("pagination", "Pagination and cursors", "From the first record to the last."),
            Chapter("locations", "Locations", "How cities, countries and groups of them are read."),
            Chapter("limits", "Limits", "How much, how long, how often."),
        ),
    ),
    (
        "Program",
        (
            Chapter("importing", "Importing", "File formats, columns, and how records are recognised."),
            Chapter("commands", "Command line", "Every command and every setting."),
        ),
    ),
)
"""The pages, in the order of the navigation, under their headings."""

CHAPTERS: Final = tuple(chapter for _, chapters in PARTS for chapter in chapters)

_HOMES: Final = (
    (re.compile(r"/v1/(contacts|companies)/export"), "export"),
    (re.compile(r"/v1/(contacts|companies)/(count|facets|fields.*)"), "counting"),
    (re.compile(r"/v1/contacts(/.*)?"), "contacts"),
    (re.compile(r"/v1/companies(/.*)?"), "companies"),
    (re.compile(r"/v1/account.*"), "authentication"),
)


def home_of(path: str) -> str:
    """The slug of the page that tells of an endpoint, by its path; those not of the API proper are in the first."""
    return next((slug for pattern, slug in _HOMES if pattern.fullmatch(path)), "")

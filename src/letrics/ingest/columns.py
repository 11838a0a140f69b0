"""Columns of import files: column name → record field and its reader, for each kind.

A contact row can also have the fields of its company, in columns with the prefix `company_`.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final

from letrics.ingest import urls, values
from letrics.ingest.values import Reader, in_cell
from letrics.records import Kind


@dataclass(frozen=True, slots=True)
class Column:
    """Target of a column: the field `member` of the patch, its reader, and whether it belongs to the contact's company,
    not to the contact."""

    member: str
    read: Reader
    of_company: bool = False
    is_list: bool = False


def _list(member: str, read: Reader) -> Column:
    return Column(member, read, is_list=True)


_COMPANY: Final[dict[str, Column]] = {
    "domain": Column("domain", values.read_text),
    "name": Column("name", values.read_text),
    "website": Column("website", urls.read_website),
    "description": Column("description", values.read_long_text),
    "locations": _list("locations", values.read_places),
    "city": Column("city", values.read_part),
    "region": Column("region", values.read_part),
    "country": Column("country", values.read_part),
    "functions": _list("functions", values.read_texts),
    "industries": _list("industries", values.read_texts),
    "technologies": _list("technologies", values.read_texts),
    "emails": _list("emails", values.read_emails),
    "email": _list("emails", values.read_emails),
    "linkedin_url": Column("linkedin_url", urls.read_linkedin),
    "employees": Column("employees", values.read_count),
    "founded_year": Column("founded_year", values.read_year),
    "first_seen_at": Column("first_seen_at", values.read_time),
    "added_at": Column("added_at", values.read_time),
    "updated_at": Column("updated_at", values.read_time),
}

_CONTACT: Final[dict[str, Column]] = {
    "id": Column("external_id", values.read_text),
    "first_name": Column("first_name", values.read_text),
    "last_name": Column("last_name", values.read_text),
    "full_name": Column("full_name", values.read_text),
    "job_title": Column("job_title", values.read_text),
    "department": Column("department", values.read_text),
    "seniority": Column("seniority", values.read_text),
    "is_decision_maker": Column("is_decision_maker", values.read_flag),
    "emails": _list("emails", values.read_emails),
    "email": _list("emails", values.read_emails),
    "linkedin_url": Column("linkedin_url", urls.read_linkedin),
    "phone": Column("phone", values.read_text),
    "added_at": Column("added_at", values.read_time),
    "updated_at": Column("updated_at", values.read_time),
}

DERIVED: Final = frozenset({"id", "tld"})
"""Fields of a company that are derived from its domain; columns with these names are ignored."""

COLUMNS: Final[dict[Kind, dict[str, Column]]] = {
    "companies": _COMPANY,
    "contacts": _CONTACT
    | {f"company_{name}": Column(c.member, c.read, True, c.is_list) for name, c in _COMPANY.items()},
}
"""The columns of each kind, by name."""

CONTACTS_ONLY: Final = frozenset(_CONTACT) - frozenset(_COMPANY) - {"id"}
"""The columns that only contacts have."""


def column_named(kind: Kind, name: str, cells: bool = False) -> Column | None:
    """Return the column `name`, also in a spelling such as `First Name` for `first_name`; None if it is unknown.

    With `cells`, the reader of a list splits the text of one cell.
    """
    columns = COLUMNS[kind]
    column = columns.get(name) or columns.get(plain_name(name))
    if column is not None and cells and column.is_list:
        return Column(column.member, in_cell(column.read), column.of_company, True)
    return column


def plain_name(name: str) -> str:
    """Normalise a column name: lower case, words joined by one underscore."""
    return re.sub(r"[\s_-]+", "_", name.strip().lower())

"""Template CSV files to download: a line with the columns of a kind, and one row with invented values.

The columns are fields of records, so the file is importable as it is.
"""

from __future__ import annotations

import csv
import io
from typing import Final

from letrics.records import Company, ContactBody, Kind, declared_fields
from letrics.web.explorer.words import label

_EXAMPLES: Final[dict[str, str]] = {
    "first_name": "Jane", "last_name": "Doe", "job_title": "Head of Data", "department": "Engineering",
    "seniority": "head", "emails": "jane.doe@acme.example", "linkedin_url": "https://www.linkedin.example/in/jane-doe",
    "phone": "+44 20 7946 0000", "city": "London", "country": "United Kingdom",
}  # fmt: skip
"""An invented contact."""
_COMPANY_EXAMPLES: Final[dict[str, str]] = {
    "domain": "acme.example", "name": "Acme Ltd", "website": "https://acme.example",
    "description": "Makes anvils.", "city": "London", "country": "United Kingdom", "functions": "Manufacturing",
    "industries": "Software;Consulting", "technologies": "PostgreSQL;Kubernetes", "emails": "info@acme.example",
    "linkedin_url": "https://www.linkedin.example/company/acme", "employees": "120", "founded_year": "2015",
}  # fmt: skip
"""An invented company."""
_PARTS: Final = ("city", "country")
"""The columns of a location in spreadsheets."""
_OF_CONTACTS: Final = ("domain", "name", "industries", "employees", "city", "country")
"""The fields of the company in a template of contacts."""


def template_row(kind: Kind) -> dict[str, str]:
    """The columns of the template, in the order of the fields of the record, with the example values."""
    if kind == "companies":
        return _row(_names(Company), _COMPANY_EXAMPLES)
    of_company = {f"company_{name}": value for name, value in _COMPANY_EXAMPLES.items() if name in _OF_CONTACTS}
    return _row(_names(ContactBody), _EXAMPLES) | of_company


def template_csv(kind: Kind) -> str:
    """The template as CSV, with a byte order mark for spreadsheets."""
    row = template_row(kind)
    out = io.StringIO()
    writer = csv.writer(out)
    writer.writerow(map(label, row))
    writer.writerow(row.values())
    return "\ufeff" + out.getvalue()


def _names(record: type[Company | ContactBody]) -> list[str]:
    return [part for name in declared_fields(record) for part in (_PARTS if name == "locations" else (name,))]


def _row(names: list[str], examples: dict[str, str]) -> dict[str, str]:
    return {name: examples[name] for name in names if name in examples}

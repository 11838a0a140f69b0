"""Columns of import files: column name → record field and its reader, for each kind.

A contact row can also have the fields of its company, in columns with the prefix `company_`.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from letrics.ingest import bands, emails, number_values, place_values, urls, values
from letrics.ingest.location_parts import LOCATION_PARTS
from letrics.ingest.name_parts import NAME_PARTS
from letrics.ingest.values import Reader
from letrics.records import Company, ContactBody, Form, Kind, declared_fields


@dataclass(frozen=True, slots=True)
class ImportColumn:
    """Target of a column: the field `member` of the patch, its reader, and whether it belongs to the contact's company,
    not to the contact. If several columns of a row have the same field, the one with the lowest `rank` is used."""

    member: str
    read: Reader
    of_company: bool = False
    rank: int = 0


_READERS: Final[dict[Form, Reader]] = {
    "text": values.read_text,
    "long_text": values.read_long_text,
    "website": urls.read_website,
    "linkedin": urls.read_linkedin,
    "flag": number_values.read_flag,
    "count": bands.read_employees,
    "band": bands.read_band,
    "year": number_values.read_year,
    "time": number_values.read_time,
    "texts": values.read_texts,
    "emails": emails.read_emails,
    "places": place_values.read_places,
    "derived": values.read_derived,
}
"""The reader of each form of values."""
_OWN_READERS: Final[dict[str, Reader]] = {
    "id": values.read_company_id,
    "name": values.read_company_name,
    "domain": urls.read_domain,
    "department": values.read_department,
    "phone": values.read_phone,
    "seniority": values.read_seniority,
}
"""The readers of fields that need another than that of their form."""
_EXTRA: Final[dict[str, tuple[str, ...]]] = {"locations": LOCATION_PARTS, "emails": ("email",), "last_name": NAME_PARTS}
"""The columns after that of a record field which set the field, too."""


def _read_part(part: str) -> values.Reader:
    return place_values.read_country_part if part in ("country", "country_code") else place_values.read_part


def _columns(record: type[Company | ContactBody]) -> dict[str, ImportColumn]:
    """The columns of a record, in the order of its fields."""
    columns: dict[str, ImportColumn] = {}
    for name, declared in declared_fields(record).items():
        if declared.form is not None:
            read = _OWN_READERS.get(name) or _READERS[declared.form]
            columns[name] = ImportColumn(name, read)
            for extra in _EXTRA.get(name, ()):
                columns[extra] = columns[name] if name == "emails" else ImportColumn(extra, _read_part(extra))
    return columns


_COMPANY: Final = _columns(Company) | {"linkedin_url": ImportColumn("linkedin_url", urls.read_company_linkedin)}
_CONTACT: Final = {"id": ImportColumn("external_id", values.read_id)} | _columns(ContactBody)

DERIVED: Final = frozenset({"tld"})
"""Fields of a company that are derived from its domain; columns with these names are ignored."""

COLUMNS: Final[dict[Kind, dict[str, ImportColumn]]] = {
    "companies": _COMPANY,
    "contacts": _CONTACT | {f"company_{name}": ImportColumn(c.member, c.read, True) for name, c in _COMPANY.items()},
}
"""The columns of each kind, by name."""

LISTS: Final = frozenset(
    name
    for columns in COLUMNS.values()
    for name, column in columns.items()
    if column.read in (values.read_texts, place_values.read_places)
)
"""The columns that are lists of texts or of locations."""

CONTACTS_ONLY: Final = frozenset(_CONTACT) - frozenset(_COMPANY) - {"id"}
"""The columns that only contacts have."""

PERSON_FIELDS: Final = frozenset({"first_name", "last_name", "full_name", "job_title"})
"""The fields of a contact that only a person has."""
SITES: Final = frozenset({"domain", "website"})
"""The fields of a company with its domain."""
COMPANY_SITES: Final = frozenset(f"company_{name}" for name in SITES)
"""The same fields in a file of contacts."""

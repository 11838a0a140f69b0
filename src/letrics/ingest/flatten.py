"""Records as rows of a table, so that importing the table into the same database changes nothing."""

from __future__ import annotations

from typing import Any, Final

import msgspec

from letrics.ingest import cells
from letrics.ingest.values import place_of
from letrics.normalize.email import email_type
from letrics.records import Company, Contact, Email, Kind, Place

_COMPANY: Final = tuple(name for name in Company.__struct_fields__ if name not in ("id", "tld"))
_CONTACT: Final = tuple(name for name in Contact.__struct_fields__ if name != "company")

COLUMNS: Final[dict[Kind, tuple[str, ...]]] = {
    "companies": _COMPANY,
    "contacts": (*_CONTACT, *(f"company_{name}" for name in _COMPANY)),
}
"""The columns of a CSV export. What follows from a company's domain (`id`, `tld`) is left out; a contact's company
stands beside it, as `company_domain` and so on."""

_companies: Final = msgspec.json.Decoder(Company)
_contacts: Final = msgspec.json.Decoder(Contact)


def flat(kind: Kind, document: bytes) -> list[str]:
    """The cells of one record, in the order of COLUMNS."""
    if kind == "companies":
        return _cells(_companies.decode(document), _COMPANY)
    contact = _contacts.decode(document)
    return _cells(contact, _CONTACT) + _cells(contact.company, _COMPANY)


def _cells(record: Company | Contact, names: tuple[str, ...]) -> list[str]:
    return [cells.guard(_cell(name, getattr(record, name))) for name in names]


def _cell(name: str, value: Any) -> str:
    if value is None or value == ():
        return ""
    if isinstance(value, str):
        return value
    if isinstance(value, bool):
        return "true" if value else "false"
    if name == "emails":
        return _emails(value)
    if name == "locations":
        return _places(value)
    return cells.join(value) if isinstance(value, tuple) else str(value)


def _emails(emails: tuple[Email, ...]) -> str:
    """Addresses; with their types where those are not what the address alone would be given."""
    if all(email.type == email_type(email.value) for email in emails):
        return cells.join([email.value for email in emails])
    return cells.array(emails)


def _places(places: tuple[Place, ...]) -> str:
    """The texts of places; the places whole where a text alone would not be read as the same place."""
    texts = [place.text for place in places if place.text]
    if len(texts) == len(places) and all(place_of(text=place.text) == place for place in places):
        return cells.join(texts)
    return cells.array(places)

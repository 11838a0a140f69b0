"""Records as rows of a table, so that importing the table into the same database changes nothing."""

from __future__ import annotations

from functools import lru_cache
from typing import Any, Final

import msgspec

from letrics.export import cells
from letrics.normalize.email import email_type
from letrics.normalize.place import complete_place
from letrics.records import Company, Contact, Email, Kind, Place, member_names

_COMPANY: Final = tuple(name for name in Company.__struct_fields__ if name not in ("id", "tld"))
_CONTACT: Final = tuple(name for name in Contact.__struct_fields__ if name != "company")

_companies: Final = msgspec.json.Decoder(Company)
_contacts: Final = msgspec.json.Decoder(Contact)


def columns(kind: Kind, members: frozenset[str] | None = None) -> tuple[str, ...]:
    """The columns of these members of records; None: of all but those that follow from a domain (`id`, `tld`).

    A contact's company stands beside it, as `company_domain` and so on; `company` names all of these at once.
    """
    own, company = _names(kind, members)
    return (*own, *(f"company_{name}" for name in company))


class Row:
    """Makes rows of the records of a kind, in the order of its columns."""

    def __init__(self, kind: Kind, members: frozenset[str] | None = None) -> None:
        self._kind = kind
        self._own, self._company = _names(kind, members)

    def cells(self, document: bytes) -> list[str]:
        """The cells of one record."""
        if self._kind == "companies":
            return _cells(_companies.decode(document), self._own)
        contact = _contacts.decode(document)
        return _cells(contact, self._own) + _cells(contact.company, self._company)


def _names(kind: Kind, members: frozenset[str] | None) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """The members of a record that have a column, and those of a contact's company."""
    if members is None:
        return (_COMPANY, ()) if kind == "companies" else (_CONTACT, _COMPANY)
    chosen = [name for name in member_names(kind) if name in members]
    own = tuple(name for name in chosen if name != "company" and not name.startswith("company."))
    company = tuple(name.removeprefix("company.") for name in chosen if name.startswith("company."))
    return own, _COMPANY if "company" in members else company


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
    if len(texts) == len(places) and all(_read_alone(text) == place for text, place in zip(texts, places, strict=True)):
        return cells.join(texts)
    return cells.array(places)


@lru_cache(maxsize=100_000)
def _read_alone(text: str) -> Place:
    """`complete_place` of a text, remembered: few places serve many companies."""
    return complete_place(None, None, None, text)

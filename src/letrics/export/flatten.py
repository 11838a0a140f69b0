"""Flattens records to table rows, so that importing the table into the same database changes nothing."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import lru_cache
from operator import attrgetter
from typing import Any, Final

import msgspec

from letrics.export import cells
from letrics.normalize.email import email_type
from letrics.normalize.item_list import split_items
from letrics.normalize.place import complete_place, split_places
from letrics.records import Company, Contact, Email, EmployeesRange, Kind, Place, declared_fields

MAX_CACHED: Final = 200
"""The longest text of a place that is cached, in characters; it bounds the cache to about 100 MB."""
_COMPANY: Final = tuple(name for name, declared in declared_fields(Company).items() if declared.form is not None)
_CONTACT: Final = tuple(name for name in Contact.__struct_fields__ if name != "company")

_companies: Final = msgspec.json.Decoder(Company)
_contacts: Final = msgspec.json.Decoder(Contact)


def columns(kind: Kind, members: Sequence[str] | None = None) -> tuple[str, ...]:
    """The columns for these record fields, in the same order. None: all fields except those derived from a domain
    (`id`, `tld`).

    The fields of a contact's company become `company_domain` and so on. `company` stands for all of them.
    """
    return tuple(name.replace(".", "_") for name in _names(kind, members))


class Flattener:
    """Converts the records of a kind to rows with the cells in the order of `columns`."""

    def __init__(self, kind: Kind, members: Sequence[str] | None = None) -> None:
        self._decode = _companies.decode if kind == "companies" else _contacts.decode
        self._columns = [_reader(name) for name in _names(kind, members)]

    def cells(self, document: bytes) -> list[str]:
        """Convert one record to cells."""
        return [cells.guard(cell(value)) for value in self.values(document)]

    def values(self, document: bytes) -> list[Any]:
        """Convert one record to the values of its fields."""
        record = self._decode(document)
        return [read(record) for read in self._columns]


def _reader(name: str) -> Callable[[Any], Any]:
    """The function that returns this field of a record; None for a field of a company that is null."""
    if name == "department":
        return _department
    record, dot, member = name.partition(".")
    if not dot:
        return attrgetter(name)
    of_company, of_member = attrgetter(record), attrgetter(member)
    return lambda contact: None if (company := of_company(contact)) is None else of_member(company)


def _department(contact: Contact) -> str | tuple[str] | None:
    """The department of a contact; as a list of one if the import would take it for several."""
    text = contact.department
    return text if text is None or (split_items(text) == [text] and text[0] not in "[{") else (text,)


def _names(kind: Kind, members: Sequence[str] | None) -> tuple[str, ...]:
    """The record fields that have a column. Those of a contact's company are dotted."""
    company = tuple(f"company.{name}" for name in _COMPANY)
    if members is None:
        return _COMPANY if kind == "companies" else (*_CONTACT, *company)
    whole = "company" in members
    named: dict[str, None] = {}
    for name in members:
        expanded = company if name == "company" else () if whole and name.startswith("company.") else (name,)
        named.update(dict.fromkeys(expanded))
    return tuple(named)


def cell(value: Any) -> str:
    """Convert the value of a field to the text of its cell."""
    if value is None or value == ():
        return ""
    if isinstance(value, str):
        return value
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, EmployeesRange):
        return cells.band(value)
    if not isinstance(value, tuple):
        return str(value)
    if isinstance(value[0], Email):
        return _emails(value)
    return _places(value) if isinstance(value[0], Place) else cells.join(value)


def _emails(emails: tuple[Email, ...]) -> str:
    """The cell of email addresses, with their types if the import would derive other types from the addresses."""
    if all(email.type == email_type(email.value) for email in emails):
        return cells.join([email.value for email in emails])
    return cells.array(emails)


def _places(places: tuple[Place, ...]) -> str:
    """The cell of locations: their texts, or all their fields if a text would be interpreted as another location."""
    texts = [place.text for place in places if place.text]
    if len(texts) == len(places) and all(_read_alone(text) == place for text, place in zip(texts, places, strict=True)):
        return cells.join(texts)
    return cells.array(places)


def _read_alone(text: str) -> Place | None:
    """`place_alone`, cached if the text is short."""
    return cached_place(text) if len(text) <= MAX_CACHED else place_alone(text)


def place_alone(text: str) -> Place | None:
    """Return the place that the import makes of a text; None if it would find several locations in the text."""
    return complete_place(None, None, None, text) if split_places(text) == (text,) else None


cached_place: Final = lru_cache(maxsize=100_000)(place_alone)
"""`place_alone`, cached: many companies share few locations."""

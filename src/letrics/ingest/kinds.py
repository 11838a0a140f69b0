"""Detection of a file's kind of records from its columns, values and name, if the user does not pass the kind."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, field
from itertools import islice
from pathlib import PurePath
from typing import Final

from letrics.ingest.aliases import ID_WITH_SOURCE, aliases, header_key
from letrics.ingest.column_corrections import is_any_name
from letrics.ingest.column_names import without_number
from letrics.ingest.columns import COMPANY_SITES
from letrics.ingest.header_names import Recognised
from letrics.ingest.location_parts import LOCATION_PARTS
from letrics.ingest.lone_people import names_of_lone_person
from letrics.ingest.nested_names import is_in_related, is_links_column, without_wrappers
from letrics.ingest.people_in_rows import (
    SAMPLE_ROWS,
    emails_have_names,
    has_personal_emails,
    have_legal_forms,
    names_differ,
)
from letrics.ingest.recognition import mentions_company, recognise
from letrics.ingest.rows import Members
from letrics.ingest.site_links import addresses_in
from letrics.ingest.sniffing import Look, look_of, look_of_values
from letrics.records import Kind

_CONTACTS: Final = re.compile(r"contacts?|people|persons?|leads?|connections?|prospects?", re.IGNORECASE)
"""Matches a word in a file name that means contacts."""
_COMPANIES: Final = re.compile(r"compan(?:y|ies)|accounts?|organi[sz]ations?|firms?", re.IGNORECASE)
"""Matches a word in a file name that means companies."""

_NAMES_PERSON: Final = frozenset({"first_name", "last_name", "full_name"})
"""The fields that only a file of contacts has."""
_OF_PERSON: Final = frozenset({"job_title", "is_decision_maker"})
"""The fields that only contacts have. Alone they make no file of contacts: lists of jobs have titles, too."""
_OF_PERSON_BY_NAME: Final = frozenset({"department", "seniority"})
"""The same, if the column has our name. Others, such as `Area`, are less certain."""
_FINDS_PERSON: Final = frozenset({"emails", "linkedin_url", "full_name", "first_name", "last_name"})
"""The fields by which a person is found."""
_PLACES: Final = frozenset({"locations", *LOCATION_PARTS})
"""The fields of a place without saying whether it is that of the contact or of the company."""
_WEAK: Final = 3
"""The rank from which a header says little about the kind: a `tagline` is that of a person or of a company."""
_DESCRIBES_COMPANY: Final = frozenset(
    {
        "company_employees", "company_employees_range", "company_founded_year", "company_industries",
        "company_technologies", "company_description", "company_functions",
    }
)  # fmt: skip
"""The fields of a company that a list of contacts without names would not have."""

_IDENTIFYING: Final[dict[Kind, frozenset[str]]] = {
    "companies": frozenset({"domain", "website", "linkedin_url", "name"}),
    "contacts": frozenset({"id", "emails", "linkedin_url", "full_name", "first_name", "last_name"}),
}
"""The columns that can identify a record of each kind."""
_KINDS_OF_TYPES: Final[dict[str, Kind]] = {
    "person": "contacts", "contact": "contacts", "lead": "contacts", "account": "companies",
    "organization": "companies", "corporation": "companies", "localbusiness": "companies",
}  # fmt: skip
"""The kind of records of a type in JSON-LD and in Salesforce, by the key of the type."""


class UnclearKind(Exception):
    """Neither the name nor the columns of a file determine its kind."""


def find_kind(path: str, names: Iterable[str], rows: Sequence[Members] = ()) -> Kind:
    """Return the kind of the file at `path` with the columns `names`. Raises UnclearKind.

    If the columns fit only one kind, they decide; otherwise the file name decides. Without a column that identifies a
    person, they are companies. `rows` are the first rows: if a column can have values of people as well as of
    companies, they show which.
    """
    names = list(names)
    if (kind := _kind_of_types(rows)) is not None:
        return kind
    columns = _look_at(names, rows)
    fits, named = columns.fitting(), _named(path)
    if rows and not columns.has_person:
        fits = _fitting_names(names, rows, columns) or _fitting_addresses(names, rows, columns, named) or fits
    if named is not None and (named in fits or len(fits) != 1):
        return named
    if len(fits) == 1 or (fits and not columns.identifies_person):
        return fits[0]
    raise UnclearKind("the file name and the columns do not show whether the records are companies or contacts")


def _kind_of_types(rows: Sequence[Members]) -> Kind | None:
    """Return the kind that each of the rows names as its type, as JSON-LD and Salesforce do; None if there is none."""
    kinds = set[Kind | None]()
    for row in islice(rows, SAMPLE_ROWS):
        attributes = row.get("attributes")
        type_ = row.get("@type") or (attributes.get("type") if type(attributes) is dict else None)
        if type(type_) is not str:
            return None
        kinds.add(_KINDS_OF_TYPES.get(header_key(type_)))
    return kinds.pop() if len(kinds) == 1 else None


@dataclass(slots=True)
class _Columns:
    """What the columns of a file show about its kind.

    `names_site` says that a column has the site of a company without saying so, and `names_company` that a column says
    that it concerns one. `describes_row` is a place without saying whose.
    """

    fields: set[str] = field(default_factory=set)
    names_person: bool = False
    of_person: bool = False
    identifies_person: bool = False
    has_id: bool = False
    names_site: bool = False
    names_company: bool = False
    describes_row: bool = False

    def add(self, name: str, found: Recognised, fields: Collection[str]) -> None:
        """Add the column `name`, which has one of the `fields`."""
        self.fields.update(fields)
        certain = found.rank < _WEAK
        self.names_person |= certain and not _NAMES_PERSON.isdisjoint(fields)
        self.of_person |= certain and not _OF_PERSON.isdisjoint(fields)
        self.of_person |= found.rank == 0 and not _OF_PERSON_BY_NAME.isdisjoint(fields)
        self.identifies_person |= not _FINDS_PERSON.isdisjoint(fields)
        self.has_id |= "id" in fields
        self.describes_row |= not _PLACES.isdisjoint(fields)
        if not COMPANY_SITES.isdisjoint(fields) and not mentions_company(name):
            self.names_site = True
        elif "company_name" in fields or not COMPANY_SITES.isdisjoint(fields):
            self.names_company = True

    @property
    def has_person(self) -> bool:
        """Whether the columns have what only contacts have."""
        return self.names_person or (self.of_person and (self.identifies_person or self.has_id))

    def fitting(self) -> list[Kind]:
        """The kinds that the columns fit, the more probable one first."""
        if self.has_person:
            return ["contacts"]
        if self.fields & _DESCRIBES_COMPANY:
            return ["companies"]
        if self.names_site and not self.names_company:
            return ["companies"]
        if self.names_site or self.names_company:
            if self.identifies_person and not self.names_site:
                return ["contacts"]
            is_of_companies = not self.identifies_person and self.describes_row
            return ["companies"] if is_of_companies else ["companies", "contacts"]
        if self.fields & {"emails", "linkedin_url"}:
            return ["contacts"]
        return ["companies"] if "company_linkedin_url" in self.fields else []


def _look_at(names: Iterable[str], rows: Sequence[Members]) -> _Columns:
    names = list(names)
    columns = _Columns(names_company="company" in names)  # an object of a JSON line, or a name
    meant = names_of_lone_person(names)
    for name in names:
        if is_in_related(name):
            continue
        alias = aliases("contacts").get(header_key(without_wrappers(name)))
        is_id = alias is not None and alias.fields == (ID_WITH_SOURCE,)
        if is_id or _is_any_name(name):
            columns.identifies_person |= not is_id
            columns.has_id |= is_id
            continue
        found = recognise("contacts", meant.get(name, name))
        if found is not None and found.fields:
            columns.add(meant.get(name, name), found, _fields_by_values(name, found.fields, rows))
    return columns


def _fields_by_values(name: str, fields: tuple[str, ...], rows: Sequence[Members]) -> Collection[str]:
    """The fields that a column can have. One without a value finds no person, and a header that can mean a profile does
    so only if its values are profiles."""
    found = [value for row in islice(rows, SAMPLE_ROWS) if (value := row.get(name)) not in (None, "")]
    if is_links_column(name):
        looks = {look_of(address) for value in found for address in addresses_in(value)}
        return [field for look, field in _FIELD_OF_PAGES.items() if look in looks]
    if rows and not found and not _NAMES_PERSON.intersection(fields):
        return [field for field in fields if field not in _FINDS_PERSON]
    if "linkedin_url" not in fields:
        return fields
    look = look_of_values(value for value in found if isinstance(value, str))
    if look in _FIELD_OF_PAGES:
        return (_FIELD_OF_PAGES[look],)
    return fields if len(fields) == 1 else [field for field in fields if field != "linkedin_url"]


_FIELD_OF_PAGES: Final[dict[Look | None, str]] = {
    "linkedin_profiles": "linkedin_url",
    "linkedin_companies": "company_linkedin_url",
}
"""The field of each kind of pages on LinkedIn."""


def _fitting_names(names: list[str], rows: Sequence[Members], columns: _Columns) -> list[Kind]:
    """The kinds that the names of people or companies show; none if there are none, or if they show nothing.

    Names alongside other names of companies are those of people, and so are names that are in the addresses. A list
    of companies without their sites can have the addresses of people, too; then the values do not decide. Of several
    columns with the same header, those with legal forms have the names of companies.
    """
    people = [name for name in names if _is_any_name(without_number(name))]
    if not any(map(_is_any_name, people)):
        return []
    companies, emails = _of_field(names, "company_name"), _of_field(names, "emails")
    if not companies and len(people) > 1:
        companies = [name for name in people if have_legal_forms(rows, [name])]
        people = [name for name in people if name not in companies] or people
    if companies and all("." in name for name in companies) and any(map(_describes_company, names)):
        return ["companies"]
    if companies and (differ := names_differ(rows, people, companies)) is not None:
        return ["contacts"] if differ else ["companies"]
    if emails and columns.fields.isdisjoint(COMPANY_SITES) and has_personal_emails(rows, emails):
        return ["contacts"] if emails_have_names(rows, people, emails) else ["companies", "contacts"]
    return ["companies"] if have_legal_forms(rows, people) else []


def _describes_company(name: str) -> bool:
    """Return whether a column that is in no object has what a list of contacts would not have without a company."""
    found = recognise("contacts", name) if "." not in without_wrappers(name) else None
    return found is not None and not _DESCRIBES_COMPANY.isdisjoint(found.fields) and not mentions_company(name)


def _fitting_addresses(names: list[str], rows: Sequence[Members], columns: _Columns, named: Kind | None) -> list[Kind]:
    """The kind that addresses next to companies show, if nothing else does: those of roles are of companies."""
    emails, fits = _of_field(names, "emails"), columns.fitting()
    of_both = columns.names_site or columns.names_company
    if not emails or not of_both or named in fits or fits == ["companies"] or "linkedin_url" in columns.fields:
        return []
    personal = has_personal_emails(rows, emails)
    if personal is None or any(_is_any_name(name) for name in names):
        return []
    companies = _of_field(names, "company_name")
    return ["contacts"] if personal and not emails_have_names(rows, companies, emails) else ["companies"]


def _of_field(names: Iterable[str], field: str) -> list[str]:
    """The columns whose header means a field and no other."""
    return [
        name
        for name in names
        if (found := recognise("contacts", name)) and found.fields == (field,) and not is_in_related(name)
    ]


def _is_any_name(name: str) -> bool:
    """Return whether a column can have the names of companies as well as of people."""
    return is_any_name("contacts", name)


def _named(path: str) -> Kind | None:
    """The kind that the file name means. Of several words, the last one decides."""
    name = PurePath(path).name
    contacts, companies = (max((m.end() for m in words.finditer(name)), default=0) for words in (_CONTACTS, _COMPANIES))
    if contacts == companies:
        return None
    return "contacts" if contacts > companies else "companies"


def any_known(kind: Kind, names: Iterable[str]) -> bool:
    """Return whether at least one of the columns is known."""
    return any(found is not None and bool(found.fields) for found in (recognise(kind, name) for name in names))


def identifies(kind: Kind, fields: Iterable[str | None]) -> bool:
    """Return whether one of the fields can identify a record of `kind`. In a file of contacts, one of the company can.

    `company` is a nested object, which can, too.
    """
    wanted = _IDENTIFYING[kind]
    if kind == "contacts":
        wanted |= {"company", *(f"company_{field}" for field in _IDENTIFYING["companies"])}
    return not wanted.isdisjoint(fields)


def is_column_name(name: str) -> bool:
    """Return whether a text is the name of a known column of either kind."""
    return any_known("companies", (name,)) or any_known("contacts", (name,))

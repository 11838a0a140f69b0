"""Detection of a file's kind of records from its columns, values and name, if the user does not pass the kind."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from pathlib import PurePath
from typing import Final

from letrics.ingest.aliases import NAME, ONLY, aliases, header_key
from letrics.ingest.people_in_rows import emails_have_names, has_personal_emails, names_differ
from letrics.ingest.recognition import mentions_company, recognise
from letrics.ingest.rows import Members
from letrics.records import Kind

_CONTACTS: Final = re.compile(r"contacts?|people|persons?|leads?|connections?|prospects?", re.IGNORECASE)
"""Matches a word in a file name that means contacts."""
_COMPANIES: Final = re.compile(r"compan(?:y|ies)|accounts?|organi[sz]ations?|firms?", re.IGNORECASE)
"""Matches a word in a file name that means companies."""

_OF_PERSON: Final = frozenset({"first_name", "last_name", "full_name", "job_title", "is_decision_maker"})
"""The fields that only a file of contacts has."""
_OF_PERSON_BY_NAME: Final = frozenset({"department", "seniority"})
"""The fields that only a file of contacts has, if the column has our name. Others, such as `Area`, are less certain."""
_REACHES_PERSON: Final = frozenset({"emails", "linkedin_url", "phone"})
"""The fields that both kinds of file can have. With a column of the company, they make a file one of contacts."""
_SITES: Final = frozenset({"company_domain", "company_website"})
"""The fields that identify a company. Without a word for company in the name, the file probably lists companies."""
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


class UnclearKind(Exception):
    """Neither the name nor the columns of a file determine its kind."""


def find_kind(path: str, names: Iterable[str], rows: Sequence[Members] = ()) -> Kind:
    """Return the kind of the file at `path` with the columns `names`. Raises UnclearKind.

    If the columns fit only one kind, they decide; otherwise the file name decides. `rows` are the first rows: if a
    column can have the names of people as well as of companies, their values show which.
    """
    names = list(names)
    fits = _fitting(names)
    if fits != ["contacts"]:
        fits = _fitting_values(names, rows) or fits
    named = _named(path)
    if named is not None and (named in fits or len(fits) != 1):
        return named
    if len(fits) == 1:
        return fits[0]
    raise UnclearKind("the file name and the columns do not show whether the records are companies or contacts")


def _fitting(names: list[str]) -> list[Kind]:
    """The kinds that the columns fit."""
    fields: set[str] = set()
    plain, prefixed = False, "company" in names  # an object of a JSON line, or a name
    for name in names:
        found = recognise("contacts", name)
        if found is None or not found.fields or _is_any_name(name):
            continue
        if not _OF_PERSON.isdisjoint(found.fields) and found.rank < ONLY:
            return ["contacts"]
        if found.rank == 0 and not _OF_PERSON_BY_NAME.isdisjoint(found.fields):
            return ["contacts"]
        fields.update(found.fields)
        if not _SITES.isdisjoint(found.fields) and not mentions_company(name):
            plain = True
        elif "company_name" in found.fields or not _SITES.isdisjoint(found.fields):
            prefixed = True
    if fields & _DESCRIBES_COMPANY:
        return ["companies"]
    if plain:
        return ["companies", "contacts"] if prefixed else ["companies"]
    if prefixed and not fields & _REACHES_PERSON:
        return ["companies", "contacts"]
    return ["contacts"] if prefixed or "emails" in fields else []


def _fitting_values(names: list[str], rows: Sequence[Members]) -> list[Kind]:
    """The kinds that the values show; none if they show nothing.

    Names alongside other names of companies are those of people, and so are names that are in the addresses. A list
    of companies without their sites can have the addresses of people, too; then the values do not decide.
    """
    people = [name for name in names if _is_any_name(name)]
    if not people or not rows:
        return []
    fields = {name: found.fields for name in names if (found := recognise("contacts", name)) is not None}
    companies = [name for name, of in fields.items() if of == ("company_name",)]
    if companies and names_differ(rows, people, companies):
        return ["contacts"]
    emails = [name for name, of in fields.items() if of == ("emails",)]
    if not emails or any(not _SITES.isdisjoint(of) for of in fields.values()) or not has_personal_emails(rows, emails):
        return []
    return ["contacts"] if emails_have_names(rows, people, emails) else ["companies", "contacts"]


def _is_any_name(name: str) -> bool:
    """Return whether a column can have the names of companies as well as of people."""
    alias = aliases("contacts").get(header_key(name))
    return alias is not None and alias.fields == (NAME,)


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

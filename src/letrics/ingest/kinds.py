"""Detection of a file's kind of records from its columns and its name, if the user does not pass the kind."""

from __future__ import annotations

import re
from collections.abc import Iterable
from pathlib import PurePath
from typing import Final

from letrics.ingest.columns import CONTACTS_ONLY, column_named, plain_name
from letrics.records import Kind

_CONTACTS: Final = re.compile(r"contacts?|people|persons?|leads?", re.IGNORECASE)
"""Matches a word in a file name that means contacts."""
_COMPANIES: Final = re.compile(r"compan(?:y|ies)|accounts?|organi[sz]ations?|firms?", re.IGNORECASE)
"""Matches a word in a file name that means companies."""


class UnclearKind(Exception):
    """Neither the name nor the columns of a file determine its kind."""


def find_kind(path: str, names: Iterable[str]) -> Kind:
    """Return the kind of the file at `path` with the columns `names`. Raises UnclearKind.

    A contact needs the domain of its company, and a company needs its own domain. If the columns fit only one kind,
    they decide; otherwise the file name decides.
    """
    columns = {plain_name(name) for name in names}
    fits: list[Kind] = []
    if columns & {"domain", "website"} and not columns & CONTACTS_ONLY:
        fits.append("companies")
    if columns & {"company_domain", "company", "company_website"}:
        fits.append("contacts")
    named = _named(path)
    if named is not None and (named in fits or len(fits) != 1):
        return named
    if len(fits) == 1:
        return fits[0]
    raise UnclearKind("the file name and the columns do not show whether the records are companies or contacts")


def _named(path: str) -> Kind | None:
    name = PurePath(path).name
    contacts, companies = _CONTACTS.search(name), _COMPANIES.search(name)
    if bool(contacts) == bool(companies):
        return None
    return "contacts" if contacts else "companies"


def any_known(kind: Kind, names: Iterable[str]) -> bool:
    """Return whether at least one of the columns is known."""
    return any(column_named(kind, name) is not None or name == "company" for name in names)

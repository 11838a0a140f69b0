"""Which kind of record a file holds, where the user does not say: by the file's name, and by its columns."""

from __future__ import annotations

import re
from collections.abc import Iterable
from pathlib import PurePath
from typing import Final

from letrics.ingest.columns import CONTACTS_ONLY, column_named, plain_name
from letrics.records import Kind

_CONTACTS: Final = re.compile(r"contacts?|people|persons?|leads?", re.IGNORECASE)
_COMPANIES: Final = re.compile(r"compan(?:y|ies)|accounts?|organi[sz]ations?|firms?", re.IGNORECASE)


class UnclearKind(Exception):
    """Neither the name nor the columns of a file tell its kind."""


def find_kind(path: str, names: Iterable[str]) -> Kind:
    """The kind of the file at `path` with the columns `names`.

    A contact needs its company's domain and a company its own, so where the columns fit one kind alone they decide;
    else the file's name does. Raises UnclearKind.
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
    raise UnclearKind("neither the file's name nor its columns tell whether these are companies or contacts")


def _named(path: str) -> Kind | None:
    name = PurePath(path).name
    contacts, companies = _CONTACTS.search(name), _COMPANIES.search(name)
    if bool(contacts) == bool(companies):
        return None
    return "contacts" if contacts else "companies"


def any_known(kind: Kind, names: Iterable[str]) -> bool:
    """Whether at least one of the columns is one of ours."""
    return any(column_named(kind, name) is not None or name == "company" for name in names)

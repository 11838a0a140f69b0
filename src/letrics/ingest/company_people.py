"""Companies in JSON that have lists of their people, as Close returns leads: each person is a separate row."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from contextlib import suppress
from itertools import chain, islice
from typing import Any, Final

import msgspec

from letrics.ingest.json_response import FoundRows, complete_row, is_person_object
from letrics.ingest.jsonl import read_line
from letrics.ingest.kinds import UnclearKind, find_kind
from letrics.ingest.nested_objects import flatten
from letrics.ingest.people_in_rows import SAMPLE_ROWS
from letrics.ingest.recognition import recognise
from letrics.ingest.rows import FileRow, Members, RowProblem

_LISTS: Final = frozenset(
    {
        "contacts", "people", "persons", "employees", "prospects", "leads", "decision_makers", "key_people",
        "key_contacts", "contact_persons", "executives",
    }
)  # fmt: skip
"""The names of lists of the people of a company."""
_LISTED: Final = re.compile(rb'"(?i:%s)"\s*:\s*\[' % "|".join(sorted(_LISTS)).encode())
"""Matches the beginning of such a list."""
_IDENTITY: Final = frozenset({"name", "domain", "website", "linkedin_url"})
"""The fields of a company that identify it, which each of its people gets."""


def may_have_people(head: bytes) -> bool:
    """Return whether a JSON file that begins with `head` may have lists of people, so that its first rows decide."""
    return _LISTED.search(head) is not None


class CompanyPeople:
    """Iterable of `rows` of JSON that are not parsed yet. If they are companies with lists of people, there is a row
    for each company and, after it, one for each person, with the company's name and site.

    The first rows of the file at `path` decide. `notes` says which lists are rows, once the first row was read.
    """

    def __init__(self, rows: Iterator[FileRow], name: str, path: str) -> None:
        self._rows = rows
        self._name = name
        self._path = path
        self.notes: list[str] = []

    def __iter__(self) -> Iterator[FileRow]:
        first: list[FileRow] = []
        error: Exception | None = None
        try:
            first += islice(self._rows, SAMPLE_ROWS)
        except Exception as raised:  # reported after the rows before it
            error = raised
        lists = _find_lists(self._path, first)
        if lists:
            named = " and ".join(repr(name) for name in lists)
            self.notes.append(f"{self._name}: the people in {named} of the companies are rows, too")
        for row in chain(first, () if error is not None else self._rows):
            if lists:
                yield from _split(row, lists)
            else:
                yield row
        if error is not None:
            raise error


def _find_lists(path: str, rows: Sequence[FileRow]) -> list[str]:
    """Return the names of the lists of people in rows of companies."""
    found: dict[str, None] = {}
    companies: list[Members] = []
    for row in rows:
        with suppress(RowProblem):
            fields = read_line(row.raw.strip()) if type(row.raw) is bytes else {}
            lists = [name for name, value in fields.items() if name.lower() in _LISTS and _has_people(value)]
            found.update(dict.fromkeys(lists))
            companies.append(flatten({name: value for name, value in fields.items() if name not in lists}))
    names = dict.fromkeys(name for company in companies for name in company)
    try:
        are_companies = find_kind(path, list(names), companies) == "companies"
    except UnclearKind:
        return []
    return list(found) if are_companies and any(map(_identifies, names)) else []


def _has_people(value: Any) -> bool:
    """Return whether a value is a list with people."""
    return type(value) is list and any(type(item) is dict and is_person_object(item) for item in value)


def _split(row: FileRow, lists: Sequence[str]) -> Iterator[FileRow]:
    """Yield the row of a company without its lists of people, and a row for each object in them."""
    if type(row.raw) is not bytes:
        yield row
        return
    try:
        own = read_line(row.raw.strip())
    except RowProblem:
        yield row  # its reader says why it cannot be used
        return
    values = {name: own.pop(name) for name in lists if name in own}
    company = {_of_company(name): value for name, value in own.items()}
    people: list[tuple[str, Members]] = []
    for name, value in values.items():
        rest = value
        if _has_people(value):
            people += [(name, item) for item in value if type(item) is dict]
            rest = [item for item in value if type(item) is not dict]
        if rest not in ([], None):
            company[_of_company(name)] = rest  # which is reported
    yield row._replace(raw=msgspec.json.encode(company))
    facts = {_of_company(name): value for name, value in own.items() if _identifies(name)}
    for name, person in people:
        yield row._replace(raw=complete_row(msgspec.json.encode(person), FoundRows(name, 0, 0, facts)))


def _of_company(name: str) -> str:
    """The column of a company in a file of contacts."""
    return f"company.{name}"


def _identifies(name: str) -> bool:
    """Return whether a field of a company identifies it."""
    found = recognise("companies", name)
    return found is not None and not _IDENTITY.isdisjoint(found.fields)

"""Parses a request into a Query and its paging, and reports all problems at once."""

from __future__ import annotations

import difflib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Final

import msgspec

from letrics.errors import INVALID_INPUT, MAX_PROBLEMS, LetricsError
from letrics.fields import (
    CATALOGUE,
    DEFAULT_PER_PAGE,
    MAX_PAGE,
    MAX_PER_PAGE,
    Field,
    fields_of,
)
from letrics.normalize.place import Reading
from letrics.normalize.time import format_time
from letrics.query.array import read_array
from letrics.query.clauses import AnyOf, Between, Clause, Flag, NoneOf, Order, Query
from letrics.query.cursor import decode_cursor
from letrics.query.request_values import read_flag, read_number, read_time, shown
from letrics.records import Kind, member_names

PAGING: Final = ("order", "page", "per_page", "cursor", "fields")


class Warning(msgspec.Struct, frozen=True):
    """A part of the request that was ignored or may be a mistake. The search ran anyway."""

    field: str
    details: str


@dataclass(frozen=True, slots=True)
class Request:
    """A parsed search request.

    `after` is the num to continue after (then `page` is None). `filters` is a canonical body that finds the same
    records. `members` are the requested record fields without duplicates, in the requested order (None: all).
    `readings` has the interpretation of each location as (field, value, reading).
    """

    query: Query
    order: Order
    page: int | None
    per_page: int
    after: int | None
    filters: dict[str, object]
    members: tuple[str, ...] | None
    readings: tuple[tuple[str, str, Reading], ...]
    warnings: tuple[Warning, ...]


@dataclass(frozen=True, slots=True)
class _Row:
    field: Field
    exclude: bool


def _names(kind: Kind) -> dict[str, _Row]:
    names: dict[str, _Row] = {}
    for field in fields_of(kind):
        for name in (field.name, *field.aliases):
            names[name] = _Row(field, False)
        if field.can_exclude:
            names[f"exclude_{field.name}"] = _Row(field, True)
    return names


_NAMES: Final[dict[Kind, dict[str, _Row]]] = {"contacts": _names("contacts"), "companies": _names("companies")}


def field_named(kind: Kind, name: str) -> Field | None:
    """The catalogue field with this name, alias or `exclude_` name; None if there is none."""
    row = _NAMES[kind].get(name)
    return row.field if row else None


def parse_request(
    kind: Kind, given: Mapping[str, object], *, paging: bool = True, beside: Sequence[str] = ()
) -> Request:
    """Parse a request given as a mapping of field names to JSON values.

    With `paging=False` (delete or count by filter) the fields PAGING are not accepted, except those in `beside`.
    `beside` may also name further fields that the caller parses itself. Raises LetricsError (invalid_input) with all
    problems, one per field.
    """
    return _Parser(kind, PAGING if paging else beside).parse(given)


class _Parser:
    def __init__(self, kind: Kind, beside: Sequence[str]) -> None:
        self.kind = kind
        self.beside = beside
        self.problems: dict[str, str] = {}
        self.warnings: list[Warning] = []
        self.readings: list[tuple[str, str, Reading]] = []

    def parse(self, given: Mapping[str, object]) -> Request:
        names = _NAMES[self.kind]
        asked: dict[str, tuple[str, _Row, object]] = {}
        for name, value in given.items():
            row = names.get(name)
            if row is None:
                # Stop at the maximum that is sent: finding a suggestion is slow.
                if name not in self.beside and len(self.problems) < MAX_PROBLEMS:
                    self.problems[name] = unknown_name(self.kind, name, self.beside)
                continue
            canonical = f"exclude_{row.field.name}" if row.exclude else row.field.name
            if canonical in asked:
                other = asked[canonical][0]
                self.problems[name] = f"{name} and {other} are the same field: send only {canonical}"
            else:
                asked[canonical] = (name, row, value)
        filters: dict[str, object] = {}
        clauses: list[Clause] = []
        bounds: dict[str, dict[str, int]] = {}
        for canonical, (name, row, value) in asked.items():
            if value is None:
                continue
            try:
                clause = self._clause(canonical, name, row, value, filters, bounds)
            except ValueError as error:
                self.problems.setdefault(name, f"{name} {error}")
                continue
            if clause is not None:
                clauses.append(clause)
        clauses = self._modified(clauses, filters) + self._ranges(bounds)
        query = Query(self.kind, tuple(clauses))
        beside = {name: given.get(name) for name in self.beside}
        order, page, per_page, after = self._page(query, beside)
        members = self._members(beside.get("fields"))
        if self.problems:
            raise LetricsError(INVALID_INPUT, [(text, name) for name, text in self.problems.items()])
        if beside.get("order") is not None:
            filters["order"] = order
        return Request(
            query, order, page, per_page, after, filters, members, tuple(self.readings), tuple(self.warnings)
        )

    def _clause(
        self, canonical: str, name: str, row: _Row, value: object,
        filters: dict[str, object], bounds: dict[str, dict[str, int]],
    ) -> Clause | None:  # fmt: skip
        """The clause of one request field; None if it restricts nothing or is one end of a range."""
        field = row.field
        fact = field.fact(self.kind)
        assert fact is not None
        if field.kind in ("flag", "modifier"):
            if not read_flag(value):
                self.warnings.append(Warning(name, "false is ignored: only true filters"))
                return None
            filters[canonical] = True
            return Flag(canonical, fact, row.exclude) if field.kind == "flag" else None
        if field.bound is not None:
            if field.kind == "number":
                end = filters[canonical] = read_number(value)
            else:
                end = read_time(value, "first" if field.bound == "after" else "last")
                filters[canonical] = format_time(end)
            bounds.setdefault(field.stem, {})[field.bound] = end
            return None
        array = read_array(self.kind, canonical, value)
        if array is None:
            return None
        filters[canonical] = list(array.values)
        self.readings += array.readings
        return array.clause

    def _ranges(self, bounds: dict[str, dict[str, int]]) -> list[Clause]:
        clauses: list[Clause] = []
        for stem, ends in bounds.items():
            lower, upper = ("after", "before") if f"{stem}_after" in _NAMES[self.kind] else ("min", "max")
            fact = _NAMES[self.kind][f"{stem}_{lower}"].field.fact(self.kind)
            assert fact is not None
            low, high = ends.get(lower), ends.get(upper)
            if low is not None and high is not None and low > high:
                beyond, show = ("later", format_time) if lower == "after" else ("larger", str)
                self.problems[f"{stem}_{lower}"] = (
                    f"{stem}_{lower} ({show(low)}) is {beyond} than {stem}_{upper} ({show(high)}), so nothing can "
                    "match: swap the two values"
                )
            clauses.append(Between(stem, fact, low, high))
        return clauses

    def _modified(self, clauses: list[Clause], filters: dict[str, object]) -> list[Clause]:
        """The clauses, restricted to primary locations if `primary_location_only` is set."""
        if "primary_location_only" not in filters:
            return clauses
        places = [name for name, row in _NAMES[self.kind].items() if row.field.kind == "place"]
        if not filters.keys() & set(places):
            *others, last = places
            details = f"has no effect without {', '.join(others)} or {last}"
            self.warnings.append(Warning("primary_location_only", details))
        return [
            replace(clause, fact=clause.fact.primary)
            if isinstance(clause, AnyOf | NoneOf) and clause.fact.primary is not None
            else clause
            for clause in clauses
        ]

    def _page(self, query: Query, given: Mapping[str, object]) -> tuple[Order, int | None, int, int | None]:
        order = given.get("order")
        if order not in (None, "oldest", "newest"):
            self.problems["order"] = f"order {shown(order)} must be oldest (the default) or newest"
            order = None
        page = self._integer(given, "page", MAX_PAGE)
        per_page = self._integer(given, "per_page", MAX_PER_PAGE) or DEFAULT_PER_PAGE
        cursor = given.get("cursor")
        after: int | None = None
        chosen: Order = order or "oldest"
        if cursor is not None:
            if page is not None or "page" in self.problems:
                self.problems["cursor"] = "cursor and page cannot be combined: send only one of them"
            elif not isinstance(cursor, str) or not cursor.strip():
                self.problems["cursor"] = f"cursor {shown(cursor)} must be a string: send meta.next_cursor of a page"
            elif not self.problems:  # the cursor is bound to the filters, so it is only checked if they are valid
                try:
                    after = decode_cursor(cursor.strip(), query, chosen)
                except ValueError as error:
                    self.problems["cursor"] = f"cursor {error}"
        return chosen, None if cursor is not None else page or 1, per_page, after

    def _members(self, value: object) -> tuple[str, ...] | None:
        if value is None or value == []:
            return None
        known = member_names(self.kind)
        if not isinstance(value, list) or len(value) > 500:
            self.problems["fields"] = f"fields {shown(value)} must be a list of field names, such as {known[0]}"
            return None
        for name in value:
            if not isinstance(name, str) or name.strip() not in known:
                near = difflib.get_close_matches(name[:100], known, 1) if isinstance(name, str) else []
                hint = f"did you mean {near[0]}?" if near else f"available are {', '.join(known)}"
                self.problems["fields"] = f"fields: {shown(name)} is not a field of {self.kind}: {hint}"
                return None
        return tuple(dict.fromkeys(name.strip() for name in value))

    def _integer(self, given: Mapping[str, object], name: str, most: int) -> int | None:
        value = given.get(name)
        if value is None:
            return None
        if not isinstance(value, int) or isinstance(value, bool) or not 1 <= value <= most:
            self.problems[name] = f"{name} {shown(value)} must be a whole number from 1 to {most:,}"
            return None
        return value


def unknown_name(kind: Kind, name: str, beside: Sequence[str] = PAGING) -> str:
    """The error message of a field that searches of `kind` lack. It suggests the most similar name of a field or of
    `beside`."""
    if name in PAGING:
        return f"{name} applies to pages of records and is not supported here: remove it"
    known = [*_NAMES[kind], *beside]
    other: Kind = "companies" if kind == "contacts" else "contacts"
    hint = f"available are {', '.join(f.name for f in CATALOGUE if f.fact(kind))} and more: see /docs"
    near = difflib.get_close_matches(name[:100].casefold(), known, 1, 0.6)
    if near:
        hint = f"did you mean {near[0]}?"
    elif name in _NAMES[other]:
        hint = f"it is a field of searches of {other}"
    where = f"{shown(name)} is not a field of searches of {kind}"
    if name in _NAMES[other] and near:
        where += f" (only of {other})"
    return f"{where}: {hint}"

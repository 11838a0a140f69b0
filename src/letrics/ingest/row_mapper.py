"""Mapping of rows of one kind to patches: parses each cell and collects the values of the record and of its company.

A cell that cannot be read is left out with a warning.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from typing import Any, Final, Generic, TypeVar

from msgspec import UNSET

from letrics.identity.patches import CompanyPatch, ContactPatch
from letrics.ingest.addresses import PER_ADDRESS
from letrics.ingest.aliases import ONLY
from letrics.ingest.cell_rules import DEFAULT_RULES, CellRules
from letrics.ingest.cell_warnings import CellWarning
from letrics.ingest.column_mapping import ColumnMapping, Overrides
from letrics.ingest.column_reader import ColumnReader
from letrics.ingest.company_values import (
    IDENTIFYING,
    NO_COMPANY,
    finish_company,
)
from letrics.ingest.partial import Partial
from letrics.ingest.recognition import column_named, import_column
from letrics.ingest.rows import Members, RowProblem
from letrics.ingest.values import MAX_ITEMS
from letrics.normalize.shared_hosts import company_domain
from letrics.query.request_values import shown
from letrics.records import EmployeesRange, Kind

Patch = TypeVar("Patch", CompanyPatch, ContactPatch)

_MAX_NAMES: Final = 1_000
"""The maximum number of column names that are cached, and of unknown names that are reported."""
_MAX_NAME: Final = 200
"""The maximum length of a column name that is cached, in characters."""
_NESTED_KEYS: Final = frozenset({"company", *(f"company.{name}" for name in IDENTIFYING)})
"""The fields of a contact in JSON that identify its company."""

_Items = list[tuple[int, int, Any]]
"""The columns of one list in a row: the place in the list, the rank and the value of each."""


class Mapper(Generic[Patch]):
    """Maps flat rows of one kind to patches. `ignored` collects the names of unknown columns in order of appearance.

    `read(members)` returns the patch of a row's fields and raises RowProblem. `warnings` then has the cells of the row
    that were left out. With `cells`, all values are text, as in CSV. `overrides` are the columns whose field does not
    follow from their name. With `is_mapped`, all columns are those of a mapping.
    """

    kind: Kind

    def __init__(self, cells: bool = False, rules: CellRules = DEFAULT_RULES) -> None:
        self.cells = cells
        self.rules = rules
        self.warnings: list[CellWarning] = []
        self.ignored: dict[str, None] = {}
        self.overrides: Overrides = ()
        self.is_mapped = False
        self._columns: dict[str, ColumnReader | None] = {}
        self._site_links: dict[str, ColumnReader] = {}

    def read(self, members: Members) -> Patch:
        raise NotImplementedError

    def take_warnings(self) -> list[CellWarning]:
        """Return the warnings of the last row and clear them."""
        warnings, self.warnings = self.warnings, []
        return warnings

    def _warn(self, name: str, reason: str) -> None:
        """Add a warning about a cell. Raises RowProblem if the rules are strict."""
        problem = RowProblem(name, reason)
        if self.rules.strict:
            raise problem
        self.warnings.append(CellWarning(problem.field or name, problem.reason))

    def _missing(self, keys: frozenset[str], of_company: bool, field: str | None, reason: str) -> RowProblem:
        """The problem of a row without the identifying fields `keys`: the first of them that could not be read, or
        `reason`."""
        for warning in self.warnings:
            column = self._columns.get(warning.field)
            if column is None:
                identifies = of_company and warning.field in _NESTED_KEYS
            else:
                identifies = column.member in keys and column.of_company == of_company
            if identifies:
                return RowProblem(warning.field, warning.reason)
        return RowProblem(field, reason)

    def meet(self, names: Iterable[str]) -> None:
        """Register the column names of a file's header, so that unknown columns are reported even if they are empty."""
        for name in names:
            if name not in self._columns:
                self._learn(name)

    @property
    def columns(self) -> Mapping[str, ColumnReader | None]:
        """The readers of the columns that are known by now, by name; None for an ignored column."""
        return self._columns

    def use(self, mapping: ColumnMapping) -> None:
        """Read the columns of a file as `mapping` says. Other columns are recognised by their names."""
        columns_of = Counter(column.field for column in mapping.columns)
        for column in mapping.columns:
            reader = None
            if column.field is not None and column.reason != "object":
                is_one = columns_of[column.field] == 1 and column.rank < PER_ADDRESS
                rank = 0 if is_one else column.rank  # a rank costs time in each row
                target = import_column(self.kind, column.field, rank)
                reader = ColumnReader(target, column.name, self.rules)
            self._columns[column.name] = reader
            self._site_links.pop(column.name, None)
            if reader is not None and reader.is_site_link:
                self._site_links[column.name] = reader
            if column.field is None:
                self.ignored[column.name] = None
        self.overrides = mapping.overrides()
        self.is_mapped = True

    def _column(self, name: str) -> ColumnReader | None:
        column = column_named(self.kind, name)
        return None if column is None else ColumnReader(column, name, self.rules)

    def _learn(self, name: str) -> ColumnReader | None:
        """Look up the column `name` and cache the result."""
        column = self._column(name)
        if len(self._columns) < _MAX_NAMES and len(name) <= _MAX_NAME:
            self._columns[name] = column
            if column is None:
                self.ignored[name] = None
            elif column.is_site_link:
                self._site_links[name] = column
        return column

    def some(self, members: Members, wanted: frozenset[str]) -> Members:
        """Return the values of the record's own fields that are in `wanted`. Registers no column names.

        Raises ValueError.
        """
        own: Members = {}
        for name, value in members.items():
            column = self._columns[name] if name in self._columns else self._column(name)
            if column is not None and not column.of_company and column.member in wanted:
                read = column.read(value)
                if read is not UNSET:
                    own[column.member] = read.value if type(read) is Partial else read
        return own

    def _finish(self, company: dict[str, Any], of_company: bool, prefix: str) -> dict[str, Any]:
        """Complete the values of a company's patch. Raises RowProblem."""
        try:
            return finish_company(company, prefix)
        except RowProblem as problem:
            if problem.reason != NO_COMPANY:
                raise
            raise self._missing(IDENTIFYING, of_company, problem.field, NO_COMPANY) from None

    def _gather(self, members: Members, own: dict[str, Any], company: dict[str, Any]) -> None:
        """Parse all known cells into the values of the record (`own`) and those of its company.

        Empty cells are left out. A null and an empty list clear a value.
        """
        columns, links = self._columns, self._site_links
        ranks: dict[tuple[str, bool], int] = {}
        sites: list[tuple[dict[str, Any], str]] = []
        lists: dict[tuple[str, bool, str], _Items] = {}
        for name, value in members.items():
            try:
                column = columns[name]
            except KeyError:
                column = self._learn(name)
            if column is None:
                continue
            if type(value) is str and value in column.cache:
                read = column.cache[value]
            else:
                try:
                    read = column.read(value)
                except ValueError as error:
                    if name != "company" or type(value) is not dict:  # an object among texts is read on its own
                        self._warn(name, f"{shown(value)} {error}")
                    continue
                if type(read) is Partial:
                    for reason in read.reasons:
                        self._warn(name, reason)
                    read = read.value
            if read is UNSET:
                continue
            bag = company if column.of_company else own
            if links and name in links:
                sites.append((bag, read))
                continue
            member = column.member
            rank = column.rank
            if column.item is not None:
                list_name, place = column.item
                lists.setdefault((member, column.of_company, list_name), []).append((place, rank, read))
                continue
            if type(read) is EmployeesRange and member == "employees":
                member, rank = "employees_range", rank + ONLY  # alongside a number and after a column of bands
            if member in bag:
                if member == "emails":
                    read = tuple(dict.fromkeys(bag[member] + read))
                elif not _replaces(read, rank, bag[member], ranks.get((member, column.of_company), 0)):
                    continue
                ranks[member, column.of_company] = rank
            elif rank:
                ranks[member, column.of_company] = rank
            bag[member] = read
        for (member, of_company, name), items in lists.items():
            bag, rank = company if of_company else own, min(rank for _, rank, _ in items)
            joined = self._join(name, items)
            if member not in bag or _replaces(joined, rank, bag[member], ranks.get((member, of_company), 0)):
                bag[member] = joined
                ranks[member, of_company] = rank
        for bag, site in sites:
            _add_site(bag, site)

    def _join(self, name: str, items: _Items) -> tuple[Any, ...]:
        """Join the items of the columns of the list `name` in the order of their places."""
        items.sort(key=lambda item: item[0])
        joined = tuple(dict.fromkeys([item for _, _, read in items for item in read or ()]))
        if len(joined) > MAX_ITEMS:
            self._warn(name, f"has {len(joined):,} items in several columns; the maximum is {MAX_ITEMS:,}")
        return joined[:MAX_ITEMS]


def _replaces(read: Any, rank: int, before: Any, rank_before: int) -> bool:
    """Return whether the value of a further column of a field replaces the one `before`."""
    return not is_cleared(read) and (is_cleared(before) or rank < rank_before)


def _add_site(values: dict[str, Any], site: str) -> None:
    """Add a site among links to the values of a company, unless it has a website or the site is not at its domain."""
    domain = values.get("domain")
    if not values.get("website") and (not domain or company_domain(site) == domain):
        values["website"] = site


def is_cleared(value: Any) -> bool:
    """Return whether the value of a field clears it, as a null in JSON does."""
    return value is None or value == ()

"""Mapping of rows to patches: parses and normalises each cell.

A cell that cannot be read is left out with a warning. A row is rejected if nothing in it identifies a record.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from contextlib import suppress
from typing import Any, Final, Generic, TypeVar

import msgspec
from msgspec import UNSET

from letrics.identity.companies import NamedCompany
from letrics.identity.patches import CompanyPatch, ContactPatch
from letrics.ingest.addresses import PER_ADDRESS
from letrics.ingest.aliases import ONLY
from letrics.ingest.cell_rules import DEFAULT_RULES, CellRules
from letrics.ingest.cell_warnings import CellWarning
from letrics.ingest.column_mapping import ColumnMapping, Overrides
from letrics.ingest.column_reader import ColumnReader
from letrics.ingest.company_rows import LEFT_OUT, NoPerson
from letrics.ingest.company_values import (
    IDENTIFYING,
    NO_COMPANY,
    business_domain,
    drop_unknown_times,
    finish_company,
)
from letrics.ingest.location_parts import join_location_parts
from letrics.ingest.name_parts import join_name_parts
from letrics.ingest.partial import Partial
from letrics.ingest.recognition import column_named, import_column
from letrics.ingest.rows import Members, RowProblem
from letrics.normalize.shared_hosts import company_domain, is_company_domain
from letrics.query.request_values import shown
from letrics.records import Email, EmployeesRange, Kind

Patch = TypeVar("Patch", CompanyPatch, ContactPatch)

_REMEMBERED: Final = 50_000
"""The capacity of the cache of nested companies: the maximum number of patches."""
_MAX_REMEMBERED: Final = 2_000
"""The maximum size of a nested company that is cached, in bytes of JSON."""
_UNIDENTIFIED: Final = "its values were left out: add its domain, website, linkedin_url or name"
"""The warning about a company that nothing identifies."""
_MAX_NAMES: Final = 1_000
"""The maximum number of column names that are cached, and of unknown names that are reported."""
_MAX_NAME: Final = 200
"""The maximum length of a column name that is cached, in characters."""
_NESTED_KEYS: Final = frozenset({"company", *(f"company.{name}" for name in IDENTIFYING)})
"""The fields of a contact in JSON that identify its company."""
_CONTACT_KEYS: Final = frozenset({"external_id", "emails", "linkedin_url", "full_name", "first_name", "last_name"})
"""The fields that identify a contact."""
_NOBODY: Final = (
    "the row does not identify a contact: add id, email, linkedin_url, full_name, or first_name and last_name"
)
"""The reason for rejecting a contact row without an identifying field."""
_NAME_ALONE: Final = "is missing: without an id, a personal email or a linkedin_url, a contact needs its company"
"""The reason for rejecting a contact row that is identified only within a company, and has none."""


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
        columns = self._columns
        ranks: dict[tuple[str, bool], int] = {}
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
            member = column.member
            rank = column.rank
            if type(read) is EmployeesRange and member == "employees":
                member, rank = "employees_range", rank + ONLY  # alongside a number and after a column of bands
            if member in bag:
                if member == "emails":
                    read = tuple(dict.fromkeys(bag[member] + read))
                elif _is_cleared(read) or not (
                    _is_cleared(bag[member]) or rank < ranks.get((member, column.of_company), 0)
                ):
                    continue
                ranks[member, column.of_company] = rank
            elif rank:
                ranks[member, column.of_company] = rank
            bag[member] = read


def _is_cleared(value: Any) -> bool:
    """Return whether the value of a field clears it, as a null in JSON does."""
    return value is None or value == ()


class CompanyMapper(Mapper[CompanyPatch]):
    """Mapper of company rows. `prefix` is added before field names in problems."""

    kind = "companies"

    def __init__(self, cells: bool = False, rules: CellRules = DEFAULT_RULES, prefix: str = "") -> None:
        super().__init__(cells, rules)
        self.prefix = prefix

    def read(self, members: Members) -> CompanyPatch:
        self.warnings.clear()
        own: dict[str, Any] = {}
        nested = members.get("company")
        if type(nested) is dict:  # the record itself, in a response with one object
            members = members | {f"company.{name}": value for name, value in nested.items()}
        self._gather(members, own, own)
        return CompanyPatch(**self._finish(own, False, self.prefix))


class ContactMapper(Mapper[ContactPatch]):
    """Mapper of contact rows. With `source`, an external id becomes `source:id`."""

    kind = "contacts"

    def __init__(self, cells: bool = False, source: str | None = None, rules: CellRules = DEFAULT_RULES) -> None:
        super().__init__(cells, rules)
        self.source = source
        self._companies = CompanyMapper(rules=rules, prefix="company.")
        self._nested: dict[bytes, CompanyPatch] = {}

    def read(self, members: Members) -> ContactPatch:
        self.warnings.clear()
        own: dict[str, Any] = {}
        company: dict[str, Any] = {}
        self._gather(members, own, company)
        unidentified: dict[str, Any] = {}
        patch = self._company(members, company, unidentified)
        join_location_parts(own)
        join_name_parts(own)
        drop_unknown_times(own)
        external = own.get("external_id")
        if external is not None and self.source is not None:
            own["external_id"] = f"{self.source}:{external}"
        if external is None and own.get("full_name") is None and not _otherwise_known(own):
            raise self._no_person(members, patch)
        emails = own.get("emails")
        if patch is UNSET and emails:
            domain = business_domain(emails)
            if domain is not None:
                known: str | CompanyPatch = domain
                if unidentified:
                    known = CompanyPatch(**finish_company(unidentified | {"domain": domain}, "company_"))
                return ContactPatch(company=known, company_from_email=True, **own)
        if unidentified:
            self._warn("company", _UNIDENTIFIED)
        if not patch and external is None and not own.get("linkedin_url") and not (emails and has_personal(emails)):
            raise self._missing(IDENTIFYING, True, "company_domain", _NAME_ALONE)
        return ContactPatch(company=patch, **own)

    def _no_person(self, members: Members, company: NamedCompany) -> NoPerson:
        """The problem of a row without a person. Adds a warning for each value of a contact if there is a company."""
        problem = self._missing(_CONTACT_KEYS, False, None, _NOBODY)
        if company:
            for name, value in members.items():
                column = self._columns.get(name)
                if column is not None and not column.of_company and _has_value(column, value):
                    self._warn(name, f"{shown(value)} {LEFT_OUT}")
        return NoPerson(problem, company)

    def read_company(self, cells: Members) -> NamedCompany | dict[str, Any] | None:
        """Return the company that the cells of `company_` columns describe: UNSET if there is none, and its values if
        nothing identifies it. Returns None if a cell cannot be read. Changes no warnings."""
        company: dict[str, Any] = {}
        unidentified: dict[str, Any] = {}
        before = self.warnings
        self.warnings = []
        try:
            self._gather(cells, {}, company)
            found = self._company(cells, company, unidentified)
            return None if self.warnings else unidentified or found
        except RowProblem:
            return None
        finally:
            self.warnings = before

    def _learn(self, name: str) -> ColumnReader | None:
        if name == "company" and not self.cells:
            self._columns[name] = None
            return None
        return super()._learn(name)

    def _company(self, members: Members, company: dict[str, Any], unidentified: dict[str, Any]) -> NamedCompany:
        """Return the company of a row, from `company_` columns, an object `company`, or both.

        Returns None if a row of JSON has a null as its company, and UNSET if nothing identifies it. Adds the values of
        such a company to `unidentified`.
        """
        nested = None if self.cells else members.get("company")
        if type(nested) is str and self.is_mapped:
            if self._columns.get("company") is None:  # other rows of the file have an object
                self._gather({"company.name": nested}, {}, company)
            nested = None
        if nested is not None and type(nested) is not dict:
            self._warn("company", f"{shown(nested)} must be an object with the company's domain")
            nested = None
        if nested is None:
            if len(company) == 1 and is_company_domain(company.get("domain") or ""):  # the common case
                return str(company["domain"])
            if not any(company.values()):
                return None if not self.cells and members.get("company", UNSET) is None else UNSET
            found = self._patch_of(company, "company_", unidentified)
            return str(company["domain"]) if company.keys() == {"domain"} and found is not UNSET else found
        if not company:
            return self._read_nested(nested, unidentified)
        own: dict[str, Any] = {}
        self._companies.warnings.clear()
        self._companies._gather(nested, own, own)
        self._take_nested_warnings()
        given, other = company.get("domain"), own.get("domain")
        if given is not None and other is not None and given != other:
            raise RowProblem("company_domain", f"{shown(given)} and company.domain {shown(other)} differ")
        return self._patch_of(own | company, "company.", unidentified)

    def _patch_of(self, company: dict[str, Any], prefix: str, unidentified: dict[str, Any]) -> NamedCompany:
        try:
            finish_company(company, prefix)
        except RowProblem as problem:
            if any(company.values()):
                if problem.reason != NO_COMPANY:
                    self._warn(problem.field or "company", problem.reason)
                unidentified.update(company)
            return UNSET
        return CompanyPatch(**company)

    def _read_nested(self, nested: Members, unidentified: dict[str, Any]) -> NamedCompany:
        domain = nested.get("domain")
        if len(nested) == 1 and type(domain) is str and domain:
            with suppress(ValueError):
                if (known := company_domain(domain)) is not None:
                    return known
        # Exports repeat the whole company in each of its contacts. Caching its patch is 5 times faster.
        try:
            key = msgspec.json.encode(nested)
        except (ValueError, TypeError, OverflowError, RecursionError):
            return self._read_company(nested, unidentified)
        if len(key) > _MAX_REMEMBERED:
            return self._read_company(nested, unidentified)
        patch = self._nested.get(key)
        if patch is None:
            warned = len(self.warnings)
            found = self._read_company(nested, unidentified)
            if len(self.warnings) != warned or not isinstance(found, CompanyPatch):
                return found  # the next row with this company gives the same warnings
            patch = found
            if len(self._nested) >= _REMEMBERED:
                self._nested.clear()
            self._nested[key] = patch
        return patch

    def _read_company(self, nested: Members, unidentified: dict[str, Any]) -> NamedCompany:
        own: dict[str, Any] = {}
        self._companies.warnings.clear()
        try:
            self._companies._gather(nested, own, own)
        except RowProblem as problem:
            raise RowProblem(f"company.{problem.field}", problem.reason) from None
        self._take_nested_warnings()
        return self._patch_of(own, "company.", unidentified)

    def has_unknown(self, members: Members) -> bool:
        """Return whether the row has fields that are in `ignored`."""
        return not self.ignored.keys().isdisjoint(members)

    def _take_nested_warnings(self) -> None:
        for warning in self._companies.take_warnings():
            self.warnings.append(CellWarning(f"company.{warning.field}", warning.reason))


def _has_value(column: ColumnReader, value: Any) -> bool:
    """Return whether a cell has a value that can be read."""
    try:
        read = column.read(value)
    except ValueError:
        return False
    return read is not UNSET and not _is_cleared(read.value if type(read) is Partial else read)


def has_personal(emails: Sequence[Email]) -> bool:
    """Return whether one of the addresses is that of a person."""
    return any(email.type == "personal" for email in emails)


def _otherwise_known(own: dict[str, Any]) -> bool:
    """Return whether a row without an external id and a full name identifies the contact by other fields."""
    if own.get("emails") or own.get("linkedin_url") is not None:
        return True
    return own.get("first_name") is not None and own.get("last_name") is not None


def mapper(
    kind: Kind, cells: bool = False, source: str | None = None, rules: CellRules = DEFAULT_RULES
) -> CompanyMapper | ContactMapper:
    """Create the mapper for a kind of record."""
    return CompanyMapper(cells, rules) if kind == "companies" else ContactMapper(cells, source, rules)

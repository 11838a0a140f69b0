"""Mapping of rows of contacts to patches, each with its company.

A row is rejected if nothing in it identifies a contact or a company.
"""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import suppress
from typing import Any, Final

import msgspec
from msgspec import UNSET

from letrics.identity.companies import NamedCompany
from letrics.identity.patches import CompanyPatch, ContactPatch
from letrics.ingest.cell_rules import DEFAULT_RULES, CellRules
from letrics.ingest.cell_warnings import CellWarning
from letrics.ingest.column_mapping import ColumnMapping
from letrics.ingest.column_reader import ColumnReader
from letrics.ingest.company_mapper import CompanyMapper
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
from letrics.ingest.row_mapper import Mapper, is_cleared
from letrics.ingest.rows import Members, RowProblem
from letrics.normalize.shared_hosts import company_domain, is_company_domain
from letrics.query.request_values import shown
from letrics.records import Email

_REMEMBERED: Final = 50_000
"""The capacity of the cache of nested companies: the maximum number of patches."""
_MAX_REMEMBERED: Final = 2_000
"""The maximum size of a nested company that is cached, in bytes of JSON."""
_UNIDENTIFIED: Final = "its values were left out: add its domain, website, linkedin_url or name"
"""The warning about a company that nothing identifies."""
_CONTACT_KEYS: Final = frozenset({"external_id", "emails", "linkedin_url", "full_name", "first_name", "last_name"})
"""The fields that identify a contact."""
_NOBODY: Final = (
    "the row does not identify a contact: add id, email, linkedin_url, full_name, or first_name and last_name"
)
"""The reason for rejecting a contact row without an identifying field."""
_NAME_ALONE: Final = "is missing: without an id, a personal email or a linkedin_url, a contact needs its company"
"""The reason for rejecting a contact row that is identified only within a company, and has none."""


class ContactMapper(Mapper[ContactPatch]):
    """Mapper of contact rows. With `source`, an external id becomes `source:id`."""

    kind = "contacts"

    def __init__(self, cells: bool = False, source: str | None = None, rules: CellRules = DEFAULT_RULES) -> None:
        super().__init__(cells, rules)
        self.source = source
        self._companies = CompanyMapper(rules=rules, prefix="company.")
        self._ignores_company = False
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

    def use(self, mapping: ColumnMapping) -> None:
        super().use(mapping)
        self._ignores_company = any(column.name == "company" and column.field is None for column in mapping.columns)

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
        nested = None if self.cells or self._ignores_company else members.get("company")
        if type(nested) is str and self.is_mapped:
            if self._columns.get("company") is None:  # other rows of the file have an object
                self._gather({"company.name": nested}, {}, company)
            nested = None
        if nested is not None and (type(nested) is not dict or not all(type(name) is str for name in nested)):
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
    return read is not UNSET and not is_cleared(read.value if type(read) is Partial else read)


def has_personal(emails: Sequence[Email]) -> bool:
    """Return whether one of the addresses is that of a person."""
    return any(email.type == "personal" for email in emails)


def _otherwise_known(own: dict[str, Any]) -> bool:
    """Return whether a row without an external id and a full name identifies the contact by other fields."""
    if own.get("emails") or own.get("linkedin_url") is not None:
        return True
    return own.get("first_name") is not None and own.get("last_name") is not None

"""Mapping of rows to patches: parses and normalises each field, or rejects the row with the field and the reason."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, Final, Generic, TypeVar

import msgspec

from letrics.identity.patches import CompanyPatch, ContactPatch
from letrics.ingest.columns import DERIVED, ImportColumn, column_named
from letrics.ingest.rows import Members, RowProblem
from letrics.ingest.values import MAX_TEXT, is_plain_domain, place_of, read_text
from letrics.normalize.domain import registrable_domain
from letrics.query.request_values import shown
from letrics.records import Company, ContactBody, EmployeesRange, Kind, time_fields

Patch = TypeVar("Patch", CompanyPatch, ContactPatch)

MAX_ID: Final = 200
"""The maximum length of a contact's id in a file, in characters."""
_TIMES: Final = tuple(dict.fromkeys((*time_fields(Company), *time_fields(ContactBody))))
"""The fields that are timestamps."""
_PLACE: Final = ("city", "region", "country")
"""The columns that together make the location of a company or a contact."""
_REMEMBERED: Final = 50_000
"""The capacity of the cache of nested companies: the maximum number of patches."""
_MAX_REMEMBERED: Final = 2_000
"""The maximum size of a nested company that is cached, in bytes of JSON."""
_MAX_NAMES: Final = 1_000
"""The maximum number of column names that are cached, and of unknown names that are reported."""
_MAX_NAME: Final = 200
"""The maximum length of a column name that is cached, in characters."""
_NOBODY: Final = (
    "the row does not identify a contact: add id, email, linkedin_url, full_name, or first_name and last_name"
)
"""The reason for rejecting a contact row without an identifying field."""


class Mapper(Generic[Patch]):
    """Maps rows of one kind to patches. `ignored` collects the names of unknown columns in order of appearance.

    `read(members)` returns the patch of a row's fields and raises RowProblem. With `cells`, all values are text, as in
    CSV.
    """

    kind: Kind

    def __init__(self, cells: bool = False) -> None:
        self.cells = cells
        self.ignored: dict[str, None] = {}
        self._columns: dict[str, ImportColumn | None] = {}

    def read(self, members: Members) -> Patch:
        raise NotImplementedError

    def meet(self, names: Iterable[str]) -> None:
        """Register the column names of a file's header, so that unknown columns are reported even if they are empty."""
        for name in names:
            if name not in self._columns:
                self._learn(name)

    def mapped(self) -> dict[str, str | None]:
        """The field of each column met so far, None for one that is not used. A company's field of a contact row has
        the prefix `company.`."""
        prefix = {True: "company.", False: ""}
        return {
            name: None if column is None else prefix[column.of_company] + column.member
            for name, column in self._columns.items()
        }

    def _learn(self, name: str) -> ImportColumn | None:
        """Look up the column `name` and cache the result."""
        column = column_named(self.kind, name, self.cells)
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
            column = self._columns[name] if name in self._columns else column_named(self.kind, name, self.cells)
            if column is not None and not column.of_company and column.member in wanted:
                own[column.member] = column.read(value)
        return own

    def _gather(self, members: Members, own: dict[str, Any], company: dict[str, Any]) -> None:
        """Parse all known fields into the values of the record (`own`) and those of its company."""
        columns = self._columns
        for name, value in members.items():
            try:
                column = columns[name]
            except KeyError:
                column = self._learn(name)
            if column is None:
                continue
            bag = company if column.of_company else own
            member = column.member
            reader = column.read
            read: Any
            if reader is read_text and type(value) is str and value.isprintable() and len(value) <= MAX_TEXT:
                read = value.strip() or None  # the common case of read_text, without the call
            else:
                try:
                    read = reader(value)
                except ValueError as error:
                    raise RowProblem(name, f"{shown(value)} {error}") from None
            if member in bag:
                if member != "emails":
                    raise RowProblem(name, f"{member} is given twice, in columns of two names")
                read = tuple(dict.fromkeys(bag[member] + read))
            bag[member] = read


class CompanyMapper(Mapper[CompanyPatch]):
    """Mapper of company rows. `prefix` is added before field names in problems."""

    kind = "companies"

    def __init__(self, cells: bool = False, prefix: str = "") -> None:
        super().__init__(cells)
        self.prefix = prefix

    def read(self, members: Members) -> CompanyPatch:
        own: dict[str, Any] = {}
        self._gather(members, own, own)
        return CompanyPatch(**finish_company(own, self.prefix))


class ContactMapper(Mapper[ContactPatch]):
    """Mapper of contact rows. With `source`, an external id becomes `source:id`."""

    kind = "contacts"

    def __init__(self, cells: bool = False, source: str | None = None) -> None:
        super().__init__(cells)
        self.source = source
        self._companies = CompanyMapper(prefix="company.")
        self._nested: dict[bytes, CompanyPatch] = {}

    def read(self, members: Members) -> ContactPatch:
        own: dict[str, Any] = {}
        company: dict[str, Any] = {}
        self._gather(members, own, company)
        nested = None if self.cells else members.get("company")
        patch = self._company(nested, company)
        _finish_locations(own)
        _drop_unknown_times(own)
        external = own.get("external_id")
        if external is not None:
            if len(external) > MAX_ID:
                raise RowProblem("id", f"{shown(external)} is longer than {MAX_ID} characters")
            if self.source is not None:
                own["external_id"] = f"{self.source}:{external}"
        if external is None and own.get("full_name") is None and not _otherwise_known(own):
            raise RowProblem(None, _NOBODY)
        return ContactPatch(company=patch, **own)

    def _learn(self, name: str) -> ImportColumn | None:
        if name == "company" and not self.cells:
            self._columns[name] = None
            return None
        return super()._learn(name)

    def _company(self, nested: Any, company: dict[str, Any]) -> str | CompanyPatch:
        """Return the company of a row, from `company_` columns, an object `company`, or both."""
        if nested is None:
            if not company:
                raise RowProblem("company_domain", "is missing: a contact needs the domain of its company")
            if len(company) == 1 and is_plain_domain(company.get("domain") or ""):
                return str(company["domain"])
            finish_company(company, "company_")
            if len(company) > 1:
                return CompanyPatch(**company)
            domain: str = company["domain"]
            return domain
        if type(nested) is not dict:
            raise RowProblem("company", f"{shown(nested)} must be an object with the company's domain")
        if not company:
            return self._read_nested(nested)
        known = {name: value for name, value in nested.items() if column_named("companies", name)}
        own: dict[str, Any] = {}
        self._companies._gather(known, own, own)
        given = company.get("domain")
        if given is not None and own.get("domain") is not None:
            finish_company(company, "company_")
            finish_company(own, "company.")
            if company["domain"] != own["domain"]:
                raise RowProblem("company_domain", f"{shown(given)} and company.domain {shown(own['domain'])} differ")
        return CompanyPatch(**finish_company(own | company, "company."))

    def _read_nested(self, nested: Members) -> str | CompanyPatch:
        domain = nested.get("domain")
        if len(nested) == 1 and type(domain) is str and domain:
            try:
                return registrable_domain(domain)
            except ValueError as error:
                raise RowProblem("company.domain", f"{shown(domain)} {error}") from None
        # Exports repeat the whole company in each of its contacts. Caching its patch is 5 times faster.
        try:
            key = msgspec.json.encode(nested)
        except (ValueError, TypeError, OverflowError, RecursionError):
            return self._read_company(nested)
        if len(key) > _MAX_REMEMBERED:
            return self._read_company(nested)
        patch = self._nested.get(key)
        if patch is None:
            patch = self._read_company(nested)
            if len(self._nested) >= _REMEMBERED:
                self._nested.clear()
            self._nested[key] = patch
        return patch

    def _read_company(self, nested: Members) -> CompanyPatch:
        try:
            patch = self._companies.read(nested)
        except RowProblem as problem:
            field = problem.field
            if field is not None and not field.startswith("company."):
                field = f"company.{field}"
            raise RowProblem(field, problem.reason) from None
        for name in self._companies.ignored:
            if name not in DERIVED and len(self.ignored) < _MAX_NAMES:
                self.ignored[f"company.{name}"] = None
        return patch


def _otherwise_known(own: dict[str, Any]) -> bool:
    """Return whether a row without an external id and a full name identifies the contact by other fields."""
    if own.get("emails") or own.get("linkedin_url") is not None:
        return True
    return own.get("first_name") is not None and own.get("last_name") is not None


def finish_company(own: dict[str, Any], prefix: str) -> dict[str, Any]:
    """Complete the values of a company's patch: the registrable domain (also from the website) and the location.

    Raises RowProblem.
    """
    field = "domain"
    given = own.get("domain")
    if given is None:
        field, given = "website", own.get("website")
    if given is None:
        raise RowProblem(f"{prefix}domain", "is missing: a company needs its domain or website")
    try:
        own["domain"] = registrable_domain(given)
    except ValueError as error:
        raise RowProblem(prefix + field, f"{shown(given)} {error}") from None
    if len(own) == 1:
        return own
    if type(own.get("employees")) is EmployeesRange:
        own.setdefault("employees_range", own.pop("employees"))
    _finish_locations(own)
    _drop_unknown_times(own)
    return own


def _finish_locations(own: dict[str, Any]) -> None:
    """Make a location of the values of the columns city, region and country."""
    if not own.keys() & _PLACE:
        return
    city, region, country = (own.pop(part, None) for part in _PLACE)
    if city or region or country:
        own["locations"] = (place_of(city, region, country),)


def _drop_unknown_times(own: dict[str, Any]) -> None:
    for name in _TIMES:  # a null leaves the stored time unchanged, because a time cannot be cleared
        if name in own and own[name] is None:
            del own[name]


def mapper(kind: Kind, cells: bool = False, source: str | None = None) -> CompanyMapper | ContactMapper:
    """Create the mapper for a kind of record."""
    return CompanyMapper(cells) if kind == "companies" else ContactMapper(cells, source)

"""Mapping of many contact rows at once, column by column.

Most columns have few different cells, so that most values of a column come from its cache, in one pass without Python
code. A row with a cell that cannot be read, or without an identity, is left to `ContactMapper.read`, which has
the reasons. Both give the same patches.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from hashlib import blake2b
from itertools import repeat
from typing import Any, Final

import msgspec
from msgspec import UNSET

from letrics.identity.patches import CompanyPatch, ContactPatch
from letrics.ingest.column_reader import ODD, ColumnReader
from letrics.ingest.company_values import business_domain, finish_company
from letrics.ingest.contact_mapper import ContactMapper, has_personal
from letrics.ingest.location_parts import NUMBERED_PARTS, join_location_parts
from letrics.ingest.name_parts import NAME_PARTS, join_name_parts
from letrics.ingest.rows import Members, RowProblem

_REMEMBERED: Final = 20_000
"""The capacity of the cache of locations: the maximum number of different rows of cells."""
_COMPANIES: Final = 100_000
"""The capacity of the cache of companies, each of which takes about 600 bytes."""
_MAX_REMEMBERED: Final = 2_000
"""The maximum size of a row of cells that is cached, in characters."""

Values = tuple[Any, ...]
"""Values of one row: the cells of its company, or the parts of its location."""
Mapped = tuple[ContactPatch, bytes]
"""The patch of a row, and the encoded patch of its company if the row has values of it, which the patch then lacks."""

_MISSING: Final = object()
_encode: Final = msgspec.msgpack.Encoder().encode


class ColumnwiseMapper:
    """Maps rows of CSV as `mapper` does, whose columns are all known."""

    def __init__(self, mapper: ContactMapper, max_companies: int = _COMPANIES) -> None:
        self._mapper = mapper
        self._max_companies = max_companies
        self._own: dict[str, list[tuple[str, ColumnReader]]] = {}
        of_company: list[str] = []
        for name, column in mapper.columns.items():
            if column is not None and column.of_company:
                of_company.append(name)
            elif column is not None:
                self._own.setdefault(column.member, []).append((name, column))
        for member, columns in self._own.items():
            if member != "emails":  # all addresses are used, in the order of the columns
                columns.sort(key=lambda named: named[1].rank)
        self._of_company = tuple(of_company)
        self._names = (*of_company, *(name for columns in self._own.values() for name, _ in columns))
        self._companies: dict[bytes, Any] = {}
        self._parts = tuple(member for member in self._own if member in NUMBERED_PARTS)
        if self._parts and "locations" in self._own:
            self._parts += ("locations",)
        self._locations = _Remembered(self._join_location)
        self._name_parts = tuple(member for member in self._own if member in NAME_PARTS)
        if self._name_parts and "last_name" in self._own:
            self._name_parts += ("last_name",)

    def read(self, rows: Sequence[Members]) -> list[Mapped | None]:
        """Return the patch of each row, and None for a row that `ContactMapper.read` has to read."""
        return self.read_columns({name: [row.get(name, "") for row in rows] for name in self._names}, len(rows))

    def read_columns(self, columns: Mapping[str, Sequence[str]], count: int) -> list[Mapped | None]:
        """Return the patches of `count` rows as `read` does, from the cells of all columns that have a field."""
        odd = set[int]()
        values = {member: self._read_member(member, columns, odd) for member in self._own}
        if self._parts:
            parts = zip(*[values.pop(part) for part in self._parts], strict=True)
            values["locations"] = list(map(self._locations.__getitem__, parts))
        if self._name_parts:
            parts = zip(*[values.pop(part) for part in self._name_parts], strict=True)
            values["last_name"] = list(map(self._join_name, parts))
        if "external_id" in values:
            prefix = "" if self._mapper.source is None else f"{self._mapper.source}:"
            values["external_id"] = [f"{prefix}{id}" if id else None for id in values["external_id"]]
        companies: list[Any] = [UNSET] * count
        if self._of_company:
            cells = zip(*[columns[name] for name in self._of_company], strict=True)
            companies = list(map(self._find_company, cells))
        names = tuple(values)
        own = zip(*values.values(), strict=True) if values else repeat((), count)
        patches: list[Mapped | None] = [
            _patch(company, dict(zip(names, row, strict=True))) for company, row in zip(companies, own, strict=True)
        ]
        for place in odd:
            patches[place] = None
        return patches

    def _read_member(self, member: str, columns: Mapping[str, Sequence[str]], odd: set[int]) -> list[Any]:
        """Return the values of a field. Adds the rows with a cell that cannot be read to `odd`."""
        values: list[Any] | None = None
        for name, column in self._own[member]:
            column.has_odd = False
            read = column.read_all(columns[name])
            if column.has_odd:
                odd.update(place for place, value in enumerate(read) if value is ODD)
                read = [UNSET if value is ODD else value for value in read]
            if values is None:
                values = read
            elif member == "emails":
                values = [
                    tuple(dict.fromkeys(some + more)) if some and more else some or more
                    for some, more in zip(values, read, strict=True)
                ]
            else:
                values = [other if value is UNSET else value for value, other in zip(values, read, strict=True)]
        return values or []

    def _find_company(self, cells: Values) -> Any:
        """Return the company with these cells, encoded if it has further values; None if they have to be read with
        their row. Memory allows for a digest of the cells of all companies of most files."""
        together = "\0".join(cells)
        if len(together) > _MAX_REMEMBERED or together.count("\0") >= len(cells):  # a cell has the separator
            return self._read_company(cells)
        digest = blake2b(together.encode("utf-8", "surrogatepass"), digest_size=16).digest()
        found = self._companies.get(digest, _MISSING)
        if found is _MISSING:
            found = self._read_company(cells)
            if len(self._companies) >= self._max_companies:
                self._companies.clear()
            self._companies[digest] = found
        return found

    def _read_company(self, cells: Values) -> Any:
        given = {name: cell for name, cell in zip(self._of_company, cells, strict=True) if cell}
        company = self._mapper.read_company(given)
        return _encode(company) if type(company) is CompanyPatch else company

    def _join_location(self, parts: Values) -> Any:
        own = {name: part for name, part in zip(self._parts, parts, strict=True) if part}
        join_location_parts(own)
        return own.get("locations", UNSET)

    def _join_name(self, parts: Values) -> Any:
        own = {name: part for name, part in zip(self._name_parts, parts, strict=True) if part}
        join_name_parts(own)
        return own.get("last_name", UNSET)


class _Remembered(dict[Values, Any]):
    """Results of `read` by its argument, of which the size is limited."""

    def __init__(self, read: Callable[[Values], Any]) -> None:
        super().__init__()
        self._read = read

    def __missing__(self, given: Values) -> Any:
        read = self._read(given)
        if len(self) >= _REMEMBERED:
            self.clear()
        if sum(len(text) for text in given if type(text) is str) <= _MAX_REMEMBERED:
            self[given] = read
        return read


def _patch(company: Any, own: dict[str, Any]) -> Mapped | None:
    """Return the patch of a row with these values, each of which may be UNSET; None if it identifies no contact."""
    if company is None:
        return None
    get = own.get
    external, emails, profile = get("external_id"), get("emails"), get("linkedin_url")
    if not (external or emails or profile or get("full_name") or (get("first_name") and get("last_name"))):
        return None
    unidentified = company if type(company) is dict else {}
    if emails and (company is UNSET or unidentified):
        domain = business_domain(emails)
        if domain is not None:
            known: str | CompanyPatch = domain
            if unidentified:
                try:
                    known = CompanyPatch(**finish_company(unidentified | {"domain": domain}, "company_"))
                except RowProblem:
                    return None
            return ContactPatch(company=known, company_from_email=True, **own), b""
    if unidentified:
        return None
    if not company and not external and not profile and not (emails and has_personal(emails)):
        return None
    if type(company) is bytes:
        return ContactPatch(**own), company
    return ContactPatch(company=company, **own), b""

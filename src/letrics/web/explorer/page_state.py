"""State of an explorer page: its query string, which is that of a GET search plus `open`, and links to other states."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final
from urllib.parse import parse_qsl, urlencode

from letrics.fields import DEFAULT_PER_PAGE
from letrics.query.request import field_named
from letrics.records import Kind, member_names

_OURS: Final = ("open", "done")
"""Parameters that the API does not have: the id of the open record, and the notice after an action."""

_PAGING: Final = ("page", "per_page", "order", "cursor", "fields")
"""Parameters of a search that are not filters."""

_NEEDED: Final = ("id",)
"""Record fields that every search requests, whatever the columns are."""

Pairs = tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class PageState:
    """The parameters that have a value, in their order. `kind` is the kind of record."""

    kind: Kind
    pairs: Pairs

    @classmethod
    def of(cls, kind: Kind, query: bytes) -> PageState:
        """Parse a query string. Aliases become field names."""
        pairs = parse_qsl(query.decode("latin-1"), keep_blank_values=False, encoding="utf-8", errors="replace")
        return cls(kind, tuple((_canonical(kind, name), value) for name, value in pairs if value.strip()))

    def all(self, name: str) -> list[str]:
        """Return all values of a parameter."""
        return [value for key, value in self.pairs if key == name]

    def one(self, name: str, otherwise: str = "") -> str:
        """Return the first value of a parameter, or `otherwise`."""
        return next((value for key, value in self.pairs if key == name), otherwise)

    @property
    def filters(self) -> Pairs:
        """The filter parameters, including unknown ones."""
        return tuple(pair for pair in self.pairs if pair[0] not in (*_PAGING, *_OURS))

    @property
    def query(self) -> str:
        """Query string of the filters, the order and the columns."""
        return urlencode([*self.filters, *(pair for pair in self.pairs if pair[0] in ("order", "fields"))])

    def search(self, columns: Iterable[str], **paging: str) -> str:
        """Return the query string of the same search in the API, with these record fields."""
        kept = [(name, value) for name, value in self.pairs if name not in (*_OURS, "fields", "cursor", *paging)]
        names = dict.fromkeys([*_NEEDED, NAME[self.kind], *columns])
        return urlencode([*kept, *paging.items(), *(("fields", name) for name in names)])

    def link(self, *, without: Pairs = (), add: Pairs = (), keep_page: bool = False, **scalars: str | None) -> str:
        """Return the URL of a changed state: without some pairs, with others, and with scalars set or (None) removed.

        The link goes to the first page, unless `keep_page` is true.
        """
        gone = {*scalars, "cursor", *_OURS, *(() if keep_page else ("page",))}
        kept = [pair for pair in self.pairs if pair not in without and pair[0] not in gone]
        kept += [*add, *((name, value) for name, value in scalars.items() if value is not None)]
        text = urlencode([pair for pair in kept if pair != ("per_page", str(DEFAULT_PER_PAGE))])
        return f"/explore/{self.kind}" + (f"?{text}" if text else "")

    @property
    def columns(self) -> tuple[str, ...]:
        """The record fields shown in the table: the known ones in `fields`, otherwise the default columns."""
        known = columns_of(self.kind)
        chosen = tuple(name for name in dict.fromkeys(self.all("fields")) if name in known)
        return chosen or USUAL[self.kind]

    @property
    def offered(self) -> tuple[str, ...]:
        """All available columns: the visible ones in their order, then the others."""
        return tuple(dict.fromkeys((*self.columns, *columns_of(self.kind))))


def _canonical(kind: Kind, written: str) -> str:
    """Return the field name for a parameter name, which can be an alias or end in `[]`."""
    name = written.removesuffix("[]")
    field = field_named(kind, name)
    return field.name if field is not None and name in field.aliases else name


NAME: Final[dict[Kind, str]] = {"contacts": "full_name", "companies": "name"}
"""The record field in the first column, which is always visible and opens the record."""

USUAL: Final[dict[Kind, tuple[str, ...]]] = {
    "contacts": ("job_title", "emails", "linkedin_url", "company.name", "company.locations", "seniority"),
    "companies": ("domain", "linkedin_url", "industries", "locations", "employees", "technologies"),
}
"""The default columns: the ones users act on first. They must fit a screen that is 1280 pixels wide."""


def columns_of(kind: Kind) -> tuple[str, ...]:
    """Return all available columns. The fields of a contact's company are separate columns."""
    return tuple(name for name in member_names(kind) if name not in ("company", NAME[kind]))

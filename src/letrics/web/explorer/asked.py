"""What a page is asked for: its query string, that of a GET search with `open` besides; and links to other pages."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final
from urllib.parse import parse_qsl, urlencode

from letrics.fields import DEFAULT_PER_PAGE
from letrics.query.request import field_named
from letrics.records import Kind, member_names

_OURS: Final = ("open", "done")
_PAGING: Final = ("page", "per_page", "order", "cursor", "fields")
_NEEDED: Final = ("id",)

Pairs = tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Asked:
    """The parameters that have a value, in their order."""

    kind: Kind
    pairs: Pairs

    @classmethod
    def of(cls, kind: Kind, query: bytes) -> Asked:
        pairs = parse_qsl(query.decode("latin-1"), keep_blank_values=False, encoding="utf-8", errors="replace")
        return cls(kind, tuple((_canonical(kind, name), value) for name, value in pairs if value.strip()))

    def all(self, name: str) -> list[str]:
        return [value for key, value in self.pairs if key == name]

    def one(self, name: str, otherwise: str = "") -> str:
        return next((value for key, value in self.pairs if key == name), otherwise)

    @property
    def filters(self) -> Pairs:
        """The parameters that restrict the result, known or not."""
        return tuple(pair for pair in self.pairs if pair[0] not in (*_PAGING, *_OURS))

    @property
    def query(self) -> str:
        """The filters, the order and the columns as a query string."""
        return urlencode([*self.filters, *(pair for pair in self.pairs if pair[0] in ("order", "fields"))])

    def search(self, members: Iterable[str], **paging: str) -> str:
        """The query string of the same search in the API, for these members of each record."""
        kept = [(name, value) for name, value in self.pairs if name not in (*_OURS, "fields", "cursor", *paging)]
        asked = dict.fromkeys([*_NEEDED, NAME[self.kind], *members])
        return urlencode([*kept, *paging.items(), *(("fields", name) for name in asked)])

    def link(self, *, without: Pairs = (), add: Pairs = (), keep_page: bool = False, **scalars: str | None) -> str:
        """The URL of a page like this one: without some pairs, with others, with scalars set or (None) taken away.

        A change of what is found leads to the first page.
        """
        gone = {*scalars, "cursor", *_OURS, *(() if keep_page else ("page",))}
        kept = [pair for pair in self.pairs if pair not in without and pair[0] not in gone]
        kept += [*add, *((name, value) for name, value in scalars.items() if value is not None)]
        text = urlencode([pair for pair in kept if pair != ("per_page", str(DEFAULT_PER_PAGE))])
        return f"/explore/{self.kind}" + (f"?{text}" if text else "")

    @property
    def columns(self) -> tuple[str, ...]:
        """The members shown in the table: those asked for that there are, or else the usual ones."""
        known = columns_of(self.kind)
        chosen = tuple(name for name in dict.fromkeys(self.all("fields")) if name in known)
        return chosen or USUAL[self.kind]

    @property
    def offered(self) -> tuple[str, ...]:
        """Every column to choose from: those shown in their order, then the others."""
        return tuple(dict.fromkeys((*self.columns, *columns_of(self.kind))))


def _canonical(kind: Kind, written: str) -> str:
    """The name of the control for a name in the URL, which may be an older spelling or end in `[]`."""
    name = written.removesuffix("[]")
    field = field_named(kind, name)
    return field.name if field is not None and name in field.aliases else name


NAME: Final[dict[Kind, str]] = {"contacts": "full_name", "companies": "name"}
"""The member in the first column, which is always there and opens the record."""

USUAL: Final[dict[Kind, tuple[str, ...]]] = {
    "contacts": ("job_title", "emails", "linkedin_url", "company.name", "company.locations", "seniority"),
    "companies": ("domain", "linkedin_url", "industries", "locations", "employees", "technologies"),
}
"""The default columns, those a reader acts on first: they have to fit a screen 1280 pixels wide."""


def columns_of(kind: Kind) -> tuple[str, ...]:
    """Every column there is to choose: a contact's company is chosen by its own members."""
    return tuple(name for name in member_names(kind) if name not in ("company", NAME[kind]))

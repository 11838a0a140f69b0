"""The pages `/explore/contacts` and `/explore/companies`."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Final
from urllib.parse import quote, urlencode

import msgspec
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route

from letrics.accounts.principal import Principal
from letrics.accounts.sessions import Session
from letrics.export.writers import PARQUET_EXTRA, is_available
from letrics.fields import DEFAULT_PER_PAGE, fields_of
from letrics.records import Kind, member_names
from letrics.web.command import shell_command
from letrics.web.explorer.chips import chips, unmatched_values
from letrics.web.explorer.controls import control_of, facets, groups
from letrics.web.explorer.display import DisplayValue, member, name_of, parts
from letrics.web.explorer.download import download
from letrics.web.explorer.page_state import NAME, USUAL, PageState, columns_of
from letrics.web.explorer.path_kind import kind_of
from letrics.web.explorer.without_filter import Alternative, alternatives
from letrics.web.explorer.words import head, label
from letrics.web.page import page, redirect, signed_in, site, visit
from letrics.web.site import Ask
from letrics.web.visit import Visit


@dataclass(frozen=True, slots=True)
class Cell:
    """One cell: the record field, the label of its column, and the parts of the value. `title` is the tooltip."""

    name: str
    label: str
    parts: list[DisplayValue]

    @property
    def title(self) -> str:
        return ", ".join(f"{part.text} {part.note}".strip() for part in self.parts)[:_TITLE]


@dataclass(frozen=True, slots=True)
class ResultRow:
    """One record in the table."""

    id: str
    name: str
    href: str
    cells: tuple[Cell, ...]


@dataclass(slots=True)
class SearchReply:
    """Result of a search: the response, or its problems."""

    status: int
    meta: Mapping[str, Any] = field(default_factory=dict)
    records: list[dict[str, Any]] = field(default_factory=list)
    problems: list[dict[str, Any]] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Opened:
    """The record in the panel: its fields, those of its company, and the link to all contacts there; or the error."""

    name: str
    members: tuple[tuple[str, list[DisplayValue]], ...] = ()
    company: tuple[tuple[str, list[DisplayValue]], ...] = ()
    colleagues: str = ""
    id: str = ""
    problem: str = ""


_TITLE: Final = 300
"""Maximum length of the tooltip of a cell, in characters."""

SIZES: Final = ("10", "25", "50", "100")
"""The page sizes to choose from, in rows."""


@signed_in
async def explore(request: Request, session: Session) -> Response:
    """Run the search and render the complete page. The scripts enhance it."""
    kind = kind_of(request)
    state = PageState.of(kind, request.scope["query_string"])
    ask, principal = site(request).ask, session.principal
    found = await _search(state, ask, principal)
    total = found.meta.get("total", 0)
    wider: list[Alternative] = []
    if found.status == 200 and not total and state.filters:
        wider = await alternatives(state, ask, principal)
    opened = await _open(kind, state.one("open"), ask, principal) if state.one("open") else None
    per_page = str(found.meta.get("per_page") or state.one("per_page", str(DEFAULT_PER_PAGE)))
    response = page(
        request,
        "explorer/page.html",
        found.status if found.status in (200, 429, 500, 503) else 400,
        title=kind.capitalize(),
        kind_one="contact" if kind == "contacts" else "company",
        kind=kind,
        state=state,
        groups=groups(kind),
        found=found,
        total=total,
        chips=chips(state, found.meta),
        unmatched_values=unmatched_values(state, found.meta),
        alternatives=wider,
        columns=[(name, head(name)) for name in state.columns],
        rows=[_row(state, record) for record in found.records],
        opened=opened,
        close=state.link(keep_page=True),
        forget=_forget(kind, opened, principal),
        per_page=per_page,
        sizes=sorted({*SIZES, per_page}, key=lambda size: int(size) if size.isdigit() else 0),
        start=_start(kind, visit(request), may_import=principal.may("write")),
        every_column=[(name, label(name)) for name in state.offered],
        parquet=is_available("parquet"),
        parquet_extra=PARQUET_EXTRA,
        active=frozenset(control_of(kind)[name].key for name, _ in state.filters if name in control_of(kind)),
    )
    if found.status in (429, 503):
        response.headers["Retry-After"] = "1"
    return response


async def home(request: Request) -> Response:  # noqa: ARG001
    """Redirect to the contacts."""
    return redirect("/explore/contacts")


def routes() -> list[BaseRoute]:
    return [
        Route("/explore", home),
        Route("/explore/{kind}", explore),
        Route("/explore/{kind}/export", download, methods=["POST"]),
    ]


async def _search(state: PageState, ask: Ask, principal: Principal) -> SearchReply:
    status, body = await ask("GET", f"/v1/{state.kind}?{state.search(state.columns)}", b"", principal)
    response = msgspec.json.decode(body)
    if status != 200:
        return SearchReply(status, problems=response["errors"])
    return SearchReply(status, response["meta"], response["data"])


def _row(state: PageState, record: Mapping[str, Any]) -> ResultRow:
    id = str(record["id"])
    cells = tuple(Cell(name, head(name), parts(member(record, name))) for name in state.columns)
    return ResultRow(id, str(record.get(NAME[state.kind]) or id), state.link(keep_page=True, open=id), cells)


async def _open(kind: Kind, id: str, ask: Ask, principal: Principal) -> Opened:
    status, body = await ask("GET", f"/v1/{kind}/{quote(id, safe='')}", b"", principal)
    response = msgspec.json.decode(body)
    if status != 200:
        return Opened(id, problem=" ".join(item["details"] for item in response["errors"]))
    record: dict[str, Any] = response["data"]
    company: dict[str, Any] = record.pop("company", None) or {}
    domain = company.get("domain") or record.get("domain")
    colleagues = PageState("contacts", (("domains", str(domain)),)).link() if domain else ""
    return Opened(name_of(record), _members(record), _members(company), colleagues, id)


def _members(record: Mapping[str, Any]) -> tuple[tuple[str, list[DisplayValue]], ...]:
    return tuple((label(name), shown) for name, value in record.items() if (shown := parts(value)))


def _forget(kind: Kind, opened: Opened | None, principal: Principal) -> str:
    """The link to forget the person of the record in the panel; empty if there is none, or the user may not."""
    if opened is None or opened.problem or kind != "contacts" or not principal.may("write"):
        return ""
    return f"/forget?{urlencode({'id': opened.id})}"


def _start(kind: Kind, seen: Visit, *, may_import: bool) -> dict[str, Any]:
    """Data for the scripts that is not in the HTML of the page."""
    return {
        "kind": kind,
        "name": NAME[kind],
        "usual": USUAL[kind],
        "columns": {name: head(name) for name in columns_of(kind)},
        "words": {name: label(name) for name in (*member_names(kind), *member_names("companies")) if "." not in name},
        "facets": [(name, control_of(kind)[name].label) for name in facets(kind)],
        "aliases": {alias: field.name for field in fields_of(kind) for alias in field.aliases},
        "perPage": DEFAULT_PER_PAGE,
        "origin": seen.base_url,
        "mayImport": may_import,
        "mayForget": may_import and kind == "contacts",
        "importCommand": shell_command(seen.command_home, "import", f"{kind}.csv"),
    }

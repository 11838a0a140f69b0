"""`letrics search`: runs a search, with or without a server. With `--json` it prints the same response as the API."""

from __future__ import annotations

import asyncio
import sys
import time
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any, Final

import click
import msgspec

from letrics.cli.context import CliSession, pass_session
from letrics.cli.examples import examples
from letrics.cli.filter_notes import show_notes
from letrics.cli.filter_options import FilterCommand
from letrics.cli.filters import KIND, fields_option, filter_option, read_fields, read_search
from letrics.plurals import counted
from letrics.records import SINGULAR, Kind
from letrics.search import SearchService
from letrics.search.meta import SearchMeta, search_meta
from letrics.store.documents import LocalDocuments

if TYPE_CHECKING:
    from rich.table import Table


_COLUMNS: Final[dict[Kind, dict[str, str]]] = {
    "contacts": {
        "id": "Id", "full_name": "Name", "job_title": "Title", "company.name": "Company", "company.domain": "Domain",
        "emails": "Emails",
    },
    "companies": {
        "domain": "Domain", "name": "Name", "locations": "Locations", "industries": "Industries",
        "employees": "Employees",
    },
}  # fmt: skip
"""The columns of the table of each kind: field path → title."""

_WHOLE: Final = ("id", "domain")
"""The columns that are never wrapped, because users copy them into other commands."""


@click.command(
    cls=FilterCommand,
    short_help="Search companies or contacts.",
    epilog=examples(
        'letrics search contacts --job-titles "head of" --locations DACH --exclude-locations Berlin',
        "letrics search contacts --fields full_name,emails --per-page 100",
        """letrics search companies --filter '{"technologies": ["React"]}' --json""",
    ),
)
@click.argument("kind", type=KIND)
@filter_option("Find only the records that match this filter.")
@fields_option
@click.option("--page", type=int, help="The page number, starting at 1.")
@click.option("--per-page", type=int, help="The number of records per page, 1 to 100.")
@click.option("--order", type=click.Choice(["oldest", "newest"]), help="Which records come first.")
@click.option("--cursor", help="Continue after the page that returned this cursor.")
@pass_session
def search(session: CliSession, /, kind: Kind, filter_: str | None, fields: str | None, **paging: Any) -> None:
    """Search contacts or companies. With --json, print the same response as the API."""
    given = {name: value for name, value in paging.items() if value is not None}
    if (names := read_fields(kind, fields)) is not None:
        given["fields"] = list(names)
    request = read_search(kind, filter_, given)
    store = session.open_store()
    try:
        from letrics.cli.index import CurrentEngine

        service = SearchService(CurrentEngine(session, store).engine, LocalDocuments(store))
        started = time.perf_counter()
        page = asyncio.run(service.page(request))
        meta = search_meta(request, page, started)
    finally:
        store.close()
    records = [msgspec.json.decode(document) for document in page.documents]
    if session.json:
        session.print_result({"data": records, "meta": meta, "errors": []})
    else:
        _table(kind, records, meta, request.members)


def _table(kind: Kind, records: list[dict[str, Any]], meta: SearchMeta, members: Sequence[str] | None = None) -> None:
    columns = _COLUMNS[kind] if members is None else {name: name for name in members}
    if not sys.stdout.isatty():
        for record in records:
            click.echo("\t".join(_shown(record, path) for path in columns))
    elif records:
        from rich.console import Console

        Console().print(make_table(columns, records))
    page = f", page {meta.page:,} of {meta.total_pages:,}" if meta.page is not None and meta.total else ""
    click.echo(f"{counted(meta.total, SINGULAR[kind])}{page} ({meta.took_ms} ms)", err=True)
    show_notes(meta)


def make_table(columns: Mapping[str, str], records: list[dict[str, Any]]) -> Table:
    """Return the records as a terminal table. `columns` maps field to title. Ids and domains are not wrapped."""
    from rich.table import Table
    from rich.text import Text

    table = Table(box=None, pad_edge=False, header_style="bold")
    for name, title in columns.items():
        table.add_column(title, overflow="fold", no_wrap=name in _WHOLE)
    for record in records:
        table.add_row(*(Text(_shown(record, path)) for path in columns))
    return table


def _shown(record: dict[str, Any], path: str) -> str:
    value: Any = record
    for name in path.split("."):
        if value is None:  # a contact without a company
            return ""
        value = value[name]
    if value is None:
        return ""
    if isinstance(value, list):
        return "; ".join(
            item if isinstance(item, str) else str(item.get("text") or item.get("value") or "") for item in value
        )
    if isinstance(value, dict):
        return str(value.get("name") or value.get("domain") or "")
    return str(value).lower() if isinstance(value, bool) else str(value)

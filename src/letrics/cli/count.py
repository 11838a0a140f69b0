"""`letrics count`: the number of matches. With `--json` it prints the same response as the API."""

from __future__ import annotations

import asyncio
import time

import click

from letrics.cli.context import CliSession, pass_session
from letrics.cli.examples import examples
from letrics.cli.filter_notes import show_notes
from letrics.cli.filter_options import FilterCommand
from letrics.cli.filters import KIND, filter_option, read_filter
from letrics.records import Kind
from letrics.search import SearchService
from letrics.search.meta import count_meta
from letrics.store.documents import LocalDocuments


@click.command(
    cls=FilterCommand,
    short_help="Count companies or contacts.",
    epilog=examples(
        'letrics count contacts --job-titles "head of" --locations DACH',
        "letrics count companies --filter @filter.json",
        "letrics count companies --json",
    ),
)
@click.argument("kind", type=KIND)
@filter_option("Count only the records that match this filter.")
@pass_session
def count(session: CliSession, kind: Kind, filter_: str | None) -> None:
    """Print the exact number of contacts or companies. With --json, print the same response as the API."""
    request = read_filter(kind, filter_)
    with session.open_store() as store:
        from letrics.cli.index import CurrentEngine

        service = SearchService(CurrentEngine(session, store).engine, LocalDocuments(store))
        started = time.perf_counter()
        found = asyncio.run(service.count(request.query))
    meta = count_meta(request, found, started)
    session.print_result({"data": {"total": found.total}, "meta": meta, "errors": []}, str(found.total))
    if not session.json:
        show_notes(meta)

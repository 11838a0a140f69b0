"""`letrics export`: writes records from the store to a file."""

from __future__ import annotations

import asyncio
import sys
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO, Final

import click

from letrics.cli.context import CliSession, pass_session
from letrics.cli.examples import examples
from letrics.cli.exit_codes import DATA
from letrics.cli.filter_notes import show_warnings
from letrics.cli.filter_options import FilterCommand
from letrics.cli.filters import KIND, fields_option, filter_option, read_fields, read_filter
from letrics.cli.progress import Meter
from letrics.export.files import choose_format, temporary_folder, written_whole
from letrics.export.writers import (
    FILE_FORMATS,
    ExportFormat,
    PackageMissing,
    TooManyRecords,
    Writer,
    check_size,
    make_writer,
)
from letrics.logs.request_context import add_details
from letrics.plurals import counted, inflected
from letrics.records import SINGULAR, Kind
from letrics.search import SearchService, WalkSizes
from letrics.store.documents import LocalDocuments

if TYPE_CHECKING:
    from letrics.query import Query
    from letrics.store.base import Store

_PART: Final = 2000
"""The number of records in memory at a time."""
_MOST_NAMED: Final = 3
"""The maximum number of records left out that are named."""
_BINARY: Final[dict[ExportFormat, str]] = {"parquet": "Parquet", "xlsx": "A workbook"}
"""The formats that a terminal cannot show."""
_INSTEAD: Final = {
    "fields": "choose columns with --fields, such as --fields full_name,emails",
    "order": "exports are always written oldest first",
    "page": "an export has no pages",
    "per_page": "an export has no pages",
    "cursor": "an export has no pages",
}
"""Hints for paging fields in --filter, which exports do not accept."""


@click.command(
    cls=FilterCommand,
    short_help="Export companies or contacts to a file.",
    epilog=examples(
        "letrics export contacts -o contacts.csv",
        "letrics export contacts --fields full_name,emails,company.domain -o list.csv",
        "letrics export companies --technologies Kubernetes -o kubernetes.jsonl.gz",
    ),
)
@click.argument("kind", type=KIND)
@filter_option("Export only the records that match this filter.")
@fields_option
@click.option(
    "--format",
    "format_",
    type=click.Choice(FILE_FORMATS),
    help="File format (default: from the file name, otherwise jsonl).",
)
@click.option(
    "-o", "--output", metavar="FILE", default="-",
    help="Output file (default: standard output). A name that ends in .gz or .zst is compressed.",
)  # fmt: skip
@pass_session
def export(
    session: CliSession, kind: Kind, filter_: str | None, fields: str | None, format_: ExportFormat | None, output: str
) -> int:
    """Export contacts or companies as JSON Lines, CSV, Parquet or an Excel workbook, oldest first.

    The file appears only when it is complete. `letrics import` reads all of these formats. In CSV, values that a
    spreadsheet would interpret as formulas get a leading apostrophe; `letrics import` removes it.

    Records that are damaged in the database are left out: the command names the first ones and exits with 1.
    """
    try:
        format_ = choose_format(output, format_)
    except ValueError as error:
        raise click.UsageError(f"-o {output}: {error}") from None
    _check_output(output, format_)
    members = read_fields(kind, fields)
    request = read_filter(kind, filter_, _INSTEAD)
    show_warnings(request.warnings)
    store, left_out = session.open_store(), list[str]()
    try:
        total = None
        if not request.query.clauses:
            counts = store.counts()
            total = counts.contacts if kind == "contacts" else counts.companies
            end = counts.next_contact if kind == "contacts" else counts.next_company
            parts: Iterator[list[bytes]] = _everything(store, kind, end, left_out)
        else:
            from letrics.cli.index import CurrentEngine

            engine = CurrentEngine(session, store).engine
            service = SearchService(engine, LocalDocuments(store))
            if format_ == "xlsx":
                total = asyncio.run(service.count(request.query)).total
            parts = _matching(service, request.query, left_out)
        check_size(format_, total or 0)
        with _output(output) as out, _folder(output, format_) as folder:
            count = _write(session, make_writer(kind, format_, out, members, folder), kind, parts, total)
    except (PackageMissing, TooManyRecords) as error:
        raise click.UsageError(str(error)) from None
    finally:
        store.close()
    add_details(kind=kind, format=format_, records=count)
    if output != "-":
        facts = {"records": count, "left_out": len(left_out), "format": format_, "file": output}
        session.print_result(facts, f"{counted(count, SINGULAR[kind])} written to {output}")
    if not left_out:
        return 0
    add_details(left_out=len(left_out))
    more = "" if len(left_out) <= _MOST_NAMED else ", …"
    session.say(
        f"{counted(len(left_out), SINGULAR[kind])} left out, because "
        f"{inflected(len(left_out), '{it|they}')} cannot be read: "
        f"{', '.join(left_out[:_MOST_NAMED])}{more}: run `letrics check`"
    )
    return DATA


def _check_output(output: str, format_: ExportFormat) -> None:
    if output == "-":
        if format_ in _BINARY and sys.stdout.isatty():
            raise click.UsageError(f"{_BINARY[format_]} cannot be written to a terminal: pass a file with -o FILE")
        return
    if Path(output).is_dir() or not Path(output).absolute().parent.is_dir():
        raise click.UsageError(f"-o {output}: pass a file in an existing directory")


@contextmanager
def _output(output: str) -> Iterator[BinaryIO]:
    if output == "-":
        yield sys.stdout.buffer
        sys.stdout.buffer.flush()
    else:
        with written_whole(Path(output)) as out:
            yield out


def _folder(output: str, format_: ExportFormat) -> AbstractContextManager[Path | None]:
    """The folder for the temporary files of a format that has them."""
    return temporary_folder(None if output == "-" else Path(output)) if format_ == "xlsx" else nullcontext()


def _everything(store: Store, kind: Kind, end: int, left_out: list[str]) -> Iterator[list[bytes]]:
    """Yield the documents of all records with a num below `end`, and add the names of those that cannot be read to
    `left_out`. Needs no engine."""
    for start in range(0, end, _PART):
        nums = range(start, min(start + _PART, end))
        documents = store.documents(kind, nums)
        missing = [num for num, document in zip(nums, documents, strict=True) if document is None]
        if missing:  # most of them are deleted
            left_out += store.found_documents(kind, missing, None).malformed
        yield [document for document in documents if document is not None]


def _matching(service: SearchService, query: Query, left_out: list[str]) -> Iterator[list[bytes]]:
    """Yield the documents of the matches of the query, and add the names of those that cannot be read to `left_out`."""
    walk = service.walk(query, sizes=WalkSizes(_PART, _PART), left_out=left_out)

    async def step() -> list[bytes] | None:
        return await anext(walk, None)

    with asyncio.Runner() as runner:
        while (documents := runner.run(step())) is not None:
            yield documents


def _write(session: CliSession, writer: Writer, kind: Kind, parts: Iterator[list[bytes]], total: int | None) -> int:
    count = 0
    with Meter(session.console) as meter:
        for documents in parts:
            writer.write(documents)
            count += len(documents)
            meter.show(f"exporting {kind}", count, total, counted(count, "record"))
    writer.finish()
    return count

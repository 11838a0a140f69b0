"""`letrics import --preview`: what an import would do, without writing."""

from __future__ import annotations

from collections.abc import Iterator, Sequence, Set
from contextlib import ExitStack
from typing import TYPE_CHECKING, Any, Final

import msgspec

from letrics.cli.column_summary import plain_mapping, shown_name, warning_lines
from letrics.cli.context import CliSession
from letrics.ingest.column_mapping import ColumnMapping
from letrics.ingest.columns import COLUMNS
from letrics.ingest.mapped_column import MappedColumn
from letrics.ingest.preview import Preview
from letrics.plurals import counted
from letrics.records import SINGULAR

if TYPE_CHECKING:
    from letrics.store.base import Reader

_TIMES: Final = frozenset({"first_seen_at", "added_at", "updated_at"})
"""The fields that default to the time of the import."""


def open_compared(session: CliSession, stack: ExitStack) -> Reader:
    """Open the store that rows are compared with. If there is none, opens an empty one that is removed afterwards."""
    from letrics.backends import open_backends
    from letrics.backends.leftovers import temporary_directory
    from letrics.settings import Home

    if session.backends().store.exists():
        reader = session.open_reader()
        stack.callback(reader.close)
        return reader
    folder = stack.enter_context(temporary_directory("preview"))
    return stack.enter_context(open_backends(Home(folder), session.settings()).store.open(create=True))


def print_previews(session: CliSession, previews: Sequence[Preview], problem: str | None = None) -> None:
    """Print the previews of the files as tables, or as JSON. `problem` says why the import would be refused."""
    session.print_result([_plain(preview, problem) for preview in previews], "\n".join(_lines(previews)))


def _plain(preview: Preview, problem: str | None) -> dict[str, Any]:
    plain: dict[str, Any] = msgspec.to_builtins(preview)
    mapping = plain_mapping(preview.file, preview.mapping)
    own = {"kind": mapping["kind"], "columns": mapping["columns"], "fields": list(COLUMNS[preview.mapping.kind])}
    names = ("records", "counts", "complete", "rejects", "warnings", "name_changes", "notes")
    others = {name: plain[name] for name in names}
    return {"file": preview.file, "problem": problem, **own, **others}


def _lines(previews: Sequence[Preview]) -> Iterator[str]:
    for preview in previews:
        kind = preview.mapping.kind
        yield f"{preview.file}: {kind}"
        mapped = {(column.field or "").removeprefix("company_") for column in preview.mapping.used}
        yield from _table(preview.mapping)
        yield from warning_lines(preview.file, preview.mapping)
        for number, record in enumerate(preview.records, 1):
            shown = _without_blanks(record, mapped)
            yield f"{SINGULAR[kind]} {number}: {msgspec.json.encode(shown).decode()}"
        for reject in preview.rejects:
            yield f"rejected: {reject}"
        for warning in preview.warnings:
            yield f"left out: {warning}"
        for changes in preview.name_changes:
            yield f"warning: {changes}. The import will ask first, or need --yes"
        yield from preview.notes
        yield _describe_counts(preview)


def _table(mapping: ColumnMapping) -> Iterator[str]:
    rows = [("column", "field", "values"), *map(_row, mapping.columns)]
    widths = [max(len(row[place]) for row in rows) for place in range(2)]
    for column, field, values in rows:
        yield f"  {column:<{widths[0]}}  {field:<{widths[1]}}  {values}".rstrip()


def _row(column: MappedColumn) -> tuple[str, str, str]:
    return shown_name(column.name), column.field or "(ignored)", shown_name(", ".join(column.samples))


def _without_blanks(value: Any, mapped: Set[str]) -> Any:
    """Leave out the fields without values, at all depths, and the times of the import that the file does not have."""
    if isinstance(value, dict):
        kept = {name: _without_blanks(below, mapped) for name, below in value.items() if name not in _TIMES - mapped}
        return {name: below for name, below in kept.items() if below not in (None, [], {})}
    return [_without_blanks(item, mapped) for item in value] if isinstance(value, list) else value


def _describe_counts(preview: Preview) -> str:
    counts = preview.counts
    rows = counted(counts.rows, "row")
    of = rows if preview.complete else f"the first {rows}"
    text = f"of {of}: {counts.new:,} new, {counts.changed:,} changed, {counts.unchanged:,} unchanged, "
    text += f"{counts.rejected:,} rejected"
    if counts.companies_new or counts.companies_changed:
        text += f"; {counts.companies_new:,} companies created and {counts.companies_changed:,} changed by contacts"
    if counts.company_rows:
        text += f"; {counted(counts.company_rows, 'row')} without a person"
    if counts.forgotten:
        text += f"; {counted(counts.forgotten, 'row')} of forgotten people"
    if counts.warned:
        text += f"; {counted(counts.warned, 'cell')} left out"
    if counts.skipped:
        text += f"; {counted(counts.skipped, 'blank or footer line')} skipped"
    return f"{text}. Nothing was written"

"""`letrics imports`: lists past imports and shows one."""

from __future__ import annotations

from typing import Any, Final

import click
import msgspec

from letrics.cli.context import CliSession, pass_session
from letrics.cli.examples import examples
from letrics.cli.number_types import FROM_ONE, NUMBER
from letrics.normalize.time import now
from letrics.plurals import counted
from letrics.store.import_process import PROCESS, is_interrupted
from letrics.store.import_record import ImportRecord

_COUNTS: Final = {
    "new": "new", "changed": "changed", "unchanged": "unchanged", "companies_new": "companies new",
    "companies_changed": "companies changed", "conflicts": "conflicts",
    "duplicates": "possible duplicates", "company_rows": "rows without a person",
    "companies_merged": "companies merged", "merged": "rows merged",
    "forgotten": "rows of forgotten people",
}  # fmt: skip
"""The counts of an import, and how they are called."""


@click.command(short_help="List past imports.", epilog=examples("letrics imports", "letrics imports 12 --json"))
@click.argument("id", type=NUMBER, required=False)
@click.option("--limit", type=FROM_ONE, default=100, show_default=True, help="The number of imports to list.")
@click.option("--files", is_flag=True, help="List imports of files only, without upserts.")
@pass_session
def imports(session: CliSession, id: int | None, limit: int, files: bool) -> None:
    """List past imports, newest first, or show the one with this ID: its counts and the mapping of its columns.

    An import whose process ended without finishing it is interrupted. Import the same file again to continue it. One
    that is damaged in the database is named; it can be undone.
    """
    with session.open_store() as store:
        if id is not None:
            record = store.find_import(id)
            session.print_result(_plain(record), "\n".join(_lines(record)))
            return
        records = store.imports(limit, upserts=not files)
    lines = "\n".join(map(_line, records)) if records else "there are no imports yet"
    session.print_result([_plain(record) for record in records], lines)


def _plain(record: ImportRecord) -> dict[str, Any]:
    """The import with the fields that it has in responses of the API."""
    report = {name: value for name, value in record.report.items() if name != PROCESS}
    return {**msgspec.structs.asdict(record), "report": report, "interrupted": is_interrupted(record, now())}


def _status(record: ImportRecord) -> str:
    return "interrupted" if is_interrupted(record, now()) else record.status


def _line(record: ImportRecord) -> str:
    counts = ", ".join(f"{record.changes.get(name, 0):,} {name}" for name in ("new", "changed", "unchanged"))
    if record.damaged:
        return f"{record.id}  {record.started_at}  damaged: run `letrics check`  {record.kind}  {record.file}"
    rejected = record.report.get("rejected", 0)
    return f"{record.id}  {record.started_at}  {_status(record)}  {record.kind}  {record.file}  {counts}" + (
        f", {rejected:,} rejected" if rejected else ""
    )


def _lines(record: ImportRecord) -> list[str]:
    """All that is known of an import."""
    facts = {
        "id": record.id, "status": _status(record), "kind": record.kind, "file": record.file, "source": record.source,
        "user": record.user, "started": record.started_at, "updated": record.updated_at,
    }  # fmt: skip
    if record.damaged:
        facts["damaged"] = "what cannot be read is missing here: run `letrics check`"
    shown = {name: value for name, value in facts.items() if value is not None}
    shown |= {label: f"{record.changes[name]:,}" for name, label in _COUNTS.items() if record.changes.get(name)}
    figures = {name: value for name, value in record.report.items() if name != PROCESS}
    shown |= {name: str(value) for name, value in figures.items() if isinstance(value, (int, float, str))}
    width = max(map(len, shown))
    lines = [f"{name:{width}}  {value}" for name, value in shown.items()]
    lines += _report_lines(record.report)
    used = {column: member for column, member in record.mapping.items() if member is not None}
    ignored = [column for column in record.mapping if column not in used]
    if used:
        lines += ["", "columns:", *(f"  {column} = {member}" for column, member in used.items())]
    if ignored:
        lines += ["", f"{counted(len(ignored), 'column')} ignored: {', '.join(ignored)}"]
    return lines


def _report_lines(report: dict[str, Any]) -> list[str]:
    """The notices about the file, its first rejected rows, and examples of the cells that were left out."""
    rejects = [f"  {reject['line']}: {reject['reason']}" for reject in report.get("first_rejects", ())]
    warnings = [
        f"  {column}, line {example['line']}: {example['reason']}"
        for column, of in report.get("warnings", {}).items()
        for example in of["examples"]
    ]
    parts = (("notices:", [f"  {note}" for note in report.get("notes", ())]), ("first rejected rows:", rejects),
             ("cells left out, for example:", warnings))  # fmt: skip
    return [line for head, of in parts if of for line in ("", head, *of)]

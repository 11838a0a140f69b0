"""`letrics import`: imports files into the store."""

from __future__ import annotations

import json
import resource
import sys
from collections.abc import Callable
from contextlib import ExitStack, suppress
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any, Final

import click

from letrics.cli.column_summary import mapping_lines, plain_mapping, warning_lines
from letrics.cli.confirm_names import confirm_names
from letrics.cli.context import CliSession, pass_session
from letrics.cli.examples import examples
from letrics.cli.exit_codes import DATA, Failed
from letrics.cli.import_columns import UnclearColumns, ask_user, map_columns, read_column_choices, sample_file
from letrics.cli.import_facts import FileFacts
from letrics.cli.import_preview import open_compared, print_previews
from letrics.cli.import_store import ImportStore
from letrics.cli.interrupt import Shield
from letrics.cli.number_types import FROM_ZERO, NUMBER
from letrics.cli.path_type import GivenPath
from letrics.cli.progress import Meter
from letrics.cli.summary import report_lines
from letrics.ingest.cell_rules import CellRules, complete_rules
from letrics.ingest.column_mapping import ColumnMapping
from letrics.ingest.encodings import UnknownEncoding, find_encoding
from letrics.ingest.importer import Importer, TooManyRejects
from letrics.ingest.input_file import InputFile
from letrics.ingest.mapped_source import map_source
from letrics.ingest.preview import preview_rows
from letrics.ingest.reader_main import ReaderJob
from letrics.ingest.reader_process import ReaderProcess, can_read_apart
from letrics.ingest.rejects import Rejects
from letrics.ingest.report import Report
from letrics.ingest.rows import DamagedFile
from letrics.ingest.source import Format, Source, read_source
from letrics.ingest.text_rules import TextRules
from letrics.logs.request_context import add_details, skip_event
from letrics.normalize.dates import DATE_ORDERS, DateOrder
from letrics.plurals import counted
from letrics.records import KINDS, Kind
from letrics.store.import_record import ImportRecord, ImportStart, ImportStatus
from letrics.store.name_changes import JUDGED_ROWS

_OTHER_FILES: Final = 100
"""The number of files that the program has open besides the files to import."""


@dataclass(slots=True)
class _Plan:
    """A file to import, its format, the fields of its columns, and the rules for its cells."""

    file: InputFile
    format: Format
    mapping: ColumnMapping
    rules: CellRules

    @property
    def kind(self) -> Kind:
        return self.mapping.kind


@click.command(
    "import",
    short_help="Import companies or contacts from files.",
    epilog=examples(
        "letrics import companies.csv contacts.jsonl",
        "letrics import leads.csv --kind contacts --source crm --rejects rejected.jsonl",
        "gunzip -c people.csv.gz | letrics import - --kind contacts",
    ),
)
@click.argument("files", nargs=-1, required=True, metavar="FILE…")
@click.option("--kind", type=click.Choice(KINDS), help="The kind of records (default: from file name and columns).")
@click.option("--map", "maps", metavar="COLUMN=FIELD", multiple=True,
              help="Use a column for a field, or ignore it: 'Work Email=email', 'Notes='. Repeatable.")  # fmt: skip
@click.option("--map-file", metavar="FILE", type=GivenPath(dir_okay=False, path_type=Path),
              help="Read such choices from FILE, TOML or JSON: one field for each column.")  # fmt: skip
@click.option("--source", metavar="NAME", help="The source of contacts: an id in the file becomes NAME:id.")
@click.option("--preview", is_flag=True,
              help="Show the columns, five records and the effect of the first 1,000 rows; store nothing.")  # fmt: skip
@click.option("--dry-run", is_flag=True, help="Read and check all rows, but store nothing.")
@click.option("--rejects", "rejects_file", metavar="FILE", type=GivenPath(dir_okay=False, path_type=str),
              help="Write rejected rows and cells that were left out to FILE, as JSON Lines.")  # fmt: skip
@click.option("--encoding", metavar="NAME",
              help="The encoding of files that are not UTF-8 or UTF-16, such as cp1252 or shift_jis.")  # fmt: skip
@click.option("--skip-lines", type=FROM_ZERO, metavar="N",
              help="Skip N lines at the start of CSV files; the next line names the columns.")  # fmt: skip
@click.option(
    "--list-separator",
    metavar="TEXT",
    help="What separates the items of lists (default: ; | line breaks, and commas as columns show).",
)
@click.option("--date-order", type=click.Choice(DATE_ORDERS),
              help="Order of day, month and year in dates such as 1/5/2026 (default: as columns show).")  # fmt: skip
@click.option("--strict", is_flag=True, help="Reject a row if one of its cells cannot be read.")
@click.option("--max-errors", type=NUMBER, metavar="N", help="Stop after N rejected rows.")
@click.option("--yes", is_flag=True, help="Do not ask before changing the names of many records.")
@click.option("--user", hidden=True, help="The email address of the user who uploaded the file.")
@click.option("--upload", is_flag=True, hidden=True,
              help="Leave out the directory of the file, and preview it even if it would be refused.")  # fmt: skip
@click.option("--announce", is_flag=True, hidden=True, help="Print the id of each import when it begins, as JSON.")
@pass_session
def load(
    session: CliSession, files: tuple[str, ...], kind: Kind | None, maps: tuple[str, ...], map_file: Path | None,
    source: str | None, preview: bool, dry_run: bool, rejects_file: str | None, encoding: str | None,
    skip_lines: int | None, list_separator: str | None, date_order: DateOrder | None, strict: bool,
    max_errors: int | None, yes: bool, user: str | None, upload: bool, announce: bool,
) -> int:  # fmt: skip
    """Import companies or contacts from FILE… (CSV, JSON, Excel, Parquet; also .gz, .zst, .zip; - is standard input).

    Existing records are updated. Importing a file a second time changes nothing.
    """
    settings = session.settings()
    source = _checked_source(source)
    if max_errors is not None and max_errors < 1:
        raise click.UsageError(f"--max-errors must be at least 1: got {max_errors}")
    text_rules = TextRules(_checked_encoding(encoding), skip_lines, people=kind != "companies")
    choices = read_column_choices(maps, map_file)
    _allow_open_files(len(files))
    with ExitStack() as stack:
        samples = [
            sample_file(path, text_rules, stack, Path(path).name if upload else None) for path in _checked(files)
        ]
        ask = ask_user if sys.stdin.isatty() and not session.json else None
        problem = None
        try:
            mappings = map_columns(samples, kind, choices, source is not None, ask)
        except UnclearColumns as error:
            if not (preview and upload):
                raise
            mappings, problem = [error.mapping], error.message
        rules = CellRules(strict, date_order, list_separator=_checked_separator(list_separator))
        plans = [
            _Plan(s.file, s.format, mapping, complete_rules(rules, mapping, s.rows))
            for s, mapping in zip(samples, mappings, strict=True)
        ]
        if preview or dry_run or announce:  # for an upload, the server writes the event
            skip_event()
        if preview:
            _preview(session, plans, source, text_rules, problem)
            return 0
        rejects = Rejects(stack.enter_context(_create(rejects_file, files)) if rejects_file else None)
        importer = Importer(batch_size=settings.batch_size, rejects=rejects, max_errors=max_errors)
        try:
            _import(session, plans, importer, source, text_rules, dry_run, yes, user, announce)
        except (DamagedFile, TooManyRejects) as error:
            _tell(session, importer, dry_run, whole=False)
            raise Failed(str(error), DATA) from None
        except BaseException:
            _tell(session, importer, dry_run, whole=False)
            raise
    _tell(session, importer, dry_run, whole=True)
    if not dry_run:
        _refresh(session, importer.report)
    return DATA if importer.report.rejected else 0


def _checked(files: tuple[str, ...]) -> tuple[str, ...]:
    for path in files:
        if not path:
            raise click.UsageError("the name of a file is empty: pass its path, or - for standard input")
        if files.count(path) > 1:
            raise click.UsageError(f"{path} is listed twice: pass each file once")
        if path != "-" and not Path(path).exists():
            raise click.UsageError(f"{path}: no such file")
        if path != "-" and Path(path).is_dir():
            raise click.UsageError(f"{path} is a directory: pass the files in it")
    return files


def _checked_source(source: str | None) -> str | None:
    if source is None:
        return None
    name = source.strip()
    if not name or ":" in name or not name.isprintable() or len(name) > 100:
        raise click.UsageError(f"--source {source!r} is not valid: use a name of at most 100 characters without :")
    return name


def _checked_separator(separator: str | None) -> str | None:
    if separator is not None and (not separator or separator.isalnum() or len(separator) > 10):
        raise click.UsageError(f"--list-separator {separator!r} is not valid: use one such as , or /")
    return separator


def _checked_encoding(name: str | None) -> str | None:
    try:
        return None if name is None else find_encoding(name)
    except UnknownEncoding as error:
        raise click.UsageError(f"--encoding {error}") from None


def _allow_open_files(count: int) -> None:
    """Raise the limit of open files if necessary and possible, since all files are opened before the import starts."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    wanted = count + _OTHER_FILES
    if soft != resource.RLIM_INFINITY and soft < wanted:
        resource.setrlimit(
            resource.RLIMIT_NOFILE, (wanted if hard == resource.RLIM_INFINITY else min(wanted, hard), hard)
        )


def _create(path: str, files: tuple[str, ...]) -> Any:
    if any(file != "-" and Path(path).exists() and Path(path).samefile(file) for file in files):
        raise click.UsageError(f"--rejects {path} is one of the files to import: pass another file")
    if not Path(path).absolute().parent.is_dir():
        raise click.UsageError(f"--rejects {path}: pass a file in an existing directory")
    return Path(path).open("wb")


def _import(
    session: CliSession, plans: list[_Plan], importer: Importer, source: str | None, text_rules: TextRules,
    dry_run: bool, yes: bool = False, user: str | None = None, announce: bool = False,
) -> None:  # fmt: skip
    from letrics.backends.reader import reader_command

    with ExitStack() as stack:
        shield = Shield()
        import_store = ImportStore(session, shield, dry_run)
        stack.callback(import_store.close)
        stack.enter_context(shield)
        importer.report.imports = import_store.ids
        importer.are_forgotten = import_store.are_forgotten
        importer.max_rows = import_store.max_rows
        for plan in plans:
            apart = can_read_apart(plan.file)
            opened = read_source(plan.file, text_rules, remember=apart)
            apart = apart and not opened.in_memory
            facts = FileFacts(importer.report, importer.rejects, opened)
            for note in opened.notes:
                _note(session, importer, note)
            _tell_mapping(session, importer, opened.name, plan.mapping)
            rows_of = map_source(opened, plan.kind, plan.mapping, source, plan.rules)
            with Meter(session.console) as meter:
                report = importer.report
                notes = len(report.notes)
                importer.tell = _teller(meter, opened, shield, partial(import_store.report, facts.progress))
                confirm = None
                if not yes and import_store.has_records():
                    importer.judged_rows = JUDGED_ROWS
                    confirm = partial(confirm_names, session, meter, opened.name)
                start = _start(plan, source, user)
                if interrupted := import_store.find_interrupted(start):
                    session.say(_continuing(interrupted))
                write = import_store.begin(start, confirm)
                add_details(import_ids=tuple(import_store.ids))
                if announce:
                    click.echo(json.dumps({"import": import_store.ids[-1]}))
                status: ImportStatus = "failed"
                try:
                    if apart:
                        command = reader_command(None if dry_run or plan.kind == "companies" else session.home)
                        job = ReaderJob.of(
                            plan.file, plan.kind, source, importer.part_rows, plan.rules, plan.mapping, text_rules
                        )
                        with ReaderProcess(command, plan.file, job, importer.parts_ahead) as parts:
                            importer.run_parts(opened.name, parts, rows_of, write, parts.is_behind)
                    else:
                        importer.run(
                            opened.name, opened.blocks or opened.rows, rows_of, write, opened.progress, opened.rest
                        )
                    status = "done"
                except KeyboardInterrupt:
                    status = "cancelled"
                    raise
                except Exception as error:
                    facts.problem = str(error)
                    raise
                finally:
                    with suppress(OSError):  # closing the file reports it, after the import is recorded as ended
                        importer.rejects.flush()
                    import_store.end(status, facts.result())
            for note in report.notes[notes:]:
                session.say(note)
            if not facts.progress()["rows"]:
                _note(
                    session,
                    importer,
                    f"warning: {opened.name} {'has a header and no' if opened.columns else 'has no'} rows",
                )
            plan.file.close()


def _preview(
    session: CliSession, plans: list[_Plan], source: str | None, text_rules: TextRules, problem: str | None
) -> None:
    """Print what an import of the files would do. Each file is compared with what is stored now."""
    previews = []
    with ExitStack() as stack:
        stored = open_compared(session, stack)
        for plan in plans:
            opened = read_source(plan.file, text_rules)
            for note in opened.notes:
                session.say(note)
            rows_of = map_source(opened, plan.kind, plan.mapping, source, plan.rules)
            try:
                previews.append(preview_rows(opened.name, opened.rows, rows_of, plan.mapping, stored, rest=opened.rest))
            except DamagedFile as error:
                raise Failed(str(error), DATA) from None
    print_previews(session, previews, problem)


def _start(plan: _Plan, source: str | None, user: str | None) -> ImportStart:
    name = "standard input" if plan.file.path == "-" else Path(plan.file.path).name
    fields = {column.name: column.field for column in plan.mapping.columns}
    return ImportStart(kind=plan.kind, file=name, source=source, user=user, mapping=fields)


def _continuing(record: ImportRecord) -> str:
    stored = record.changes.get("new", 0) + record.changes.get("changed", 0)
    return (
        f"import {record.id} of {record.file} was interrupted after it had stored {counted(stored, 'record')}: this "
        "one continues it, and records that are stored count as unchanged"
    )


def _note(session: CliSession, importer: Importer, note: str) -> None:
    """Print a notice about a file on standard error, and add it to the report."""
    importer.report.notes.append(note)
    session.say(note)


def _tell_mapping(session: CliSession, importer: Importer, name: str, mapping: ColumnMapping) -> None:
    """Say which column sets which field, before anything is written."""
    for line in mapping_lines(name, mapping):
        session.say(line)
    for line in warning_lines(name, mapping):
        _note(session, importer, line)
    importer.report.mappings.append(plain_mapping(name, mapping))


def _teller(meter: Meter, opened: Source, shield: Shield, record: Callable[[], None]) -> Any:
    def tell(report: Report) -> None:
        detail = counted(report.rows, "row")
        if report.rejected:
            detail += f", {report.rejected:,} rejected"
        meter.show(opened.name, report.read, opened.total, detail)
        record()
        shield.release()

    return tell


def _tell(session: CliSession, importer: Importer, dry_run: bool, whole: bool) -> None:
    """Print the report: rejected rows on standard error, counts on standard output."""
    report, rejects = importer.report, importer.rejects
    if not whole and not report.rows:
        return
    for reject in rejects.first:
        session.say(str(reject))
    if rejects.count > len(rejects.first):
        session.say(f"… and {counted(rejects.count - len(rejects.first), 'more rejected row')}")
    plain = {"dry_run": dry_run, "complete": whole, **report.plain()}
    session.print_result(plain, "\n".join(report_lines(report, dry_run, whole)))


def _refresh(session: CliSession, report: Report) -> None:
    from letrics.cli.index import refresh_index

    if report.rows:  # also without changes: the import that made them may have met a full disk when it saved the index
        refresh_index(session.backends(), session.console)

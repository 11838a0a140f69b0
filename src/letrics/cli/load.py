"""`letrics import`: imports files into the store."""

from __future__ import annotations

import resource
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import Any, Final

import click

from letrics.cli.context import CliSession, pass_session
from letrics.cli.examples import examples
from letrics.cli.exit_codes import DATA, Failed
from letrics.cli.import_store import ImportStore
from letrics.cli.interrupt import Shield
from letrics.cli.progress import Meter
from letrics.cli.summary import report_lines
from letrics.ingest.cell_rules import CellRules
from letrics.ingest.importer import Importer, TooManyRejects
from letrics.ingest.input_file import InputFile
from letrics.ingest.jsonl import read_row
from letrics.ingest.kinds import UnclearKind, any_known, find_kind
from letrics.ingest.mapping import CompanyMapper, ContactMapper, mapper
from letrics.ingest.reader_main import ReaderJob
from letrics.ingest.reader_process import ReaderProcess, can_read_apart
from letrics.ingest.rejects import Rejects
from letrics.ingest.report import Report
from letrics.ingest.rows import DamagedFile, FileRow, UnreadableFile
from letrics.ingest.source import Format, Source, read_source
from letrics.plurals import counted
from letrics.records import KINDS, Kind
from letrics.store.import_record import ImportStart, ImportStatus

_LOOK: Final = 200
"""The number of rows that are searched for column names in a file without a header."""

_OTHER_FILES: Final = 100
"""The number of files that the program has open besides the files to import."""


@dataclass(slots=True)
class _Plan:
    """A file to import, its kind and its format."""

    file: InputFile
    kind: Kind
    format: Format


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
@click.option("--source", metavar="NAME", help="The source of contacts: an id in the file becomes NAME:id.")
@click.option("--dry-run", is_flag=True, help="Read and check all rows, but store nothing.")
@click.option("--rejects", "rejects_file", metavar="FILE", type=click.Path(dir_okay=False, path_type=str),
              help="Write rejected rows and cells that were left out to FILE, as JSON Lines.")  # fmt: skip
@click.option("--strict", is_flag=True, help="Reject a row if one of its cells cannot be read.")
@click.option("--max-errors", type=int, metavar="N", help="Stop after N rejected rows.")
@pass_session
def load(
    session: CliSession, files: tuple[str, ...], kind: Kind | None, source: str | None, dry_run: bool,
    rejects_file: str | None, strict: bool, max_errors: int | None,
) -> int:  # fmt: skip
    """Import companies or contacts from FILE… (JSON Lines, CSV or Parquet; also .gz and .zst; - is standard input).

    Existing records are updated. Importing a file a second time changes nothing.
    """
    settings = session.settings()
    source = _checked_source(source)
    if max_errors is not None and max_errors < 1:
        raise click.UsageError(f"--max-errors must be at least 1: got {max_errors}")
    _allow_open_files(len(files))
    with ExitStack() as stack:
        plans = [_plan(path, kind, stack) for path in _checked(files)]
        rejects = Rejects(stack.enter_context(_create(rejects_file, files)) if rejects_file else None)
        importer = Importer(batch_size=settings.batch_size, rejects=rejects, max_errors=max_errors)
        try:
            _import(session, plans, importer, source, CellRules(strict=strict), dry_run)
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
    return Path(path).open("wb")


def _plan(path: str, kind: Kind | None, stack: ExitStack) -> _Plan:
    """Open a file and find its kind, before the import starts. Raises UsageError."""
    file = stack.enter_context(InputFile.open(path))
    try:
        source = read_source(file, remember=True)
    except UnreadableFile as error:
        raise click.UsageError(str(error)) from None
    names = _names(source.rows) if source.columns is None else source.columns
    try:
        kind = kind or find_kind(path, names)
    except UnclearKind as error:
        if not names:
            kind = "companies"  # the file is empty, so the kind does not matter
        else:
            raise click.UsageError(f"{source.name}: {error}: pass --kind companies or --kind contacts") from None
    if source.columns and not any_known(kind, source.columns):
        listed = ", ".join(source.columns[:8])
        raise click.UsageError(
            f"{source.name}: none of its columns ({listed}) is a field of {kind}: the first line must name the columns"
        )
    return _Plan(file, kind, source.format)


def _names(rows: Iterator[FileRow]) -> list[str]:
    """Return the names of the fields in the first rows."""
    try:
        first = list(islice(rows, _LOOK))
    except DamagedFile:  # the import reports it, after the rows before the damage
        first = []
    return list(dict.fromkeys(name for row in first for name in read_row(row).members or ()))


def _import(
    session: CliSession, plans: list[_Plan], importer: Importer, source: str | None, rules: CellRules, dry_run: bool
) -> None:
    from letrics.backends.reader import reader_command

    with ExitStack() as stack:
        shield = Shield()
        import_store = ImportStore(session, shield, dry_run)
        stack.callback(import_store.close)
        stack.enter_context(shield)
        for plan in plans:
            apart = can_read_apart(plan.file)
            opened = read_source(plan.file, remember=apart)
            for note in opened.notes:
                _note(session, importer, note)
            rows_of = mapper(plan.kind, opened.format == "csv", source, rules)
            rows_of.meet(opened.columns or ())
            with Meter(session.console) as meter:
                importer.tell = _teller(meter, opened, shield)
                report = importer.report
                before, rejected, warned = report.rows, report.rejected, report.warnings.count
                notes = len(report.notes)
                write = import_store.begin(_start(plan, source, rows_of))
                status: ImportStatus = "failed"
                try:
                    if apart:
                        command = reader_command(None if dry_run or plan.kind == "companies" else session.home)
                        job = ReaderJob.of(plan.file, plan.kind, source, importer.part_rows, rules)
                        with ReaderProcess(command, plan.file, job, importer.parts_ahead) as parts:
                            importer.run_parts(opened.name, parts, rows_of, write)
                    else:
                        importer.run(opened.name, opened.rows, rows_of, write, opened.progress, opened.rest)
                    status = "done"
                except KeyboardInterrupt:
                    status = "cancelled"
                    raise
                finally:
                    facts = {"rows": report.rows - before, "rejected": report.rejected - rejected}
                    import_store.end(status, facts | {"warned": report.warnings.count - warned})
            report.imports = import_store.ids
            for note in report.notes[notes:]:
                session.say(note)
            if importer.report.rows == before:
                _note(
                    session,
                    importer,
                    f"warning: {opened.name} {'has a header and no' if opened.columns else 'has no'} rows",
                )
            plan.file.close()


def _start(plan: _Plan, source: str | None, rows_of: CompanyMapper | ContactMapper) -> ImportStart:
    name = "standard input" if plan.file.path == "-" else Path(plan.file.path).name
    return ImportStart(kind=plan.kind, file=name, source=source, mapping=rows_of.mapped())


def _note(session: CliSession, importer: Importer, note: str) -> None:
    """Print a notice about a file on standard error, and add it to the report."""
    importer.report.notes.append(note)
    session.say(note)


def _teller(meter: Meter, opened: Source, shield: Shield) -> Any:
    def tell(report: Report) -> None:
        detail = counted(report.rows, "row")
        if report.rejected:
            detail += f", {report.rejected:,} rejected"
        meter.show(opened.name, report.read, opened.total, detail)
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

    if report.changes:
        refresh_index(session.backends(), session.console)

"""The columns of the files of `letrics import`: read from the first rows, mapped to fields, decided by the user."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import click

from letrics.cli.column_summary import shown_name
from letrics.ingest.column_choices import (
    Choices,
    WrongChoice,
    apply_choices,
    check_headers,
    near_fields,
    parse_choice,
    read_choices,
)
from letrics.ingest.column_mapping import ColumnMapping, make_mapping
from letrics.ingest.first_rows import read_first_rows
from letrics.ingest.input_file import InputFile
from letrics.ingest.kinds import UnclearKind, find_kind, identifies
from letrics.ingest.mapped_column import MappedColumn
from letrics.ingest.rows import Members, UnreadableFile
from letrics.ingest.source import Format, check_text, read_source
from letrics.ingest.text_rules import TextRules
from letrics.records import KINDS, SINGULAR, Kind

_LISTED: Final = 8
"""The maximum number of columns that an error lists."""
_NONE: Final = "none"
"""What the user enters to ignore a column."""


@dataclass(slots=True)
class FileSample:
    """An opened file with its column names and its first rows. `has_header` says that the file itself names them."""

    file: InputFile
    name: str
    format: Format
    names: list[str]
    rows: list[Members]
    has_header: bool


class UnclearColumns(click.UsageError):
    """The columns do not show what the file has, so the user has to decide. `mapping` is what is known of them."""

    def __init__(self, message: str, mapping: ColumnMapping) -> None:
        super().__init__(message)
        self.mapping = mapping


Ask = Callable[[FileSample, MappedColumn], str | None]
"""Asks which field an ambiguous column has; None ignores it."""


def sample_file(path: str, text_rules: TextRules, stack: ExitStack, name: str | None = None) -> FileSample:
    """Open a file and read its first rows, before the import starts. Messages call it `name`, by default its path.

    Raises UsageError.
    """
    file = stack.enter_context(InputFile.open(path))
    file.name = name or file.name
    try:
        check_text(file, text_rules)
        source = read_source(file, text_rules, remember=True)
    except UnreadableFile as error:
        raise click.UsageError(str(error)) from None
    rows = read_first_rows(source.rows)
    names = source.columns
    if names is None:
        names = list(dict.fromkeys(name for row in rows for name in row))
    return FileSample(file, source.name, source.format, names, rows, source.columns is not None)


def read_column_choices(maps: Sequence[str], map_file: Path | None) -> Choices:
    """Read the choices of `--map` and `--map-file`. The former are preferred. Raises UsageError."""
    choices: Choices = {}
    try:
        if map_file is not None:
            choices |= read_choices(map_file)
        return choices | dict(map(parse_choice, maps))
    except WrongChoice as error:
        raise click.UsageError(str(error)) from None
    except OSError as error:
        raise click.UsageError(f"--map-file {map_file}: {error.strerror}") from None


def map_columns(
    samples: Sequence[FileSample], kind: Kind | None, choices: Choices, with_source: bool, ask: Ask | None = None
) -> list[ColumnMapping]:
    """Map the columns of the files. Raises UsageError, of which UnclearColumns is one.

    Without `ask`, an ambiguous column raises UnclearColumns that names the flag to add.
    """
    try:
        check_headers(choices, [name for sample in samples for name in sample.names])
        return [_map(sample, kind, choices, with_source, ask) for sample in samples]
    except WrongChoice as error:
        raise click.UsageError(str(error)) from None


def _map(sample: FileSample, kind: Kind | None, choices: Choices, with_source: bool, ask: Ask | None) -> ColumnMapping:
    kind = kind or _find_kind(sample, choices)
    given = apply_choices(choices, kind, sample.names)
    mapping = make_mapping(kind, sample.names, sample.rows, given, with_source)
    if mapping.ambiguous:
        if ask is None:
            raise UnclearColumns(_describe_ambiguous(sample, mapping.ambiguous[0]), mapping)
        given |= {column.name: ask(sample, column) for column in mapping.ambiguous}
        mapping = make_mapping(kind, sample.names, sample.rows, given, with_source)
    if sample.names and not identifies(kind, [column.field for column in mapping.columns]):
        raise UnclearColumns(_describe_unidentified(sample, kind), mapping)
    return mapping


def _find_kind(sample: FileSample, choices: Choices) -> Kind:
    """The kind of a file's records. Raises UnclearColumns with the mapping of a file of contacts."""
    meant = {name: choices.get(name) or name for name in sample.names}
    rows = [{meant.get(name, name): value for name, value in row.items()} for row in sample.rows] if choices else None
    try:
        return find_kind(sample.file.path, list(meant.values()), sample.rows if rows is None else rows)
    except UnclearKind as error:
        if not sample.names:
            return "companies"  # the file is empty, so the kind does not matter
        mapped = {kind: make_mapping(kind, sample.names, sample.rows) for kind in KINDS}
        if not any(identifies(kind, [column.field for column in of.columns]) for kind, of in mapped.items()):
            raise UnclearColumns(_describe_unidentified(sample, "contacts"), mapped["contacts"]) from None
        problem = f"{sample.name}: {error}: pass --kind companies or --kind contacts"
        raise UnclearColumns(problem, mapped["contacts"]) from None


def _describe_ambiguous(sample: FileSample, column: MappedColumn) -> str:
    name = shown_name(column.name)
    flags = " or ".join(f"--map '{name}={field}'" for field in column.choices)
    return (
        f"{sample.name}: the column {name} can be {' or '.join(column.choices)}: add {flags} "
        f"(--map '{name}=' ignores it)"
    )


def ask_user(sample: FileSample, column: MappedColumn) -> str | None:
    """Ask on the terminal which field an ambiguous column has."""
    values = ", ".join(map(shown_name, column.samples))
    click.echo(f"{sample.name}: the column {shown_name(column.name)} has values such as {values}", err=True)
    fields = click.Choice([*column.choices, _NONE])
    answer: str = click.prompt("Which field is it?", type=fields, default=_NONE, err=True)
    return None if answer == _NONE else answer


def _describe_unidentified(sample: FileSample, kind: Kind) -> str:
    listed = ", ".join(map(shown_name, sample.names[:_LISTED])) + (", …" if len(sample.names) > _LISTED else "")
    near = [f"'{shown_name(name)}={field}'" for name, field in near_fields(kind, sample.names[:_LISTED]).items()]
    hint = f": did you mean --map {' --map '.join(near)}?" if near else ": pass --map 'COLUMN=FIELD'"
    line = ", and the first line must name the columns" if sample.has_header else ""
    return f"{sample.name}: none of its columns ({listed}) identifies a {SINGULAR[kind]}{line}{hint}"

"""Reading of import files: detects the format and the compression, decompresses, and reports the read position."""

from __future__ import annotations

import io
from collections.abc import Callable, Iterable, Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import PurePath
from typing import BinaryIO, Final, Literal, TypeVar, cast

from letrics.ingest import parquet
from letrics.ingest.company_people import CompanyPeople, may_have_people
from letrics.ingest.containers import damage, make_seekable, open_innermost
from letrics.ingest.delimited import DelimitedReader
from letrics.ingest.encodings import detect_encoding
from letrics.ingest.excel import WorkbookReader
from letrics.ingest.expansion import TooExpanded
from letrics.ingest.input_file import BUFFER, InputFile
from letrics.ingest.json_response import FoundRows, find_shape
from letrics.ingest.json_values import JsonValues
from letrics.ingest.jsonl import json_lines, without_marks
from letrics.ingest.nested_objects import flatten
from letrics.ingest.rows import DamagedFile, FileRow, Rest, RowBlock, Rows, UnreadableFile
from letrics.ingest.text_rules import DEFAULT_TEXT_RULES, TextRules
from letrics.ingest.text_stream import NotText, TextStream

Format = Literal["jsonl", "csv", "parquet"]

_ENDINGS: Final[dict[str, Format]] = {
    ".jsonl": "jsonl", ".ndjson": "jsonl", ".json": "jsonl", ".csv": "csv", ".tsv": "csv",
    ".tab": "csv", ".parquet": "parquet",
}  # fmt: skip
"""The format for each file name extension."""


_Row = TypeVar("_Row", FileRow, Rows)


def _want_all(_: Iterable[str]) -> None:
    """Read the cells of all columns."""


@dataclass(slots=True)
class Source:
    """A file that is read: its `rows` (JSON lines are not parsed yet), and its `columns` if the file has a header.

    `progress` returns how much of `total` has been read, in bytes of the file, or in rows for Parquet and Excel.
    `total` is None if it is not known. `rest` returns what the reader reports after the last row. `want` allows the
    reader to leave out the cells of all columns except these. With `in_memory`, another process would need the same
    memory again to read the file. `blocks` has the rows, too, if the reader can yield many of them as columns.
    """

    name: str
    format: Format
    rows: Iterator[FileRow]
    columns: list[str] | None
    total: int | None
    progress: Callable[[], int]
    notes: list[str] = field(default_factory=list)
    rest: Callable[[], Rest] = Rest
    want: Callable[[Iterable[str]], None] = _want_all
    in_memory: bool = False
    blocks: Iterator[Rows] | None = None


def read_source(file: InputFile, rules: TextRules = DEFAULT_TEXT_RULES, remember: bool = False) -> Source:
    """Read the rows of `file` from its start. With `remember`, they can be read once more.

    Raises UnreadableFile if the format is not supported or its package is not installed, and OSError.
    """
    try:
        return _read(file, rules, remember)
    except damage():
        raise UnreadableFile(f"{file.name}: cannot be decompressed: it is damaged or truncated") from None
    except NotText as error:
        raise UnreadableFile(f"{file.name}: {error}") from None
    except DamagedFile as error:
        raise UnreadableFile(str(error)) from None


def check_text(file: InputFile, rules: TextRules = DEFAULT_TEXT_RULES) -> None:
    """Check that a file is text of its encoding, before anything of it is stored. Does nothing for a pipe.

    Reads the whole file in constant memory, 1 to 2 s for each gigabyte. Raises UnreadableFile, OSError.
    """
    if file.size is None:
        return
    with suppress(*damage()):  # the import reports it, after the rows before the damage
        try:
            opened = open_innermost(file)
            head = opened.stream.peek(BUFFER)
            if opened.workbook or head.startswith(parquet.MAGIC):
                return
            TextStream(opened.stream, detect_encoding(head, rules.encoding)).check()
        except NotText as error:
            raise UnreadableFile(f"{file.name}: {error}") from None
        except TooExpanded as error:
            raise UnreadableFile(str(error)) from None


def _read(file: InputFile, rules: TextRules, remember: bool) -> Source:
    name = file.name
    opened = open_innermost(file, remember)
    if opened.workbook:
        book = WorkbookReader(cast("BinaryIO", opened.stream), name, rules.skip_lines)
        table = book.table
        return Source(
            name, "csv", iter(table), table.columns, book.total, book.done, book.notes, table.rest, table.want, True
        )
    stream = opened.stream
    head = stream.peek(BUFFER)
    if not head.startswith(parquet.MAGIC):
        encoding = detect_encoding(head, rules.encoding)
        if encoding != "utf-8" or file.size is None:  # a file is checked before it is imported
            text = TextStream(stream, encoding)
            stream = io.BufferedReader(text, BUFFER)
            if stream.peek(1) and text.error is not None:
                raise text.error
    format = _format(opened.path, stream.peek(BUFFER), name)
    if format == "parquet":
        make_seekable(file, opened)
        reader = parquet.ParquetReader(cast("BinaryIO", opened.stream), name)
        has_objects = any(value is not None for value in reader.example.values())
        rows = map(_flat, reader) if has_objects else iter(reader)
        return Source(name, format, rows, list(flatten(reader.example)), reader.total, lambda: reader.done)
    total = file.size or None
    if format == "csv":
        table = DelimitedReader(stream, name, rules.skip_lines)
        return Source(
            name,
            format,
            _whole(iter(table), name),
            table.columns,
            total,
            opened.progress,
            table.notes,
            table.rest,
            table.want,
            blocks=_whole(table.blocks(), name),
        )
    with_lists = rules.people and may_have_people(stream.peek(BUFFER))
    json_rows, notes, rest = _json_rows(stream, name)
    if with_lists:
        with_people = CompanyPeople(json_rows, name, file.path)
        json_rows, rest = iter(with_people), _with_notes(rest, with_people.notes)
    return Source(name, format, _whole(json_rows, name), None, total, opened.progress, notes, rest)


def _flat(row: FileRow) -> FileRow:
    """The row with the fields of its structs as columns."""
    return row if row.members is None else row._replace(members=flatten(row.members))


def _json_rows(stream: io.BufferedReader, name: str) -> tuple[Iterator[FileRow], list[str], Callable[[], Rest]]:
    """Return the rows of a JSON file of any shape, the notices about it, and those after the last row."""
    head = stream.peek(BUFFER)
    mark = len(head) - len(without_marks(head))
    text = head[mark:].decode("utf-8", "ignore")
    shape, found = find_shape(text)
    if shape == "lines":
        return json_lines(cast("BinaryIO", stream)), [], Rest
    before = (
        len(text) - len(text.lstrip()) + (0 if found is None else found.start) + (shape == "array" and found is None)
    )
    values = JsonValues(stream, name, shape, mark + len(text[:before].encode()), found)
    return iter(values), [] if found is None else [_describe(name, found)], lambda: Rest(0, tuple(values.notes))


def _with_notes(rest: Callable[[], Rest], notes: list[str]) -> Callable[[], Rest]:
    """What `rest` reports, after these notes."""

    def both() -> Rest:
        skipped, more = rest()
        return Rest(skipped, (*notes, *more))

    return both


def _describe(name: str, found: FoundRows) -> str:
    """The notice about the list of a response that is read."""
    facts = ", ".join(fact.removeprefix("company.") for fact in found.facts)
    company = f" with {facts} of the company around it" if facts else ""
    return f"{name}: the rows are the values of {found.name!r}{company}; other fields are skipped"


def _format(path: PurePath, head: bytes, name: str) -> Format:
    """Detect the format: Parquet by the first bytes, otherwise by file name extension or the first character."""
    endings = [ending.lower() for ending in path.suffixes if ending.lower() not in (".gz", ".zst", ".zip")]
    named = _ENDINGS.get(endings[-1]) if endings else None
    if head.startswith(parquet.MAGIC):
        return "parquet"
    if named == "parquet":
        raise UnreadableFile(f"{name}: is not a Parquet file: its first bytes are not {parquet.MAGIC.decode()}")
    first = without_marks(head).lstrip()[:1]
    if first == b"<":
        raise UnreadableFile(f"{name}: is HTML or XML: open it in a spreadsheet program and save it as CSV or .xlsx")
    return named or ("jsonl" if first in (b"{", b"[") else "csv")


def _whole(rows: Iterator[_Row], name: str) -> Iterator[_Row]:
    """Yield the rows. Raises DamagedFile after the last intact row if the rest cannot be decompressed."""
    line = 0
    try:
        for row in rows:
            line = row.line + len(row.raw) - 1 if type(row) is RowBlock else row.line
            yield row
    except NotText as error:
        raise DamagedFile(f"{name}: {error}. The rows before that line were read") from None
    except damage():
        raise DamagedFile(f"{name}: the file is truncated or damaged after line {line:,}") from None

"""CSV reader (RFC 4180), also for semicolons, tabs and bars as delimiters. The first record names the columns.

An invalid record is rejected alone: reading continues at the line after the record's first line, so that an unclosed
quote does not consume the rest of the file. The credit of `_Lines` limits how much is read again. A file in which every
line opens a quote therefore takes time linear in its size.
"""

from __future__ import annotations

import csv
import re
from collections import Counter, deque
from collections.abc import Iterator
from typing import BinaryIO, Final

from letrics.export.cells import unguard
from letrics.ingest.jsonl import BOM, skip_rest
from letrics.ingest.rows import MAX_ROW, RAW_KEPT, FileRow, RowProblem, UnreadableFile

_DELIMITERS: Final = {",": "commas", ";": "semicolons", "\t": "tabs", "|": "bars"}
"""The delimiters that are detected, and their names in notices."""
_EXCEL: Final = re.compile(r"sep=([^\w\r\n\"'\ud800-\udfff])\s*", re.IGNORECASE)
"""Matches the line `sep=;` with which Excel names the delimiter."""
_UNDECODED: Final = re.compile("[\udc80-\udcff]")
"""Matches a byte that is not UTF-8, as decoded with `surrogateescape`."""
_MAX_COLUMNS: Final = 10_000
"""The maximum number of columns of a file."""
_MAX_CREDIT: Final = 16 * MAX_ROW
"""The maximum credit: the number of characters that may be read again before new ones are read."""
_LISTED: Final = 5
"""The maximum number of columns named in an error."""
_MAX_NAME: Final = 100
"""The maximum length of a column name in an error, in characters."""
_CREDIT: Final = 4
"""The number of characters that may be read again for each new character."""


class _TooLong(Exception):
    """A record exceeds the maximum size of a row, or the credit for reading lines again."""


class _Lines:
    """Iterator of lines for the csv module that remembers the lines of the current record."""

    def __init__(self, stream: BinaryIO) -> None:
        self.stream = stream
        self.number = 0
        self.first = 1
        self.size = 0
        self.bad = False
        self.credit = _MAX_CREDIT
        self.record: list[str] = []
        self.again: deque[tuple[str, bool]] = deque()

    def __iter__(self) -> _Lines:
        return self

    def __next__(self) -> str:
        line, bad = self.again.popleft() if self.again else self._read()
        self.number += 1
        self.record.append(line)
        if bad:
            self.bad = True
        self.size += len(line)
        if self.size > MAX_ROW or (len(self.record) > 1 and self.size > self.credit):
            raise _TooLong
        return line

    def _read(self) -> tuple[str, bool]:
        line = self.stream.readline(MAX_ROW + 2)
        if not line:
            raise StopIteration
        self.credit = min(_MAX_CREDIT, self.credit + _CREDIT * len(line))
        if len(line) > MAX_ROW and skip_rest(self.stream, line):
            self.size = MAX_ROW
            return line[:RAW_KEPT].decode("utf-8", "replace"), False
        if self.number == 0:
            line = line.removeprefix(BOM)
        try:
            return line.decode(), False
        except UnicodeDecodeError:
            return line.decode("utf-8", "surrogateescape"), True

    def begin(self) -> None:
        """Start a new record at the next line."""
        self.first = self.number + 1
        self.size = 0
        self.bad = False
        self.record = []

    def only_first(self) -> list[str]:
        """Abandon the record and return its first line. The other lines are read again."""
        self.credit -= self.size - len(self.record[0])
        self.again.extendleft((line, _undecoded(line)) for line in reversed(self.record[1:]))
        self.number = self.first
        return self.record[:1]


def _undecoded(line: str) -> bool:
    return not line.isascii() and _UNDECODED.search(line) is not None


class DelimitedReader:
    """Iterable of the rows of a CSV stream, with its `columns` and the `notes` to show to the user."""

    def __init__(self, stream: BinaryIO, name: str) -> None:
        csv.field_size_limit(MAX_ROW * 2)
        self.name = name
        self.notes: list[str] = []
        self._lines = _Lines(stream)
        self.columns, self._delimiter = self._header()

    def _header(self) -> tuple[list[str], str]:
        try:
            delimiter = self._find_delimiter()
            if delimiter is None:
                return [], ","
            names = [cell.strip() for cell in next(csv.reader(self._lines, delimiter=delimiter, strict=True))]
        except (csv.Error, _TooLong) as error:
            reason = _explained(str(error)) if str(error) else f"it is longer than {MAX_ROW:,} bytes"
            raise UnreadableFile(f"{self.name}: the first line must name the columns, but {reason}") from None
        if self._lines.bad:
            raise UnreadableFile(f"{self.name}: the first line is not UTF-8: save the file as UTF-8")
        if len(names) > _MAX_COLUMNS:
            raise UnreadableFile(
                f"{self.name}: the first line names {len(names):,} columns; the maximum is {_MAX_COLUMNS:,}"
            )
        names = [name or f"column {place}" for place, name in enumerate(names, 1)]
        twice = sorted(name for name, count in Counter(names).items() if count > 1)
        if twice:
            listed = ", ".join(name[:_MAX_NAME] for name in twice[:_LISTED])
            raise UnreadableFile(f"{self.name}: the first line names {listed} twice: rename one of the columns")
        return names, delimiter

    def _find_delimiter(self) -> str | None:
        """Return the delimiter that gives the first line the most columns, or the one of a line `sep=;`.

        Returns None if there are no lines.
        """
        lines = self._lines
        given: str | None = None
        for line in lines:
            excel = _EXCEL.fullmatch(line)
            if excel and lines.number == 1:
                given = excel[1]
            elif line.strip():
                lines.again.appendleft((line, lines.bad))
                lines.number -= 1
                lines.begin()
                mark = given or max(_DELIMITERS, key=lambda mark: len(next(csv.reader([line], delimiter=mark))))
                if mark != ",":
                    self.notes.append(f"{self.name}: the columns are separated by {_DELIMITERS.get(mark, mark)}")
                return mark
            lines.begin()
        return None

    def __iter__(self) -> Iterator[FileRow]:
        if not self.columns:
            return
        lines, names, width = self._lines, self.columns, len(self.columns)
        records = csv.reader(lines, delimiter=self._delimiter, strict=True)
        while True:
            lines.begin()
            try:
                cells = next(records)
            except StopIteration:
                return
            except csv.Error as error:
                line = lines.first
                yield FileRow(line, lines.only_first(), None, RowProblem(None, _explained(str(error))))
                continue
            except _TooLong:
                line, alone = lines.first, len(lines.record) == 1
                kept = [text[:RAW_KEPT] for text in lines.only_first()]
                reason = f"the line is longer than {MAX_ROW:,} bytes" if alone else _UNCLOSED
                yield FileRow(line, kept, None, RowProblem(None, reason))
                records = csv.reader(lines, delimiter=self._delimiter, strict=True)
                continue
            record = lines.record
            if lines.bad:
                yield FileRow(
                    lines.first, record, None, RowProblem(None, "the row is not UTF-8: save the file as UTF-8")
                )
            elif len(cells) != width and not _only_blank_beyond(cells, width):
                if cells:
                    reason = f"the row has {len(cells)} cells, but the first line names {width} columns"
                    yield FileRow(lines.first, record, None, RowProblem(None, reason))
            else:
                members = {name: cell for name, cell in zip(names, cells, strict=False) if cell and not cell.isspace()}
                if "'" in record[0] or len(record) > 1:
                    members = {name: unguard(cell) for name, cell in members.items()}
                if members:
                    yield FileRow(lines.first, record, members)


_UNCLOSED: Final = "a quote in this line is not closed: close it, or double each quote that is part of the text"
"""The reason for rejecting a record with an unclosed quote."""


def _only_blank_beyond(cells: list[str], width: int) -> bool:
    """Return whether the cells beyond the columns are all blank, as spreadsheets write them."""
    return len(cells) > width and not any(cell.strip() for cell in cells[width:])


def _explained(error: str) -> str:
    if "unexpected end of data" in error:
        return _UNCLOSED
    if "expected after" in error:
        return "text follows a closing quote: double each quote inside a cell"
    if "new-line character" in error:
        return "the row contains a bare carriage return: save the file with LF or CRLF line endings"
    return error

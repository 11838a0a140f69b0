"""CSV as RFC 4180 has it, and with semicolons, tabs or bars for commas. The first record names the columns.

A record that cannot be read is rejected alone: reading goes on at the line after its first one, so that an opened quote
that is never closed does not swallow the rest of the file. Lines are read again only so far as `_Lines` has credit for
it, so that a file in which every line opens a quote takes time linear in its size.
"""

from __future__ import annotations

import csv
import re
from collections import Counter, deque
from collections.abc import Iterator
from typing import BinaryIO, Final

from letrics.export.cells import unguard
from letrics.ingest.jsonl import BOM, skip_rest
from letrics.ingest.rows import MAX_ROW, RAW_KEPT, Row, RowProblem, UnreadableFile

_DELIMITERS: Final = {",": "commas", ";": "semicolons", "\t": "tabs", "|": "bars"}
_EXCEL: Final = re.compile(r"sep=([^\w\r\n\"'\ud800-\udfff])\s*", re.IGNORECASE)
_UNDECODED: Final = re.compile("[\udc80-\udcff]")
_MAX_COLUMNS: Final = 10_000
"""The most columns that a file may have."""
_MAX_CREDIT: Final = 16 * MAX_ROW
"""How many characters may be read again at most before new ones are read."""
_LISTED: Final = 5
"""The most columns named in an error."""
_MAX_NAME: Final = 100
"""The most characters of such a name."""
_CREDIT: Final = 4
"""How many characters may be read again for each that is new."""


class _TooLong(Exception):
    """A record is longer than a row may be, or than lines may be read again."""


class _Lines:
    """Hands the csv module one line after another and remembers those of the record it is reading."""

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
        """The next line begins a record."""
        self.first = self.number + 1
        self.size = 0
        self.bad = False
        self.record = []

    def only_first(self) -> list[str]:
        """Give up the record: all its lines but the first will be read again. Returns the first."""
        self.credit -= self.size - len(self.record[0])
        self.again.extendleft((line, _undecoded(line)) for line in reversed(self.record[1:]))
        self.number = self.first
        return self.record[:1]


def _undecoded(line: str) -> bool:
    return not line.isascii() and _UNDECODED.search(line) is not None


class DelimitedReader:
    """The rows of a CSV stream, and what was found out about it: `columns`, and the `notes` to tell the user."""

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
            raise UnreadableFile(f"{self.name}: the first line should name the columns, but {reason}") from None
        if self._lines.bad:
            raise UnreadableFile(f"{self.name}: the first line is not UTF-8: save the file as UTF-8")
        if len(names) > _MAX_COLUMNS:
            raise UnreadableFile(
                f"{self.name}: the first line names {len(names):,} columns; at most {_MAX_COLUMNS:,} are read"
            )
        names = [name or f"column {place}" for place, name in enumerate(names, 1)]
        twice = sorted(name for name, count in Counter(names).items() if count > 1)
        if twice:
            listed = ", ".join(name[:_MAX_NAME] for name in twice[:_LISTED])
            raise UnreadableFile(f"{self.name}: the first line names {listed} twice: rename one")
        return names, delimiter

    def _find_delimiter(self) -> str | None:
        """The mark that cuts the first line into most columns, or the one a line `sep=;` gives; None without lines."""
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
                    self.notes.append(f"{self.name}: read as separated by {_DELIMITERS.get(mark, mark)}")
                return mark
            lines.begin()
        return None

    def __iter__(self) -> Iterator[Row]:
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
                yield Row(line, lines.only_first(), None, RowProblem(None, _explained(str(error))))
                continue
            except _TooLong:
                line, alone = lines.first, len(lines.record) == 1
                kept = [text[:RAW_KEPT] for text in lines.only_first()]
                reason = f"the line is longer than {MAX_ROW:,} bytes" if alone else _UNCLOSED
                yield Row(line, kept, None, RowProblem(None, reason))
                records = csv.reader(lines, delimiter=self._delimiter, strict=True)
                continue
            record = lines.record
            if lines.bad:
                yield Row(lines.first, record, None, RowProblem(None, "the row is not UTF-8: save the file as UTF-8"))
            elif len(cells) != width and not _only_blank_beyond(cells, width):
                if cells:
                    reason = f"the row has {len(cells)} cells where the first line names {width} columns"
                    yield Row(lines.first, record, None, RowProblem(None, reason))
            else:
                members = {name: cell for name, cell in zip(names, cells, strict=False) if cell and not cell.isspace()}
                if "'" in record[0] or len(record) > 1:
                    members = {name: unguard(cell) for name, cell in members.items()}
                if members:
                    yield Row(lines.first, record, members)


_UNCLOSED: Final = "a quote is opened in this line and not closed: close it, or double quotes that belong to the text"


def _only_blank_beyond(cells: list[str], width: int) -> bool:
    """Whether a row is as wide as it should be but for empty cells at its end, as spreadsheets write them."""
    return len(cells) > width and not any(cell.strip() for cell in cells[width:])


def _explained(error: str) -> str:
    if "unexpected end of data" in error:
        return _UNCLOSED
    if "expected after" in error:
        return "after a closing quote comes neither the next cell nor the line's end: double quotes inside a cell"
    if "new-line character" in error:
        return "the row holds a bare carriage return: save the file with line ends LF or CRLF"
    return error

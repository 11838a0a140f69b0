"""CSV reader (RFC 4180), also for semicolons, tabs and bars as delimiters. One of the first lines names the columns.

An invalid record is rejected alone: reading continues at the line after the record's first line, so that an unclosed
quote does not consume the rest of the file. The credit of `TextLines` limits how much is read again. A file in which
every line opens a quote therefore takes time linear in its size.
"""

from __future__ import annotations

import csv
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import suppress
from itertools import compress
from operator import itemgetter
from typing import Final

from letrics.ingest.cell_text import clean_cell, clean_name
from letrics.ingest.column_names import distinct_names, join_groups
from letrics.ingest.footers import MIN_COLUMNS, Footers
from letrics.ingest.header import DELIMITERS, MAX_COLUMNS, Header, IsName, find_header, make_reader, read_trimmed
from letrics.ingest.kinds import is_column_name
from letrics.ingest.regular_lines import read_regular
from letrics.ingest.rows import MAX_ROW, RAW_KEPT, FileRow, Rest, RowBlock, RowProblem, Rows, UnreadableFile
from letrics.ingest.text_lines import ByteStream, CutLine, TextLines, TooLong, is_damaged
from letrics.ingest.totals import is_totals_row, may_be_totals
from letrics.plurals import counted


class DelimitedReader:
    """Iterable of the rows of a CSV stream, with its `columns` and the `notes` to show to the user.

    A name that occurs twice is followed by a number: `Tag (2)`. With `skip_lines`, the header is the first line
    after that number of lines. With `delimiter`, it is not detected.
    """

    def __init__(
        self, stream: ByteStream | TextLines, name: str, skip_lines: int | None = None,
        is_name: IsName = is_column_name, delimiter: str | None = None,
    ) -> None:  # fmt: skip
        csv.field_size_limit(MAX_ROW * 2)
        self.name = name
        self.notes: list[str] = []
        self._blank = 0
        self._lines = stream if isinstance(stream, TextLines) else TextLines(stream)
        self._footers = Footers()
        self._wanted: frozenset[str] | None = None
        self.columns: list[str] = []
        self._names, self._delimiter = self._header(skip_lines, is_name, delimiter)

    def want(self, names: Iterable[str]) -> None:
        """Leave out the cells of columns that are not in `names`."""
        self._wanted = frozenset(names)

    def rest(self) -> Rest:
        """Return the number of blank lines and footers, and a notice about footers, after the last row."""
        return Rest(
            self._blank + self._footers.skipped, tuple(f"{self.name}: {text}" for text in self._footers.describe())
        )

    def _header(self, skip_lines: int | None, is_name: IsName, delimiter: str | None) -> tuple[list[str], str]:
        lines = self._lines
        for _ in range(skip_lines or 0):
            if not lines.has_more():
                return [], ","
            lines.consume(1)
        header = find_header(lines, is_name, titled=skip_lines is None, delimiter=delimiter)
        if header is None:
            return [], ","
        line = lines.number + header.above + 1
        lines.consume(header.above)
        if isinstance(lines.peek(0), CutLine):
            reason = f"it is longer than {MAX_ROW:,} bytes"
            raise UnreadableFile(f"{self.name}: the first line must name the columns, but {reason}")
        try:
            cells = next(make_reader(lines, header.delimiter))
        except (csv.Error, TooLong) as error:
            trimmed = read_trimmed(lines.record(), header.delimiter)
            if trimmed is None:
                reason = _explained(str(error)) if str(error) else f"it is longer than {MAX_ROW:,} bytes"
                raise UnreadableFile(f"{self.name}: the first line must name the columns, but {reason}") from None
            cells = trimmed
        if lines.damaged and any(map(is_damaged, lines.record())):
            raise UnreadableFile(f"{self.name}: the first line is not UTF-8: save the file as UTF-8")
        if len(cells) > MAX_COLUMNS:
            raise UnreadableFile(
                f"{self.name}: the first line names {len(cells):,} columns; the maximum is {MAX_COLUMNS:,}"
            )
        lines.end()
        names = [clean_name(cell) for cell in cells]
        joined = join_groups(header.groups, names, is_name)
        self._describe(header, line, joined is not None)
        names = joined or names
        while names and not names[-1]:
            names.pop()
        self.columns = distinct_names(names or [""] * len(cells))
        return distinct_names([*self.columns, *[""] * (len(cells) - len(self.columns))]), header.delimiter

    def _describe(self, header: Header, line: int, is_grouped: bool) -> None:
        if header.delimiter != ",":
            mark = DELIMITERS.get(header.delimiter, header.delimiter)
            self.notes.append(f"{self.name}: the columns are separated by {mark}")
        skipped = line - 1 - is_grouped
        if header.above:
            notes = [f"line {line} names the columns"]
            if is_grouped:
                notes.append(f"the groups that line {line - 1} names are put before names")
            if skipped:
                notes.append(f"{counted(skipped, 'line')} above {'them' if is_grouped else 'it'} skipped")
            self.notes.append(f"{self.name}: {'; '.join(notes)}")

    def __iter__(self) -> Iterator[FileRow]:
        lines = self._lines
        while self._names and lines.has_more():
            lines.begin()
            if lines.fresh:
                lines.fresh = False
                yield from self._valid_records()
            else:
                yield from self._next_record()
        yield from self._footers.end()

    def blocks(self) -> Iterator[Rows]:
        """Yield the rows, those of whole blocks of regular lines as columns."""
        lines = self._lines
        while self._names and lines.has_more():
            lines.begin()
            block = self._regular_block() if lines.fresh else None
            if block is not None:
                yield block
                lines.consume(len(block.raw))
            elif lines.fresh:
                lines.fresh = False
                yield from self._valid_records()
            else:
                yield from self._next_record()
        yield from self._footers.end()

    def _regular_block(self) -> RowBlock | None:
        """The pending lines as columns, without totals at their end, which wait for what follows; None if a line is not
        regular."""
        lines = self._lines
        if lines.damaged or self._footers.held or (self._wanted is not None and not self._wanted):
            return None
        cleans = lines.guarded or lines.odd
        block = lines.pending[lines.at :]
        return read_regular(lines.number + 1, block, self._delimiter, self._names, self._wanted, cleans, lines.odd)

    def _valid_records(self) -> Iterator[FileRow]:
        """Yield the rows of the pending lines up to an invalid record, or one that continues in the next block."""
        lines, held = self._lines, self._footers
        names = self._names
        pick: Callable[[list[str]], Sequence[str]] = _same
        width, few = len(names), 1 if len(names) >= MIN_COLUMNS else 0
        if self._wanted is not None:
            names, pick = self._picked()
        block, number, start = lines.pending[lines.at :], lines.number + 1, 0
        guarded, odd, damaged = lines.guarded, lines.odd, lines.damaged
        make_row = tuple.__new__
        records = make_reader(block, self._delimiter)
        with suppress(csv.Error):
            for cells in records:
                end = records.line_num
                record = block[start:end]
                if end - start > 1 and sum(map(len, record)) > MAX_ROW:
                    break
                if len(cells) != width or held.held or (damaged and not all(map(str.isascii, record))):
                    yield from self._rows(number + start, record, cells)
                else:
                    picked = pick(cells)
                    if (guarded and _may_be_guarded(record)) or (odd and not all(map(str.isascii, record))):
                        picked = [
                            clean_cell(cell) if "'" in cell or cell[:1] == "=" or not cell.isascii() else cell
                            for cell in picked
                        ]
                    members = dict(compress(zip(names, picked, strict=True), picked))
                    if members and min(members.values()) < "!":  # such a cell begins with white space
                        members = {name: cell for name, cell in members.items() if not cell.isspace()}
                    if len(members) > few and not may_be_totals(cells):
                        yield make_row(FileRow, (number + start, record, members, None))
                    else:
                        yield from self._rows(number + start, record, cells)
                start = end
        lines.consume(start)

    def _next_record(self) -> Iterator[FileRow]:
        """Yield the row of the next record, which may be invalid."""
        lines = self._lines
        line = lines.number + 1
        try:
            cells = next(make_reader(lines, self._delimiter))
        except csv.Error as error:
            record = lines.record()
            trimmed = read_trimmed(record, self._delimiter)
            if trimmed is None:
                yield from self._release(FileRow(line, record[:1], None, RowProblem(None, _explained(str(error)))))
                lines.end_first()
                return
            cells = trimmed
        except TooLong:
            record = lines.record()
            alone = len(record) == 1
            reason = f"the line is longer than {MAX_ROW:,} bytes" if alone else _UNCLOSED
            yield from self._release(FileRow(line, [record[0][:RAW_KEPT]], None, RowProblem(None, reason)))
            lines.end_first()
            return
        yield from self._rows(line, lines.record(), cells)
        lines.end()

    def _rows(self, line: int, record: list[str], cells: list[str]) -> Iterator[FileRow]:
        """Yield the row of a record, after the records that were held as possible footers."""
        width = len(self._names)
        if self._lines.damaged and any(map(is_damaged, record)):
            problem = RowProblem(None, "the row is not UTF-8: save the file as UTF-8")
            yield from self._release(FileRow(line, record, None, problem))
            return
        cleaned = [clean_cell(cell) for cell in cells]
        if any(cleaned[width:]):
            problem = RowProblem(None, f"the row has {len(cells)} cells, but the header names {width} columns")
            yield from self._release(FileRow(line, record, None, problem))
            return
        filled = [place for place, cell in enumerate(cleaned) if cell]
        if not filled:
            self._blank += 1
            self._footers.skip_blank()
            return
        wanted = self._wanted
        members = {
            name: cell
            for name, cell in zip(self._names, cleaned, strict=False)
            if cell and (wanted is None or name in wanted)
        }
        row = FileRow(line, record, members)
        if width >= MIN_COLUMNS and filled == [0]:
            is_held = self._footers.hold(row, cleaned[0].strip(), alone=len(cells) == 1)
        else:
            is_held = is_totals_row(self._names, cleaned) and self._footers.hold_totals(row, self._names, cleaned)
        if not is_held:
            yield from self._release(row)

    def _release(self, row: FileRow) -> Iterator[FileRow]:
        """Yield the held records and then `row`."""
        yield from self._footers.release()
        yield row

    def _picked(self) -> tuple[list[str], Callable[[list[str]], Sequence[str]]]:
        """Return the names of the wanted columns and a function that picks their cells."""
        wanted = self._wanted or frozenset()
        places = [place for place, name in enumerate(self._names) if name in wanted]
        names = [self._names[place] for place in places]
        if len(places) < 2:  # for one place, itemgetter returns no tuple
            return names, lambda cells: [cells[place] for place in places]
        return names, itemgetter(*places)


def _same(cells: list[str]) -> list[str]:
    return cells


def _may_be_guarded(record: list[str]) -> bool:
    return len(record) > 1 or "'" in record[0] or '="' in record[0]


_UNCLOSED: Final = "a quote in this line is not closed: close it, or double each quote that is part of the text"
"""The reason for rejecting a record with an unclosed quote."""


def _explained(error: str) -> str:
    if "unexpected end of data" in error:
        return _UNCLOSED
    if "expected after" in error:
        return "text follows a closing quote: double each quote inside a cell"
    return error

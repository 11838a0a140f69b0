"""Reader of Excel workbooks, `.xlsx` and `.xls`, with python-calamine.

Of several visible sheets, the first with three known columns is read, otherwise the one with the most. Its rows are
read like the lines of a CSV file: the header may be below a title, and footers are skipped. Calamine holds a whole
sheet in memory, so sheets beyond the limits are refused before it opens them.
"""

from __future__ import annotations

import csv
import datetime
import io
import re
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import islice
from typing import TYPE_CHECKING, Any, BinaryIO, Final, cast

from letrics.ingest.delimited import DelimitedReader
from letrics.ingest.kinds import is_column_name
from letrics.ingest.rows import MAX_ROW, RAW_KEPT, DamagedFile, UnreadableFile
from letrics.ingest.text_lines import CutLine, TextLines
from letrics.ingest.workbook_probe import probe_workbook
from letrics.ingest.zip_archive import open_archive, open_member

if TYPE_CHECKING:
    from python_calamine import CalamineSheet, CalamineWorkbook

OLE: Final = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
"""The first bytes of a compound file, the container of `.xls` and of encrypted `.xlsx`."""
MAX_BYTES: Final = 256 << 20
"""The maximum size of a workbook, in bytes."""
MAX_XML: Final = 1 << 29
"""The maximum size of the decompressed XML of a workbook, in bytes."""
MAX_CELLS: Final = 5_000_000
"""The maximum number of cells of the rectangle that a sheet fills. Calamine needs about 100 bytes for each, 24 for a
blank one."""
_CERTAIN: Final = 3
"""The number of known columns from which later sheets are not examined."""
_PART: Final = 1 << 20
"""The number of bytes of XML that are examined at a time."""
_REFERENCE: Final = re.compile(rb"""\br\s{0,9}=\s{0,9}["']([A-Za-z]{1,3})([0-9]{1,7})["']""")
"""Matches the reference of a cell, such as `r="B12"`."""
_ELEMENT: Final = re.compile(rb"<(?:[\w.-]{1,40}:)?(r(?=ow[\s/>])|c(?=[\s/>])|s(?=i[\s/>]))")
"""Matches the start of a row, a cell or a shared text. Cells need no reference."""
_MATCH_LENGTH: Final = 64
"""The maximum length of a match, in bytes."""
_OTHER_FORMATS: Final = ("xl/workbook.bin", "content.xml")
"""The files of workbooks in formats that calamine tries if it cannot open an archive as an `.xlsx`."""
_ROWS: Final = 1000
"""The number of rows that are converted at a time."""


def is_workbook(archive: zipfile.ZipFile) -> bool:
    """Return whether a ZIP archive is a document of Excel or a similar program."""
    names = archive.namelist()
    return "[Content_Types].xml" in names or "mimetype" in names


class SheetLines(TextLines):
    """The rows of a sheet as lines of CSV. `done` rows have been converted."""

    def __init__(self, rows: Iterator[list[Any]]) -> None:
        super().__init__(io.BytesIO())
        self._rows = rows
        self.done = 0

    def load(self) -> bool:
        """Convert the next rows. Returns False after the last one."""
        self._drop_consumed()
        written = _Written()
        writer = csv.writer(written)
        lines = written.lines
        for row in islice(self._rows, _ROWS):
            writer.writerow(map(_text, row))
            if len(lines[-1]) > MAX_ROW:
                lines[-1] = CutLine(lines[-1][:RAW_KEPT])
                break
        if not lines:
            return False
        self.done += len(lines)
        self.guarded = self.odd = True
        self._append(lines)
        return True


class _Written:
    """A file of the lines that a csv writer writes."""

    def __init__(self) -> None:
        self.lines: list[str] = []
        self.write = self.lines.append


class WorkbookReader:
    """The `table` of a workbook, with `total` rows of which `done()` have been read, and `notes` about its sheets."""

    def __init__(
        self, stream: BinaryIO, name: str, skip_lines: int | None = None,
        max_xml: int = MAX_XML, max_cells: int = MAX_CELLS, max_bytes: int = MAX_BYTES,
    ) -> None:  # fmt: skip
        if stream.seek(0, io.SEEK_END) > max_bytes:
            raise UnreadableFile(f"{name}: is larger than {max_bytes >> 20:,} MiB: save the sheet as CSV")
        stream.seek(0)
        if stream.read(len(OLE)) == OLE:
            probe_workbook(stream, name)
        else:
            _check_size(stream, name, max_xml, max_cells)
        stream.seek(0)
        self._name = name
        self._skip_lines = skip_lines
        self.notes: list[str] = []
        with _open_workbook(stream, name) as workbook:
            sheet, self.table, self._lines = self._choose(workbook)
            others = [repr(other) for other in _visible(workbook) if other != sheet.name]
        self.total = sheet.end[0] + 1 if sheet.end else 0
        if others:
            self.notes.append(f"{name}: sheet {sheet.name!r} is read; the others are not: {', '.join(others[:10])}")
        self.notes += self.table.notes

    def done(self) -> int:
        """Return the number of rows that have been read."""
        return self._lines.done

    def _choose(self, workbook: CalamineWorkbook) -> tuple[CalamineSheet, DelimitedReader, SheetLines]:
        """Return the sheet to read. Raises UnreadableFile."""
        best, best_known = None, -1
        for sheet_name in _visible(workbook):
            with _damage_refused(self._name):
                sheet = workbook.get_sheet_by_name(sheet_name)
            if not sheet.height:
                continue
            lines = SheetLines(_rows(sheet, self._name))
            table = DelimitedReader(lines, self._name, self._skip_lines, delimiter=",")
            known = sum(map(is_column_name, table.columns))
            if known > best_known:
                best, best_known = (sheet, table, lines), known
            if known >= _CERTAIN:
                break
        if best is None:
            raise UnreadableFile(f"{self._name}: all its sheets are empty")
        return best


def _open_workbook(stream: BinaryIO, name: str) -> CalamineWorkbook:
    from python_calamine import CalamineWorkbook, PasswordError

    with _damage_refused(name):
        try:
            return CalamineWorkbook.from_filelike(cast("Any", stream))
        except PasswordError:
            raise UnreadableFile(f"{name}: is protected by a password: save it without one") from None


@contextmanager
def _damage_refused(name: str) -> Iterator[None]:
    """Raise UnreadableFile for any exception of calamine."""
    try:
        yield
    except UnreadableFile:
        raise
    except BaseException as error:
        if not _is_fault(error):
            raise
        raise UnreadableFile(f"{name}: is not a complete .xlsx or .xls workbook: save the sheet as CSV") from None


def _is_fault(error: BaseException) -> bool:
    """Return whether an exception is a fault of calamine. A panic of Rust is not derived from Exception."""
    return isinstance(error, Exception) or type(error).__name__ == "PanicException"


def _rows(sheet: CalamineSheet, name: str) -> Iterator[list[Any]]:
    """Yield the rows of a sheet. Raises DamagedFile."""
    try:
        yield from sheet.iter_rows()
    except BaseException as error:
        if not _is_fault(error):
            raise
        raise DamagedFile(f"{name}: the sheet {sheet.name!r} is damaged: save it as CSV") from None


def _visible(workbook: CalamineWorkbook) -> list[str]:
    """Return the names of the visible worksheets; of all, if none is visible."""
    from python_calamine import SheetTypeEnum, SheetVisibleEnum

    sheets = [sheet for sheet in workbook.sheets_metadata if sheet.typ == SheetTypeEnum.WorkSheet]
    visible = [sheet for sheet in sheets if sheet.visible == SheetVisibleEnum.Visible]
    return [sheet.name for sheet in visible or sheets]


def _check_size(stream: BinaryIO, name: str, max_xml: int, max_cells: int) -> None:
    """Check that the parts of a workbook and the cells of its sheets do not exceed the limits. Raises UnreadableFile.

    Every part may be a sheet, whatever its name.
    """
    with open_archive(stream) as archive:
        names = archive.namelist()
        if "xl/workbook.xml" not in names or any(other.lower() in _OTHER_FORMATS for other in names):
            raise UnreadableFile(f"{name}: is a ZIP archive or a document of another program: save the sheet as CSV")
        rest = max_xml
        for member in archive.infolist():
            with open_member(archive, member) as part:
                size, cells, texts = _measure(part, rest)
            rest -= size
            if rest < 0:
                raise UnreadableFile(f"{name}: has more than {max_xml >> 20:,} MiB of XML: save the sheet as CSV")
            if cells > max_cells:
                sizes = f"{cells:,} cells with blank ones; the maximum is {max_cells:,}"
                raise UnreadableFile(f"{name}: a sheet has {sizes}: save it as CSV")
            if texts > max_cells:
                raise UnreadableFile(f"{name}: has {texts:,} texts; the maximum is {max_cells:,}: save it as CSV")


def _measure(part: BinaryIO, limit: int) -> tuple[int, int, int]:
    """Return the size of a part, its cells from the first row and column to the last, and its shared texts.

    A cell without a reference is next to the one before it, and a row without one below it.
    """
    size, rows, columns, started, texts, longest, row, rest = 0, 0, 0, 0, 0, 0, 0, b""
    data = b"first"
    while data and size <= limit:
        data = part.read(_PART)
        size += len(data)
        block = rest + data
        cut = max(block.rfind(b"<"), len(block) - _MATCH_LENGTH) if data else len(block)
        block, rest = block[:cut], block[cut:]
        found = _REFERENCE.findall(block)
        if found:
            rows = max(rows, *(int(row) for _, row in found), 0)
            columns = max(columns, *map(_column_number, {column.upper() for column, _ in found}), 0)
        first, *others = b"".join(_ELEMENT.findall(block)).split(b"r")
        texts += first.count(b"s") + sum(other.count(b"s") for other in others)
        started += len(others)
        longest = max(longest, row + len(first), *map(len, others), 0)
        row = len(others[-1]) if others else row + len(first)
    return size, max(rows, started) * max(columns, longest), texts


def _column_number(letters: bytes) -> int:
    number = 0
    for letter in letters:
        number = number * 26 + letter - 64
    return number


def _text(value: Any) -> str:
    """Convert the value of a cell to the text that a program would export."""
    if type(value) is str:
        return value
    if type(value) is float:
        return str(int(value)) if value.is_integer() else f"{value:.15g}"
    if type(value) is bool:
        return "true" if value else "false"
    if isinstance(value, datetime.datetime):
        if value.time() == datetime.time():
            return value.date().isoformat()
        return value.isoformat(" ", "seconds")
    if isinstance(value, (datetime.date, datetime.time)):
        return value.isoformat()
    return str(value)

"""Writes Excel workbooks by XlsxWriter (the extra `xlsx`) in constant memory: one sheet, with the columns of CSV.

Texts are stored as texts, so a spreadsheet evaluates no formula and follows no link. Only where the import would remove
an apostrophe (`letrics.export.cells.unguard`) one more is inserted. Numbers and booleans are stored as such. Times are
texts as in CSV: the times of a workbook have no time zone, and readers round them to seconds.
"""

from __future__ import annotations

import io
import logging
import re
from collections.abc import Sequence
from pathlib import Path
from typing import Any, BinaryIO, Final

import xlsxwriter
from xlsxwriter.exceptions import FileCreateError

from letrics.export.cells import guard, unguard
from letrics.export.flatten import Flattener, cell, columns
from letrics.export.writers import check_size
from letrics.records import Kind

MAX_CELL: Final = 32_767
"""The maximum length of a text in a cell, in UTF-16 code units."""
_WIDTH: Final = 20
"""The width of the columns, in characters."""
_FORBIDDEN: Final = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
"""Matches characters that XML 1.0 does not allow. Imports drop them, too, except for U+FFFE and U+FFFF."""
_LINE_END: Final = re.compile("\r\n?")
"""Matches the line ends that become line feeds."""
_log: Final = logging.getLogger("letrics.export")

_SEEKABLE: Final = (io.BufferedWriter, io.BytesIO)
"""The streams in which an archive may go back, if they are files. Compressed ones say so, too, but cannot."""

Row = list[str | int | bool]


class _Output:
    """The stream that the archive is written to. After an error it does nothing, so that what an interrupted archive
    still writes when it is removed from memory raises no second error."""

    def __init__(self, out: BinaryIO) -> None:
        self._out = out
        self._failed = False
        self._end = 0

    def write(self, data: bytes) -> int:
        if self._is_over():
            return len(data)
        try:
            return self._out.write(data)
        except OSError:
            self._failed = True
            raise

    def flush(self) -> None:
        if not self._is_over():
            self._out.flush()

    def tell(self) -> int:
        if not isinstance(self._out, _SEEKABLE):
            raise OSError("is only written forward")  # the archive then does not go back
        if not self._is_over():
            self._end = max(self._end, self._out.tell())
            return self._out.tell()
        return self._end

    def seek(self, offset: int) -> int:
        return offset if self._is_over() else self._out.seek(offset)

    def _is_over(self) -> bool:
        return self._failed or self._out.closed


class XlsxWriter:
    """Converts documents to rows when they are encoded. The rows are collected in a file in `folder` and compressed at
    the end, because a workbook is a ZIP archive."""

    def __init__(
        self, out: BinaryIO, kind: Kind, members: Sequence[str] | None = None, folder: Path | None = None
    ) -> None:
        self._flatten = Flattener(kind, members)
        options = {"constant_memory": True, "use_zip64": True, "tmpdir": None if folder is None else str(folder)}
        self._book = xlsxwriter.Workbook(_Output(out), options)
        self._sheet = self._book.add_worksheet(kind)
        titles = columns(kind, members)
        self._columns = len(titles)
        bold = self._book.add_format({"bold": True})
        self._sheet.set_column(0, self._columns - 1, _WIDTH)
        self._sheet.freeze_panes(1, 0)
        for column, title in enumerate(titles):
            self._sheet.write_string(0, column, title, bold)
        self._records = 0
        self._cut = 0

    def encode(self, documents: Sequence[bytes]) -> list[Row]:
        return [[self._cell(value) for value in self._flatten.values(document)] for document in documents]

    def write(self, encoded: list[Row]) -> None:
        check_size("xlsx", self._records + len(encoded))
        for row in encoded:
            self._records += 1
            for column, value in enumerate(row):
                if isinstance(value, str):
                    if value:
                        self._sheet.write_string(self._records, column, value)
                elif isinstance(value, bool):
                    self._sheet.write_boolean(self._records, column, value)
                else:
                    self._sheet.write_number(self._records, column, value)

    def finish(self) -> None:
        if self._records:
            self._sheet.autofilter(0, 0, self._records, self._columns - 1)
        try:
            self._book.close()
        except FileCreateError as error:  # the error of the stream, such as a full disk
            raise error.args[0] from None
        if self._cut:
            _log.warning(
                "cut %d cells to the %d characters that Excel allows: export CSV to get all", self._cut, MAX_CELL
            )

    def _cell(self, value: Any) -> str | int | bool:
        if isinstance(value, int):
            return value
        text = _text(value)
        if _length(text) <= MAX_CELL:
            return text
        self._cut += 1
        while isinstance(value, tuple) and _length(text) > MAX_CELL and value:
            value = value[: len(value) * 9 // 10]
            text = _text(value)
        return text.encode("utf-16-le")[: 2 * MAX_CELL].decode("utf-16-le", "ignore")


def _text(value: Any) -> str:
    """The text of a cell, which the import reads as the value again."""
    text = cell(value)
    if not text.isprintable():
        text = _FORBIDDEN.sub("", _LINE_END.sub("\n", text))
    if "'" in text and unguard(text) != text:
        text = guard(text)
    # XlsxWriter takes a text in these tags for the XML of rich text and would insert it as it is.
    return f"{text} " if text.startswith("<r>") and text.endswith("</r>") else text


def _length(text: str) -> int:
    """The number of UTF-16 code units."""
    return len(text) if len(text) <= MAX_CELL // 2 else len(text.encode("utf-16-le", "replace")) // 2

"""Export writers: convert stored documents to JSON Lines, CSV, Parquet or an Excel workbook in constant memory."""

from __future__ import annotations

import io
import logging
from collections.abc import Sequence
from importlib.util import find_spec
from pathlib import Path
from typing import BinaryIO, Final, Generic, Literal, Protocol, TypeVar

import msgspec

from letrics.export.cells import row as csv_row
from letrics.export.flatten import Flattener, columns
from letrics.records import MALFORMED, Kind, cut_down

ExportFormat = Literal["jsonl", "csv", "parquet", "xlsx"]
FORMATS: Final[tuple[ExportFormat, ...]] = ("jsonl", "csv", "parquet")
"""The formats of a stream, such as an HTTP response: its beginning is sent before its end is known."""
FILE_FORMATS: Final[tuple[ExportFormat, ...]] = (*FORMATS, "xlsx")
"""The formats of a file. A workbook is compressed when all of its rows are known."""
Members = Sequence[str] | None
"""The record fields to write (`letrics.records.member_names`), in this order. None means all."""


PARQUET_EXTRA: Final = "letrics[parquet]"
"""The pip requirement that adds Parquet support."""
_PACKAGES: Final[dict[ExportFormat, tuple[str, str, str]]] = {
    "parquet": ("pyarrow", "Parquet requires pyarrow", PARQUET_EXTRA),
    "xlsx": ("xlsxwriter", "Excel workbooks requires XlsxWriter", "letrics[xlsx]"),
}
"""The optional package of a format: its module, what requires it, and its pip requirement."""
MAX_SHEET_RECORDS: Final = 1_048_575
"""The maximum number of records of an Excel workbook: the rows of a sheet without the header. Importing programs, this
one included, read one sheet, so the records are not split over several."""

_Encoded = TypeVar("_Encoded")
_log: Final = logging.getLogger("letrics.export")
_raw: Final = msgspec.json.Decoder(list[msgspec.Raw])
"""Checks that documents are JSON without decoding their values."""


class PackageMissing(Exception):
    """A format requires a package that is not installed. The message says how to install it."""


class TooManyRecords(Exception):
    """The export has more records than the format can hold. The message says what to do."""


class Writer(Protocol):
    """Writes encoded documents to a stream in one format."""

    def write(self, documents: Sequence[bytes]) -> None: ...

    def finish(self) -> None:
        """Write the end of the file. The stream stays open."""
        ...


class _Format(Protocol[_Encoded]):
    """Writes documents in two steps, so that a malformed document is not confused with an error of the output."""

    def encode(self, documents: Sequence[bytes]) -> _Encoded:
        """Raises one of MALFORMED where a document is malformed. Writes nothing."""
        ...

    def write(self, encoded: _Encoded) -> None:
        """Write what `encode` returned."""
        ...

    def finish(self) -> None:
        """See `Writer`."""
        ...


class _SkipMalformed(Generic[_Encoded]):
    """Skips malformed documents (truncated, or with a wrong type), so that one does not abort an export."""

    def __init__(self, format: _Format[_Encoded]) -> None:
        self._format = format

    def write(self, documents: Sequence[bytes]) -> None:
        try:
            encoded = self._format.encode(documents)
        except MALFORMED:
            if len(documents) > 1:
                for document in documents:
                    self.write([document])
            else:
                _log.error("skipped a malformed document in an export: run letrics check")
        else:
            self._format.write(encoded)

    def finish(self) -> None:
        self._format.finish()


class _JsonLines:
    def __init__(self, out: BinaryIO, members: Members) -> None:
        self._out = out
        self._members = members

    def encode(self, documents: Sequence[bytes]) -> bytes:
        if self._members is None:
            if len(_raw.decode(b"[%s]" % b",".join(documents))) != len(documents):
                raise ValueError("a document is not a single JSON value")
        else:
            documents = [cut_down(document, self._members) for document in documents]
        return b"".join(b"%s\n" % document for document in documents)

    def write(self, encoded: bytes) -> None:
        self._out.write(encoded)

    def finish(self) -> None:
        self._out.flush()


class _Csv:
    """CSV by RFC 4180, except that lines end in a line feed only."""

    def __init__(self, out: BinaryIO, kind: Kind, members: Members) -> None:
        self._row = Flattener(kind, members)
        self._text = io.TextIOWrapper(out, "utf-8", newline="", write_through=False)
        self._text.write(csv_row(columns(kind, members)))

    def encode(self, documents: Sequence[bytes]) -> str:
        return "".join([csv_row(self._row.cells(document)) for document in documents])

    def write(self, encoded: str) -> None:
        self._text.write(encoded)

    def finish(self) -> None:
        self._text.flush()
        self._text.detach()


def check_format(format: ExportFormat) -> None:
    """Raise PackageMissing if a package that the format requires is not installed."""
    module, needs, extra = _PACKAGES.get(format, ("", "", ""))
    if module and find_spec(module) is None:
        raise PackageMissing(f"writing {needs}: pip install {extra}")


def check_size(format: ExportFormat, records: int) -> None:
    """Raise TooManyRecords if a file of the format cannot hold this number of records."""
    if format == "xlsx" and records > MAX_SHEET_RECORDS:
        raise TooManyRecords(
            f"an Excel sheet holds at most {MAX_SHEET_RECORDS:,} records, and these are {records:,}: narrow the "
            "filter, or export CSV"
        )


def is_available(format: ExportFormat) -> bool:
    """Whether the packages that the format requires are installed."""
    try:
        check_format(format)
    except PackageMissing:
        return False
    return True


def make_writer(
    kind: Kind, format: ExportFormat, out: BinaryIO, members: Members = None, folder: Path | None = None
) -> Writer:
    """Create the writer of a format. Raises PackageMissing.

    The rows of a workbook are collected in files in `folder`, which the caller removes; None means the system's
    directory for temporary files.
    """
    check_format(format)
    if format == "jsonl":
        return _SkipMalformed(_JsonLines(out, members))
    if format == "csv":
        return _SkipMalformed(_Csv(out, kind, members))
    if format == "xlsx":
        from letrics.export.xlsx import XlsxWriter

        return _SkipMalformed(XlsxWriter(out, kind, members, folder))
    from letrics.export.parquet import ParquetWriter

    return _SkipMalformed(ParquetWriter(out, kind, members))

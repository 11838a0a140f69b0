"""Export writers: documents out of the store into JSON Lines, CSV or Parquet, in constant memory."""

from __future__ import annotations

import csv
import gzip
import io
import os
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any, BinaryIO, Final, Literal, Protocol, cast

from letrics.ingest.flatten import COLUMNS, flat
from letrics.ingest.rows import UnreadableFile
from letrics.records import Kind

ExportFormat = Literal["jsonl", "csv", "parquet"]
FORMATS: Final[tuple[ExportFormat, ...]] = ("jsonl", "csv", "parquet")


class Writer(Protocol):
    """Writes documents, as they are sent, to a stream."""

    def write(self, documents: Sequence[bytes]) -> None: ...

    def finish(self) -> None:
        """Write what the format has at its end. The stream stays open."""
        ...


class _JsonLines:
    def __init__(self, out: BinaryIO) -> None:
        self._out = out

    def write(self, documents: Sequence[bytes]) -> None:
        self._out.write(b"".join(b"%s\n" % document for document in documents))

    def finish(self) -> None:
        self._out.flush()


class _Csv:
    """RFC 4180 but for the line end, which is a line feed alone."""

    def __init__(self, out: BinaryIO, kind: Kind) -> None:
        self._kind = kind
        self._text = io.TextIOWrapper(out, "utf-8", newline="", write_through=False)
        self._rows = csv.writer(self._text, lineterminator="\n")
        self._rows.writerow(COLUMNS[kind])

    def write(self, documents: Sequence[bytes]) -> None:
        self._rows.writerows([flat(self._kind, document) for document in documents])

    def finish(self) -> None:
        self._text.flush()
        self._text.detach()


def make_writer(kind: Kind, format: ExportFormat, out: BinaryIO) -> Writer:
    """The writer of a format. Raises UnreadableFile where a package for it is missing."""
    if format == "jsonl":
        return _JsonLines(out)
    if format == "csv":
        return _Csv(out, kind)
    from letrics.ingest.parquet_export import ParquetWriter

    return ParquetWriter(out, kind)


def format_of(name: str) -> ExportFormat | None:
    """The format that a file's name asks for by its ending; None where it asks for none."""
    endings = [ending.lower() for ending in Path(name).suffixes if ending.lower() not in (".gz", ".zst")]
    named = {".jsonl": "jsonl", ".ndjson": "jsonl", ".csv": "csv", ".parquet": "parquet"}
    return cast("ExportFormat | None", named.get(endings[-1]) if endings else None)


@contextmanager
def written_whole(path: Path) -> Iterator[BinaryIO]:
    """A stream to the file at `path`, packed where its name ends in .gz or .zst. The file appears, or is replaced, when
    the block ends well, and not at all otherwise; what is no plain file (a pipe, a device) is written as it is."""
    if path.exists() and not path.is_file():
        with path.open("wb") as out:
            yield cast("BinaryIO", out)
        return
    part = path.with_name(f".{path.name}.{os.getpid()}.part")
    try:
        with part.open("xb") as out:
            with _packed(out, path) as packed:
                yield packed
            out.flush()
            os.fsync(out.fileno())
        part.replace(path)
    finally:
        part.unlink(missing_ok=True)


@contextmanager
def _packed(out: io.BufferedWriter, path: Path) -> Iterator[BinaryIO]:
    ending = path.suffix.lower()
    if ending == ".gz":
        with gzip.GzipFile(filename="", mode="wb", fileobj=out, compresslevel=6, mtime=0) as packed:
            yield cast("BinaryIO", packed)
    elif ending == ".zst":
        try:
            import zstandard
        except ImportError:
            raise UnreadableFile(f"{path}: writing .zst needs zstandard: pip install letrics[zstd]") from None
        with zstandard.ZstdCompressor().stream_writer(out, closefd=False) as stream:
            yield cast("BinaryIO", cast("Any", stream))
    else:
        yield cast("BinaryIO", out)

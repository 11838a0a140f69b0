"""Opening of import files: detects the format and the compression, decompresses, and reports the read position."""

from __future__ import annotations

import gzip
import io
import os
import stat
import sys
import zlib
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path
from tempfile import TemporaryFile
from typing import Any, BinaryIO, Final, Literal, cast

from letrics.ingest import parquet, zstd
from letrics.ingest.delimited import DelimitedReader
from letrics.ingest.jsonl import BOM, json_lines
from letrics.ingest.rows import DamagedFile, FileRow, UnreadableFile

Format = Literal["jsonl", "csv", "parquet"]

_GZIP: Final = b"\x1f\x8b"
"""The first bytes of a gzip file (RFC 1952)."""
_BUFFER: Final = 1 << 18
"""The size of read buffers, in bytes."""
_ENDINGS: Final[dict[str, Format]] = {
    ".jsonl": "jsonl", ".ndjson": "jsonl", ".json": "jsonl", ".csv": "csv", ".tsv": "csv", ".parquet": "parquet",
}  # fmt: skip
"""The format for each file name extension."""
_SPOOL: Final = 1 << 20
"""The number of bytes copied to a temporary file at a time."""


@dataclass(slots=True)
class Source:
    """An open file: its `rows` (JSON lines are not parsed yet), and its `columns` if the file has a header.

    `progress` returns how much of `total` has been read, in bytes of the file, or in rows for Parquet. `total` is None
    if it is not known.
    """

    name: str
    format: Format
    rows: Iterator[FileRow]
    columns: list[str] | None
    total: int | None
    progress: Callable[[], int]
    notes: list[str] = field(default_factory=list)
    _open: ExitStack = field(default_factory=ExitStack, repr=False)

    def close(self) -> None:
        self._open.close()


def open_source(path: str, stdin: BinaryIO | None = None) -> Source:
    """Open `path` (`-` is standard input) for reading rows.

    Raises UnreadableFile if the format is not supported or its package is not installed, and OSError like `open`.
    """
    name = "standard input" if path == "-" else path
    stack = ExitStack()
    try:
        return _opened(path, name, stdin, stack)
    except BaseException as error:
        stack.close()
        if isinstance(error, _damage()):
            raise UnreadableFile(f"{name}: cannot be decompressed: it is damaged or truncated") from None
        raise


def _opened(path: str, name: str, stdin: BinaryIO | None, stack: ExitStack) -> Source:
    total: int | None = None
    if path == "-":
        raw = stdin or sys.stdin.buffer
        file = cast("io.BufferedReader", raw if hasattr(raw, "peek") else io.BufferedReader(cast("Any", raw), _BUFFER))
        progress: Callable[[], int] = int
    else:
        bare = Path(path).open("rb", buffering=0)  # noqa: SIM115
        file, progress = stack.enter_context(io.BufferedReader(bare, _BUFFER)), int
        status = os.fstat(bare.fileno())
        if stat.S_ISREG(status.st_mode):
            total, progress = status.st_size, bare.tell
    stream = _decompressed(file, name, stack)
    kind = _format(Path(path), stream.peek(_BUFFER), name)
    opened = Source(name, kind, iter(()), None, total or None, progress, [], stack)
    if kind == "parquet":
        seekable = cast("BinaryIO", stream) if stream is file and total is not None else _spooled(stream, stack)
        reader = parquet.ParquetReader(seekable, name)
        opened.columns, opened.total, opened.progress = reader.columns, reader.total, lambda: reader.done
        opened.rows = iter(reader)
    elif kind == "csv":
        table = DelimitedReader(cast("BinaryIO", stream), name)
        opened.columns, opened.notes, opened.rows = table.columns, table.notes, _whole(iter(table), name)
    else:
        opened.rows = _whole(json_lines(cast("BinaryIO", stream)), name)
    return opened


def _format(path: Path, head: bytes, name: str) -> Format:
    """Detect the format: Parquet by the first bytes, otherwise by file name extension or the first character."""
    if head.startswith((b"\xff\xfe", b"\xfe\xff")):
        raise UnreadableFile(f"{name}: is UTF-16: save it as UTF-8")
    if head.startswith(b"PK\x03\x04"):
        raise UnreadableFile(f"{name}: is a ZIP archive or a spreadsheet: extract it, or save the sheet as CSV")
    endings = [ending.lower() for ending in path.suffixes if ending.lower() not in (".gz", ".zst")]
    named = _ENDINGS.get(endings[-1]) if endings else None
    if head.startswith(parquet.MAGIC):
        return "parquet"
    if named == "parquet":
        raise UnreadableFile(f"{name}: is not a Parquet file: its first bytes are not {parquet.MAGIC.decode()}")
    first = head.removeprefix(BOM).lstrip()[:1]
    if first == b"[" and named != "csv":
        raise UnreadableFile(f"{name}: is a JSON array: write one object per line (jq -c '.[]' converts it)")
    return named or ("jsonl" if first == b"{" else "csv")


def _decompressed(file: io.BufferedReader, name: str, stack: ExitStack) -> io.BufferedReader:
    head = file.peek(4)
    if head.startswith(_GZIP):
        return stack.enter_context(io.BufferedReader(cast("Any", gzip.GzipFile(fileobj=file)), _BUFFER))
    if head.startswith(zstd.MAGIC):
        return stack.enter_context(io.BufferedReader(zstd.ZstdFile(cast("BinaryIO", file), name), _BUFFER))
    return file


def _spooled(stream: io.BufferedReader, stack: ExitStack) -> BinaryIO:
    """Copy the stream to a temporary file, because Parquet is read from its end and needs a seekable file."""
    spool = stack.enter_context(TemporaryFile())  # noqa: SIM115
    while part := stream.read(_SPOOL):
        spool.write(part)
    spool.seek(0)
    return cast("BinaryIO", spool)


def _damage() -> tuple[type[Exception], ...]:
    kinds: tuple[type[Exception], ...] = (EOFError, zlib.error, gzip.BadGzipFile)
    try:
        import zstandard
    except ImportError:
        return kinds
    return (*kinds, zstandard.ZstdError)


def _whole(rows: Iterator[FileRow], name: str) -> Iterator[FileRow]:
    """Yield the rows. Raises DamagedFile after the last intact row if the rest cannot be decompressed."""
    line = 0
    try:
        for row in rows:
            line = row.line
            yield row
    except _damage():
        raise DamagedFile(f"{name}: the file is truncated or damaged after line {line:,}") from None

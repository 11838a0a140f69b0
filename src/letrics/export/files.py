"""Files to export to: the format their name asks for, packed where it says so, and whole or not there at all."""

from __future__ import annotations

import gzip
import io
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, BinaryIO, cast

from letrics.export.writers import ExportFormat, PackageMissing


def format_of(name: str) -> ExportFormat | None:
    """The format that a file's name asks for by its ending; None where it asks for none."""
    endings = [ending.lower() for ending in Path(name).suffixes if ending.lower() not in (".gz", ".zst")]
    named = {".jsonl": "jsonl", ".ndjson": "jsonl", ".csv": "csv", ".parquet": "parquet"}
    return cast("ExportFormat | None", named.get(endings[-1]) if endings else None)


@contextmanager
def written_whole(path: Path) -> Iterator[BinaryIO]:
    """A stream to the file at `path`, packed where its name ends in .gz or .zst. The file appears, or is replaced, when
    the block ends well, and not at all otherwise; what is no plain file (a pipe, a device) is written as it is.

    Raises PackageMissing.
    """
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
            raise PackageMissing(f"{path}: writing .zst needs zstandard: pip install letrics[zstd]") from None
        with zstandard.ZstdCompressor().stream_writer(out, closefd=False) as stream:
            yield cast("BinaryIO", cast("Any", stream))
    else:
        yield cast("BinaryIO", out)

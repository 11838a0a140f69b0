"""Export files: chooses format and compression by the file name, and replaces files atomically."""

from __future__ import annotations

import fcntl
import glob
import gzip
import io
import os
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from shutil import rmtree
from tempfile import TemporaryDirectory
from typing import Any, BinaryIO, Final, cast

from letrics.export.writers import ExportFormat, PackageMissing

SUFFIXES: Final[dict[str, ExportFormat]] = {
    ".jsonl": "jsonl",
    ".ndjson": "jsonl",
    ".csv": "csv",
    ".parquet": "parquet",
    ".xlsx": "xlsx",
}
"""The format of a file by the suffix of its name."""


def choose_format(name: str, given: ExportFormat | None) -> ExportFormat:
    """Choose the format of the file `name`: `given`, else the format of its suffix, else JSON Lines without a suffix.

    Raises ValueError if the suffix is unknown and no format is given, or if the suffix contradicts `given`.
    """
    suffixes = [suffix.lower() for suffix in Path(name).suffixes if suffix.lower() not in (".gz", ".zst")]
    if not suffixes:
        return given or "jsonl"
    named = SUFFIXES.get(suffixes[-1])
    if given is None and named is None:
        raise ValueError(
            f"{suffixes[-1]} files are not supported: use the suffix {', '.join(SUFFIXES)} (each also with .gz or "
            f".zst), or choose the format with --format"
        )
    if given is not None and named not in (None, given):
        raise ValueError(
            f"the file name means {named} but --format is {given}: omit --format, or use the suffix "
            f"{next(suffix for suffix, format in SUFFIXES.items() if format == given)}"
        )
    return given or named or "jsonl"


@contextmanager
def written_whole(path: Path) -> Iterator[BinaryIO]:
    """Open a stream to the file at `path`, compressed if its name ends in .gz or .zst.

    The file is created or replaced when the block ends without an error, and unchanged otherwise. A pipe or a device is
    written directly. Raises PackageMissing.
    """
    if path.exists() and not path.is_file():
        with path.open("wb") as out:
            yield cast("BinaryIO", out)
        return
    _remove_parts(path)
    part = path.with_name(f".{path.name}.{os.getpid()}.part")
    try:
        with part.open("wb") as out:
            fcntl.flock(out, fcntl.LOCK_EX | fcntl.LOCK_NB)
            with _compressed(out, path) as stream:
                yield stream
            out.flush()
            os.fsync(out.fileno())
        part.replace(path)
    finally:
        part.unlink(missing_ok=True)


@contextmanager
def temporary_folder(path: Path | None) -> Iterator[Path]:
    """Make a folder for temporary files with records, next to the file `path` that they become part of, and remove it.

    Without a path, it is in the system's directory for temporary files. Only the user can read it.
    """
    if path is None or (path.exists() and not path.is_file()):
        with TemporaryDirectory(prefix="letrics-") as made:
            yield Path(made)
        return
    folder = path.with_name(f".{path.name}.rows.{os.getpid()}.part")
    rmtree(folder, ignore_errors=True)  # of a killed process with the same number, such as 1 in a container
    folder.mkdir(0o700)
    try:
        yield folder
    finally:
        rmtree(folder, ignore_errors=True)


def _remove_parts(path: Path) -> None:
    """Remove the parts and temporary folders of this file that killed exports left: no process has locked them, or has
    their number."""
    escaped = glob.escape(path.name)
    for part in path.parent.glob(f".{escaped}.*.part"):
        number = part.name.removesuffix(".part").rpartition(".")[2]
        with suppress(OSError):
            if number.isdigit() and not Path(f"/proc/{number}").exists():
                if part.is_dir() and not part.is_symlink():
                    rmtree(part)
                    continue
                with part.open("rb") as opened:
                    fcntl.flock(opened, fcntl.LOCK_EX | fcntl.LOCK_NB)
                    part.unlink()


@contextmanager
def _compressed(out: io.BufferedWriter, path: Path) -> Iterator[BinaryIO]:
    ending = path.suffix.lower()
    if ending == ".gz":
        with gzip.GzipFile(filename="", mode="wb", fileobj=out, compresslevel=6, mtime=0) as compressed:
            yield cast("BinaryIO", compressed)
    elif ending == ".zst":
        try:
            import zstandard
        except ImportError:
            raise PackageMissing(f"{path}: writing .zst needs zstandard: pip install letrics[zstd]") from None
        with zstandard.ZstdCompressor().stream_writer(out, closefd=False) as stream:
            yield cast("BinaryIO", cast("Any", stream))
    else:
        yield cast("BinaryIO", out)

"""Files inside other files: gzip, Zstandard and ZIP. Other archives are refused with the command that extracts them.

A format is recognised by its first bytes, whatever the name of the file.
"""

from __future__ import annotations

import gzip
import io
import re
import zipfile
import zlib
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import PurePath
from typing import BinaryIO, Final, cast

from letrics.ingest import excel, zstd
from letrics.ingest.expansion import DEFAULT_LIMITS, ExpansionLimits, LimitedStream
from letrics.ingest.input_file import BUFFER, InputFile
from letrics.ingest.rows import UnreadableFile
from letrics.ingest.zip_archive import open_archive, open_member

_GZIP: Final = b"\x1f\x8b"
"""The first bytes of a gzip file (RFC 1952)."""
_ZIP: Final = (b"PK\x03\x04", b"PK\x05\x06")
"""The first bytes of a ZIP archive, and of an empty one."""
_OTHERS: Final = (
    (re.compile(rb".{257}ustar", re.DOTALL), "a tar archive", "tar -xf"),
    (re.compile(rb"BZh[1-9]1AY&SY"), "a bzip2 file", "bunzip2"),
    (re.compile(rb"\xfd7zXZ\x00"), "an xz file", "unxz"),
    (re.compile(rb"7z\xbc\xaf\x27\x1c"), "a 7z archive", "7z x"),
    (re.compile(rb"Rar!\x1a\x07"), "a RAR archive", "unrar x"),
)
"""What the formats that are not read begin with, their names, and the commands that extract them."""
_NO_TABLES: Final = (
    (b"%PDF-", "a PDF document"),
    (b"\x89PNG\r\n", "an image"),
    (b"\xff\xd8\xff", "an image"),
    (b"GIF8", "an image"),
    (b"{\\rtf", "a text document"),
    (b"SQLite format 3\x00", "an SQLite database"),
)
"""What files begin with that people take for tables, or pick by mistake, and their names."""
_MAX_LAYERS: Final = 4
"""The maximum number of files inside each other."""
_LISTED: Final = 5
"""The maximum number of files of an archive that an error names."""


@dataclass(slots=True)
class OpenedInput:
    """The innermost file: its stream at the start, its path, and the read position in the outermost file.

    `seekable` says that the stream is that of the file itself. `workbook` says that it is a workbook of Excel.
    """

    stream: io.BufferedReader
    path: PurePath
    progress: Callable[[], int]
    seekable: bool
    workbook: bool = False


def open_innermost(file: InputFile, remember: bool = False, limits: ExpansionLimits = DEFAULT_LIMITS) -> OpenedInput:
    """Open the file inside the containers of `file`. With `remember`, a pipe can be read once more.

    A pipe of a format that is not read from its start is copied to a temporary file. Raises UnreadableFile, the
    exceptions of `damage`, and OSError. The stream raises TooExpanded beyond the limits.
    """
    stream, progress = file.stream(remember)
    opened = OpenedInput(stream, PurePath(file.path), progress, file.size is not None)
    for _ in range(_MAX_LAYERS):
        head = opened.stream.peek(BUFFER)
        if head.startswith(_GZIP):
            unpacked = cast("BinaryIO", gzip.GzipFile(fileobj=opened.stream, mode="rb"))
            opened.stream = _limited(unpacked, file, limits)
            opened.seekable = False
        elif head.startswith(zstd.MAGIC):
            frames = zstd.ZstdFile(cast("BinaryIO", opened.stream), file.name)
            opened.stream = _limited(cast("BinaryIO", frames), file, limits)
            opened.seekable = False
        elif head.startswith(_ZIP):
            make_seekable(file, opened)
            archive = open_archive(cast("BinaryIO", opened.stream))
            if excel.is_workbook(archive):
                opened.workbook = True
                return opened
            member = _only_member(archive, file.name)
            opened.stream = _limited(open_member(archive, member), file, limits)
            opened.path, opened.seekable = PurePath(member.filename), False
        elif head.startswith(excel.OLE):
            make_seekable(file, opened)
            opened.workbook = True
            return opened
        else:
            _refuse_archive(head, file.name)
            return opened
    raise UnreadableFile(f"{file.name}: has more than {_MAX_LAYERS} compressed files inside each other: extract it")


def _limited(stream: BinaryIO, file: InputFile, limits: ExpansionLimits) -> io.BufferedReader:
    return io.BufferedReader(LimitedStream(stream, file.position, file.name, limits), BUFFER)


def make_seekable(file: InputFile, opened: OpenedInput) -> None:
    """Copy the stream to a temporary file, which replaces `file`, unless it is already the stream of a file."""
    if not opened.seekable:
        file.spool(cast("BinaryIO", opened.stream))
    opened.stream, opened.progress = file.stream()
    opened.seekable = True


def damage() -> tuple[type[Exception], ...]:
    """Return the exceptions that reading a damaged or truncated container raises."""
    kinds: tuple[type[Exception], ...] = (EOFError, zlib.error, gzip.BadGzipFile, zipfile.BadZipFile)
    try:
        import zstandard
    except ImportError:
        return kinds
    return (*kinds, zstandard.ZstdError)


def _only_member(archive: zipfile.ZipFile, name: str) -> zipfile.ZipInfo:
    """Return the only file in an archive. Raises UnreadableFile."""
    members = [member for member in archive.infolist() if not _is_hidden(member)]
    if not members:
        raise UnreadableFile(f"{name}: is a ZIP archive without a file")
    if len(members) > 1:
        listed = ", ".join(member.filename[:100] for member in members[:_LISTED])
        more = f" and {len(members) - _LISTED:,} more" if len(members) > _LISTED else ""
        raise UnreadableFile(
            f"{name}: is a ZIP archive of {len(members):,} files ({listed}{more}): extract it and pass the files"
        )
    (member,) = members
    if member.flag_bits & 1:
        raise UnreadableFile(f"{name}: is protected by a password: extract it")
    if member.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
        raise UnreadableFile(f"{name}: is compressed by a method that is not supported: extract it")
    return member


def _is_hidden(member: zipfile.ZipInfo) -> bool:
    """Return whether a member of an archive is a directory, or a file that macOS added."""
    path = PurePath(member.filename)
    return member.is_dir() or "__MACOSX" in path.parts or path.name.startswith("._") or path.name == ".DS_Store"


def _refuse_archive(head: bytes, name: str) -> None:
    """Raise UnreadableFile if the file is an archive that is not read, or has no table."""
    for first, kind, command in _OTHERS:
        if first.match(head):
            raise UnreadableFile(f"{name}: is {kind}: extract it ({command} FILE) and pass the files")
    for start, kind in _NO_TABLES:
        if head.startswith(start):
            raise UnreadableFile(f"{name}: is {kind}: export its table as CSV, or choose another file")

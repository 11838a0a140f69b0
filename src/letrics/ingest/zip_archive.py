"""ZIP archives, of which every kind of damage is a BadZipFile.

The standard library raises several other exceptions for archives with changed bytes.
"""

from __future__ import annotations

import struct
import zipfile
from typing import BinaryIO, Final, cast

_DAMAGE: Final = (NotImplementedError, RuntimeError, ValueError, OverflowError, EOFError, struct.error)
"""What the standard library raises for a damaged archive, besides BadZipFile."""


def open_archive(stream: BinaryIO) -> zipfile.ZipFile:
    """Open an archive. Raises BadZipFile and OSError."""
    try:
        archive = zipfile.ZipFile(stream)
    except _DAMAGE as error:
        raise zipfile.BadZipFile(str(error)) from None
    if any(member.header_offset < 0 for member in archive.infolist()):
        raise zipfile.BadZipFile("a member is before the start of the file")
    return archive


def open_member(archive: zipfile.ZipFile, member: zipfile.ZipInfo) -> BinaryIO:
    """Open a member for reading. Raises BadZipFile and OSError."""
    try:
        return cast("BinaryIO", archive.open(member))
    except _DAMAGE as error:
        raise zipfile.BadZipFile(str(error)) from None

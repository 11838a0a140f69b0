"""Zstandard streams (RFC 8878) read by zstandard (the extra `zstd`), with an error where one is cut off.

The package's own stream reader ends quietly where the file ends in the middle of a frame, which would lose rows.
"""

from __future__ import annotations

import io
from typing import TYPE_CHECKING, BinaryIO, Final

from letrics.ingest.rows import UnreadableFile

if TYPE_CHECKING:
    from typing_extensions import Buffer

MAGIC: Final = b"\x28\xb5\x2f\xfd"
_PART: Final = 1024
"""Compressed bytes decompressed at once. Four may stand for 128 KiB, so that these give at most 32 MiB."""


class ZstdFile(io.RawIOBase):
    """The unpacked bytes of a stream of frames. Raises EOFError where the last frame is not whole."""

    def __init__(self, packed: BinaryIO, name: str) -> None:
        try:
            import zstandard
        except ImportError:
            raise UnreadableFile(f"{name}: reading .zst needs zstandard: pip install letrics[zstd]") from None
        self._packed = packed
        self._make = zstandard.ZstdDecompressor().decompressobj
        self._frame = self._make()
        self._begun = False
        self._ready = memoryview(b"")

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Buffer) -> int:
        view = memoryview(buffer).cast("B")
        while not self._ready:
            if not self._more():
                return 0
        size = min(len(view), len(self._ready))
        view[:size] = self._ready[:size]
        self._ready = self._ready[size:]
        return size

    def _more(self) -> bool:
        """Unpack the next part; False at the end."""
        if self._frame.eof:
            part = self._frame.unused_data
            self._frame = self._make()
            self._begun = False
            part = part or self._packed.read(_PART)
        else:
            part = self._packed.read(_PART)
        if not part:
            if self._begun:
                raise EOFError("compressed file ended before its last frame did")
            return False
        self._begun = True
        self._ready = memoryview(self._frame.decompress(part))
        return True

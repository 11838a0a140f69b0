"""Zstandard streams (RFC 8878), read with zstandard (the extra `zstd`), with an error for truncated streams.

The package's own stream reader reports no error if the file ends in the middle of a frame, which would lose rows.
"""

from __future__ import annotations

import io
from typing import TYPE_CHECKING, BinaryIO, Final

from letrics.ingest.rows import UnreadableFile

if TYPE_CHECKING:
    from typing_extensions import Buffer

MAGIC: Final = b"\x28\xb5\x2f\xfd"
"""The first bytes of a Zstandard frame."""
_PART: Final = 1024
"""The number of compressed bytes decompressed at a time.

Four bytes can encode 128 KiB, so a part decompresses to at most 32 MiB.
"""


class ZstdFile(io.RawIOBase):
    """Readable file of the decompressed bytes of a stream of frames. Raises EOFError if the last frame is truncated."""

    def __init__(self, compressed: BinaryIO, name: str) -> None:
        try:
            import zstandard
        except ImportError:
            raise UnreadableFile(f"{name}: reading .zst needs zstandard: pip install letrics[zstd]") from None
        self._compressed = compressed
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
        """Decompress the next part. Returns False at the end of the stream."""
        if self._frame.eof:
            part = self._frame.unused_data
            self._frame = self._make()
            self._begun = False
            part = part or self._compressed.read(_PART)
        else:
            part = self._compressed.read(_PART)
        if not part:
            if self._begun:
                raise EOFError("the compressed file ends in the middle of a frame")
            return False
        self._begun = True
        self._ready = memoryview(self._frame.decompress(part))
        return True

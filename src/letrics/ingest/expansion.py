"""A limit on how much larger than its compressed form a file may become: a bomb of a megabyte can hold a terabyte."""

from __future__ import annotations

import io
from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, BinaryIO, Final, cast

from letrics.ingest.rows import DamagedFile

if TYPE_CHECKING:
    from typing_extensions import Buffer


@dataclass(frozen=True, slots=True)
class ExpansionLimits:
    """A stream of more than `free_bytes` may have at most `ratio` bytes for each byte that was read of the file.

    Tables compress to 10 %, sparse ones to 1 %. The maximum ratio of gzip is 1,032, that of Zstandard is
    30,000, and files inside each other multiply theirs.
    """

    free_bytes: int = 1 << 30
    ratio: int = 200


DEFAULT_LIMITS: Final = ExpansionLimits()


class TooExpanded(DamagedFile):
    """A compressed file is much larger than its compressed form."""


class LimitedStream(io.RawIOBase):
    """The decompressed bytes of `stream`. Raises TooExpanded beyond the limits.

    `progress` returns the number of bytes that were read of the compressed file.
    """

    def __init__(
        self, stream: BinaryIO, progress: Callable[[], int], name: str, limits: ExpansionLimits = DEFAULT_LIMITS
    ) -> None:
        self._stream = stream
        self._progress = progress
        self._name = name
        self._limits = limits
        self._size = 0

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Buffer) -> int:
        size: int = cast("io.BufferedIOBase", self._stream).readinto(buffer)
        self._size += size
        limits = self._limits
        if self._size > limits.free_bytes and self._size > limits.ratio * self._progress():
            raise TooExpanded(
                f"{self._name}: is more than {limits.ratio} times as large as its compressed form, and larger than "
                f"{limits.free_bytes >> 20:,} MiB: extract it, and pass the file if it is what you expect"
            )
        return size

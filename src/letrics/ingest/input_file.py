"""Import files that are opened once and read from the start as often as needed, also by another process."""

from __future__ import annotations

import errno
import io
import os
import select
import stat
import sys
from collections.abc import Callable
from contextlib import ExitStack
from functools import partial
from pathlib import Path
from tempfile import TemporaryFile
from typing import TYPE_CHECKING, BinaryIO, Final, Self, cast

if TYPE_CHECKING:
    from typing_extensions import Buffer

BUFFER: Final = 1 << 18
"""The size of read buffers, in bytes."""
_PATIENCE_MS: Final = 100
"""How many milliseconds a pipe may bring nothing before it counts as slow."""
_SPOOL: Final = 1 << 20
"""The number of bytes copied to a temporary file at a time."""


class InputFile:
    """An open file, pipe or stream of bytes. `path` is `-` for standard input.

    A file is rewound to be read again. A pipe cannot be, so the bytes that were read of it before the import starts are
    remembered: `prefix`. `size` is None for a pipe. `position` returns the number of bytes that were read.
    """

    def __init__(self, path: str, raw: BinaryIO, prefix: bytes = b"", size: int | None = None) -> None:
        self.path = path
        self.name = "standard input" if path == "-" else path
        self.size = size
        self._raw = raw
        self._prefix = bytearray(prefix)
        self._remembers = False
        self._open = ExitStack()
        self.position: Callable[[], int] = int

    @classmethod
    def open(cls, path: str, stdin: BinaryIO | None = None) -> Self:
        """Open the file at `path`. Raises OSError, also for a device such as `/dev/zero`, which has no end."""
        if path == "-":
            return cls(path, stdin or cast("BinaryIO", getattr(sys.stdin.buffer, "raw", sys.stdin.buffer)))
        raw = cast("BinaryIO", Path(path).open("rb", buffering=0))  # noqa: SIM115
        status = os.fstat(raw.fileno())
        if _is_device(status, raw):
            raw.close()
            raise OSError(errno.EINVAL, "is a device, not a file", path)
        file = cls(path, raw, size=status.st_size if stat.S_ISREG(status.st_mode) else None)
        file._open.enter_context(raw)
        return file

    @property
    def prefix(self) -> bytes:
        """The bytes of a pipe that were read already."""
        return bytes(self._prefix)

    def descriptor(self) -> int | None:
        """Return the descriptor, at the start of a file or after `prefix`. None if there is no descriptor."""
        try:
            descriptor = self._raw.fileno()
        except OSError:
            return None
        if self.size is not None:
            os.lseek(descriptor, 0, os.SEEK_SET)
        return descriptor

    def is_longer(self, size: int) -> bool:
        """Return whether the file has more than `size` bytes. Reads at most one buffer more of a pipe.

        False as well for a pipe that brings them slowly: its rows are not to wait for later ones.
        """
        if self.size is not None:
            return self.size > size
        poll, descriptor = select.poll(), self.descriptor()
        if descriptor is not None:
            poll.register(descriptor, select.POLLIN)
        while len(self._prefix) <= size:
            if descriptor is not None and not poll.poll(_PATIENCE_MS):
                return False
            part = self._raw.read(BUFFER)
            if not part:
                return False
            self._prefix += part
        return True

    def stream(self, remember: bool = False) -> tuple[io.BufferedReader, Callable[[], int]]:
        """Return a stream that begins at the start of the file, and a function that returns the read position (0 for a
        pipe). With `remember`, a pipe can be read from the start once more."""
        descriptor = None if self.size is None else self.descriptor()
        if descriptor is not None:
            self.position = partial(os.lseek, descriptor, 0, os.SEEK_CUR)
            return _buffered(io.FileIO(descriptor, closefd=False)), self.position
        self._remembers = remember
        pipe = _Pipe(self)
        self.position = lambda: pipe.place
        return _buffered(pipe), int

    def read_pipe(self, place: int, size: int) -> bytes:
        """Return up to `size` bytes of the pipe from `place`, which is in the prefix or at the end of what was read."""
        part = bytes(self._prefix[place : place + size])
        if not part:
            part = self._raw.read(size) or b""
            if self._remembers:
                self._prefix += part
        return part

    def spool(self, stream: BinaryIO) -> None:
        """Replace the file by a temporary one with the bytes of `stream`, which reads this file."""
        self._remembers = False
        spool = self._open.enter_context(TemporaryFile(buffering=0))  # noqa: SIM115
        while part := stream.read(_SPOOL):
            spool.write(part)
        self._raw, self.size = cast("BinaryIO", spool), spool.tell()
        self._prefix.clear()

    def close(self) -> None:
        """Close the file, unless it is standard input."""
        self._open.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()


def _is_device(status: os.stat_result, raw: BinaryIO) -> bool:
    """Return whether a file is a device other than a terminal and the empty one."""
    if not (stat.S_ISCHR(status.st_mode) or stat.S_ISBLK(status.st_mode)) or raw.isatty():
        return False
    return not os.path.samestat(status, os.stat(os.devnull))  # noqa: PTH116


def _buffered(raw: io.RawIOBase) -> io.BufferedReader:
    return io.BufferedReader(raw, BUFFER)


class _Pipe(io.RawIOBase):
    """Reads a pipe from its start."""

    def __init__(self, file: InputFile) -> None:
        self._file = file
        self.place = 0

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Buffer) -> int:
        view = memoryview(buffer).cast("B")
        part = self._file.read_pipe(self.place, len(view))
        self.place += len(part)
        view[: len(part)] = part
        return len(part)

"""Positions of followers: how far each server process of this machine has applied the log, for those that write it.

Each process keeps its position in a file of the directory `followers` of the home, which it locks. A file without a
lock was left by a process that was killed, and is removed.
"""

from __future__ import annotations

import fcntl
import os
import secrets
import struct
from contextlib import suppress
from pathlib import Path
from typing import Final

_SEQ: Final = struct.Struct("<q")
"""The form of a position: a seq of the log."""


class PositionFile:
    """The position of this process in `directory`. Nothing is written if the directory cannot be written."""

    def __init__(self, directory: Path) -> None:
        self._directory = directory
        self._file: tuple[int, Path] | None = None
        """The descriptor and the path, once there was a position."""

    def put(self, seq: int) -> None:
        """Replace the position."""
        with suppress(OSError):
            self._file = self._file or self._create()
            os.pwrite(self._file[0], _SEQ.pack(seq), 0)

    def remove(self) -> None:
        """Remove the file until the next `put`."""
        if self._file is not None:
            descriptor, path = self._file
            with suppress(OSError):
                path.unlink()
            os.close(descriptor)
            self._file = None

    def _create(self) -> tuple[int, Path]:
        self._directory.mkdir(mode=0o700, exist_ok=True)
        # Processes of two containers may have the same number.
        path = self._directory / f"{os.getpid()}.{secrets.token_hex(4)}"
        descriptor = os.open(path, os.O_RDWR | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, 0o600)
        fcntl.flock(descriptor, fcntl.LOCK_EX)
        return descriptor, path


def slowest_position(directory: Path) -> int | None:
    """The lowest seq that a follower has applied. None if no follower keeps its position in `directory`."""
    try:
        files = list(directory.iterdir())
    except OSError:
        return None
    return min((seq for seq in map(_live_position, files) if seq is not None), default=None)


def _live_position(path: Path) -> int | None:
    """The position in a file, None if it has none yet or its process has ended."""
    try:
        descriptor = os.open(path, os.O_RDONLY | os.O_CLOEXEC | os.O_NOFOLLOW)
    except OSError:
        return None
    try:
        try:
            fcntl.flock(descriptor, fcntl.LOCK_SH | fcntl.LOCK_NB)
        except BlockingIOError:
            content = os.pread(descriptor, _SEQ.size, 0)
            return _SEQ.unpack(content)[0] if len(content) == _SEQ.size else None
        if os.fstat(descriptor).st_size:  # one that is being made is locked in a moment
            path.unlink()
        return None
    except OSError:
        return None
    finally:
        os.close(descriptor)

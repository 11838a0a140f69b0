"""A file of JSON Lines that several processes of one host append to, replaced by a new one when it is large.

Only its owner can read it. Older files are `security.log.1` (the newest) to `security.log.9`.
"""

from __future__ import annotations

import errno
import fcntl
import os
import stat
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

OLDER_FILES: Final = 9
"""The number of older files that stay."""
_MODE: Final = 0o600
"""The mode of the files: only the owner reads and writes."""


class SecurityFile:
    """The file at `path`. A line is written whole, or not at all if the disk is full."""

    def __init__(self, path: Path, max_bytes: int) -> None:
        self._path = path
        self._max_bytes = max_bytes

    def append(self, line: bytes) -> None:
        """Append one line. Raises OSError, also if something that is not a regular file is at the path."""
        with self._locked() as descriptor:
            size = os.fstat(descriptor).st_size
            written = os.write(descriptor, line)
            if written != len(line):  # the disk became full
                os.ftruncate(descriptor, size)
                raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC), str(self._path))
            if size + written >= self._max_bytes:
                self._replace()

    @contextmanager
    def _locked(self) -> Iterator[int]:
        """The descriptor of the file that is at the path, locked: another process may replace it at any moment."""
        while True:
            descriptor = self._open()
            try:
                fcntl.flock(descriptor, fcntl.LOCK_EX)
                if self._is_current(descriptor):
                    yield descriptor
                    return
            finally:
                os.close(descriptor)

    def _open(self) -> int:
        flags = os.O_WRONLY | os.O_APPEND | os.O_CREAT | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC
        descriptor = os.open(self._path, flags, _MODE)
        try:
            found = os.fstat(descriptor)
            if not stat.S_ISREG(found.st_mode):
                raise OSError(errno.EINVAL, "is not a regular file", str(self._path))
            if stat.S_IMODE(found.st_mode) != _MODE and found.st_uid == os.geteuid():
                os.fchmod(descriptor, _MODE)
            if os.geteuid() == 0:  # a command of root must not leave a file that the server cannot write
                home = self._path.parent.stat()
                os.fchown(descriptor, home.st_uid, home.st_gid)
        except BaseException:
            os.close(descriptor)
            raise
        return descriptor

    def _is_current(self, descriptor: int) -> bool:
        try:
            return os.path.samestat(os.fstat(descriptor), self._path.stat(follow_symlinks=False))
        except FileNotFoundError:
            return False

    def _replace(self) -> None:
        """Rename the file, which is locked, and drop the oldest one. The next line creates a new one."""
        for number in range(OLDER_FILES, 0, -1):
            older = self._older(number - 1)
            if older.exists():
                older.replace(self._older(number))

    def _older(self, number: int) -> Path:
        return self._path if number == 0 else self._path.with_name(f"{self._path.name}.{number}")

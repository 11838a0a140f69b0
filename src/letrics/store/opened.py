"""Detect whether the file of an open connection is still the one at its path.

SQLite continues to read and write a file that was renamed or deleted, so a process that keeps a connection open has to
check. The check is one `stat` call, about 2 µs.
"""

from __future__ import annotations

import ctypes
import fcntl
import os
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Final

import apsw

from letrics.store.base import StoreAway, StoreRemoved, StoreReplaced

Stamp = tuple[int, int]
"""The device and the inode number of a file."""

_RETIRE_WAIT_MS: Final = 500
"""Milliseconds that `close` waits for the database lock before it removes the log with pages left uncopied."""

_lock: Final = threading.Lock()
_open: Final[set[OpenedFile]] = set()
"""The files that this process has open."""
_stale: Final[set[OpenedFile]] = set()
"""Files to close once their log can be removed. Until then their connection stays open, so that no other log gets the
same inode number."""

_LOCK_ATTEMPTS: Final = 20
"""How often the lock of the directory is tried. Letrics itself holds it for well under a millisecond."""
_LOCK_PAUSE_SECONDS: Final = 0.01
"""Pause in seconds between two attempts. Requests wait meanwhile."""


class OpenedFile:
    """The file that `connection` has open. Raises StoreReplaced if it is no longer the one at the path."""

    def __init__(self, path: Path, connection: apsw.Connection) -> None:
        self._path = path
        self._connection = connection
        found = _stamp(path)
        if found is None or has_moved(connection):
            raise _replaced(path, found)
        self.stamp: Final[Stamp] = found
        self._wal = _stamp(_with_suffix(path, "-wal"))
        with _lock:
            _open.add(self)

    def check(self) -> None:
        """Raise StoreRemoved or StoreReplaced unless the file is still the one at its path."""
        found = _stamp(self._path)
        if found != self.stamp:
            raise _replaced(self._path, found)

    def close(self) -> None:
        """Close the connection. Repeated calls do nothing.

        If another file is at the path, this copies the pages of the write-ahead log into the file they belong to,
        wherever that file is now, and removes the log. A file that was removed but not replaced keeps its log, because
        it may come back.
        """
        with _lock:
            if self not in _open:
                return
            _open.remove(self)
        if self._is_replaced() and not self._connection.readonly("main"):
            with suppress(apsw.Error):
                self._connection.set_busy_timeout(_RETIRE_WAIT_MS)
                self._connection.wal_checkpoint(mode=apsw.SQLITE_CHECKPOINT_PASSIVE)
            try:
                self.remove_log()
            except StoreAway:
                with _lock:
                    _stale.add(self)
                return
        self.close_connection()

    def close_connection(self) -> None:
        self._connection.close()

    def remove_log(self) -> None:
        """Remove the write-ahead log of this file if another file is at the path.

        Raises StoreAway if another program has locked the directory.
        """
        if not self._is_replaced() or self._wal is None or _stamp(_with_suffix(self._path, "-wal")) != self._wal:
            return
        with _directory_lock(self._path.parent):
            if _stamp(_with_suffix(self._path, "-wal")) == self._wal:
                for end in ("-wal", "-shm"):
                    with suppress(FileNotFoundError):
                        _with_suffix(self._path, end).unlink()

    def _is_replaced(self) -> bool:
        return _stamp(self._path) not in (None, self.stamp)

    def is_at(self, path: Path) -> bool:
        return self._path == path


def remove_stale_log(path: Path) -> None:
    """Remove the write-ahead log of a file that was at `path` before. Call it before a database is opened.

    SQLite finds a write-ahead log by its name alone: with the log of another file it would read a mixture of both, and
    write that into the new file. Raises StoreAway if another program has locked the directory.
    """
    with _lock:
        there = [opened for opened in _open | _stale if opened.is_at(path)]
    for opened in there:
        opened.remove_log()
        with _lock:
            closing = opened in _stale
            _stale.discard(opened)
        if closing:
            opened.close_connection()


def has_moved(connection: apsw.Connection) -> bool:
    """Whether SQLite reports that the file of the connection is no longer the one at its path."""
    moved = ctypes.c_int(0)
    connection.file_control("main", apsw.SQLITE_FCNTL_HAS_MOVED, ctypes.addressof(moved))
    return bool(moved.value)


def _stamp(path: Path) -> Stamp | None:
    try:
        found = path.stat()
    except FileNotFoundError:
        return None
    return found.st_dev, found.st_ino


def _with_suffix(path: Path, suffix: str) -> Path:
    return path.with_name(path.name + suffix)


def _replaced(path: Path, found: Stamp | None) -> StoreReplaced:
    if found is None:
        return StoreRemoved(f"{path} was removed while it was in use")
    return StoreReplaced(f"{path} was replaced by another file while it was in use")


@contextmanager
def _directory_lock(directory: Path) -> Iterator[None]:
    """Hold a lock so that no other process of this program removes files in the directory. Raises StoreAway if another
    program holds it."""
    descriptor = os.open(directory, os.O_RDONLY | os.O_CLOEXEC)
    try:
        for _ in range(_LOCK_ATTEMPTS):
            with suppress(BlockingIOError):
                fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
                break
            time.sleep(_LOCK_PAUSE_SECONDS)
        else:
            raise StoreAway(f"{directory} is locked by another program: it must not lock the directory of the data")
        yield
    finally:
        os.close(descriptor)

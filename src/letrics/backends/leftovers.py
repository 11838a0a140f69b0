"""Removes what killed processes of this program left, and nothing that a live process uses.

| what | left by | how a live one is known |
|---|---|---|
| `index/bitmap.snapshot.*.new` | a process that saved the index | it holds the lock of the index |
| `.engine.sock.*` | a server that offered its engine | it exists for a moment: older ones are left over |
| `letrics-*` in the directory for temporary files | servers (metrics) and previews | each locks its directory |
| `followers/*` | servers | each locks its file; imports remove the others |
| `uploads/*` | servers and imports | see `letrics.api.import_jobs`, which removes them |
| `.NAME.*.part` next to an export | `letrics export` | see `letrics.export.files`, which removes them |

Nothing else stays: SQLite recovers its files when it opens them, other temporary files have no name, and leases and
notes of running requests expire.
"""

from __future__ import annotations

import fcntl
import logging
import os
import shutil
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Final

from letrics.settings import Home

_log: Final = logging.getLogger("letrics.leftovers")
PREFIX: Final = "letrics-"
"""The beginning of the names of temporary directories. Users may have others with such names, such as homes."""
_MARK: Final = "locked"
"""The empty file by which a temporary directory of this program is known, after it was locked."""
_SECONDS: Final = 3600.0
"""The age in seconds from which an empty directory without a lock, or a socket that was never renamed, is left over.
Both are in this state for a moment only."""


@contextmanager
def temporary_directory(name: str) -> Iterator[Path]:
    """Make a temporary directory that other processes leave alone while this one lives, and remove it at the end."""
    path = Path(tempfile.mkdtemp(prefix=f"{PREFIX}{name}-"))
    descriptor = os.open(path, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX)
        (path / _MARK).touch(mode=0o600)
        yield path
    finally:
        shutil.rmtree(path, ignore_errors=True)
        os.close(descriptor)


def remove_leftovers(home: Home, clock: Callable[[], float] = time.time) -> list[Path]:
    """Remove leftovers of killed processes of this user; returns what was removed. Never raises OSError: what cannot
    be removed stays."""
    temporary = Path(tempfile.gettempdir())
    with suppress(OSError):
        removed = [
            *_indexes(home.snapshot),
            *_sockets(home.engine_socket, clock() - _SECONDS),
            *_directories(temporary, clock() - _SECONDS),
        ]
        for path in removed:
            _log.info("removed %s, left by a process that was killed", path)
        return removed
    return []


def _indexes(snapshot: Path) -> Iterator[Path]:
    """Half-written indexes. Only the process that holds the lock writes one."""
    found = list(snapshot.parent.glob(f"{snapshot.name}.*.new")) if snapshot.parent.is_dir() else []
    if not found:
        return
    with _locked(snapshot.with_suffix(".lock"), os.O_RDWR | os.O_CREAT) as only:
        if only:
            for path in found:
                with suppress(OSError):
                    path.unlink()
                    yield path


def _sockets(socket: Path, before: float) -> Iterator[Path]:
    for path in socket.parent.glob(f".{socket.name}.*") if socket.parent.is_dir() else ():
        with suppress(OSError):
            if path.lstat().st_mtime < before:
                path.unlink()
                yield path


def _directories(temporary: Path, before: float) -> Iterator[Path]:
    for path in temporary.glob(f"{PREFIX}*-*"):
        with suppress(OSError):
            found = path.lstat()
            if path.is_symlink() or not path.is_dir() or found.st_uid != os.geteuid():
                continue
            is_own = (path / _MARK).exists()
            with _locked(path, os.O_RDONLY | os.O_DIRECTORY) as only:
                if only and is_own:
                    shutil.rmtree(path, ignore_errors=True)
                    yield path
                elif only and found.st_mtime < before:
                    path.rmdir()  # fails unless it is empty: what has files without the mark is of others
                    yield path


@contextmanager
def _locked(path: Path, flags: int) -> Iterator[bool]:
    """Lock a file or directory until the end of the block; yields whether no other process has locked it."""
    descriptor = os.open(path, flags | os.O_CLOEXEC | os.O_NOFOLLOW, 0o600)
    try:
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            yield False
            return
        yield True
    finally:
        os.close(descriptor)

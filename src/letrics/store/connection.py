"""Opening SQLite files: how they are set up, and what their failures are called.

Every file is in WAL mode with synchronous=FULL: a reader never waits for a writer, and a batch that was reported done
survives a power cut. apsw brings its own SQLite, so behaviour does not depend on the system's version.
"""

from __future__ import annotations

import os
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from types import TracebackType
from typing import Any, Final, Literal

import apsw

from letrics.store.base import StoreAway

BUSY_MS: Final = 30_000
"""How long a writer waits for another process's batch before it gives up, in milliseconds."""

_MMAP_BYTES: Final = 1 << 40
_CACHE_KIB: Final = 256 * 1024
"""At most so much is kept of the file; the keys of one batch lie all over their table."""
_CHECKPOINT_PAGES: Final = 65_536
"""Changed pages are copied into the file when there are so many (256 MB): a batch changes the same ones as the last."""


def open_sqlite(
    path: Path, *, create: bool = True, read_only: bool = False, foreign_keys: bool = False, busy_ms: int = BUSY_MS
) -> apsw.Connection:
    """A connection to the SQLite file at `path`, set up as every file of this program is.

    A file that is created can be read and written by its owner alone (mode 0600), and so can its -wal and -shm, which
    take their mode from it. A connection belongs to one thread at a time and must not be used across a fork. Raises
    StoreAway, in words, where the file cannot be opened.
    """
    if create and not read_only:
        _create_private(path)
    flags = apsw.SQLITE_OPEN_READONLY if read_only else apsw.SQLITE_OPEN_READWRITE
    with Away(path):
        connection = apsw.Connection(str(path), flags=flags)
        try:
            connection.set_busy_timeout(busy_ms)
            if not read_only:
                _begin_log(connection, busy_ms)
                connection.pragma("synchronous", "FULL")
                connection.pragma("wal_autocheckpoint", _CHECKPOINT_PAGES)
            connection.pragma("foreign_keys", "ON" if foreign_keys else "OFF")
            connection.pragma("mmap_size", _MMAP_BYTES)
            connection.pragma("cache_size", -_CACHE_KIB)
            connection.pragma("schema_version")  # the first read: says at once when the file is no database
        except BaseException:
            connection.close(True)
            raise
    return connection


def _begin_log(connection: apsw.Connection, busy_ms: int) -> None:
    """Have the file in WAL mode. Where two processes change a new file at once, SQLite refuses one of them without
    waiting, as each might wait for the other: it is tried again for as long as a writer waits."""
    deadline = time.monotonic() + busy_ms / 1000
    while True:
        try:
            connection.pragma("journal_mode", "WAL")
            return
        except apsw.BusyError:
            if time.monotonic() >= deadline:
                raise
            time.sleep(0.01)


def is_filled(path: Path) -> bool:
    """Whether there is a file at `path` that is not empty: one that is being copied there may be, and must not be
    taken for a new database."""
    try:
        return path.stat().st_size > 0
    except FileNotFoundError:
        return False


def _create_private(path: Path) -> None:
    try:
        os.close(os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600))
    except OSError as error:
        raise StoreAway(f"{path} cannot be created or written: {error.strerror}") from error


class Away:
    """A `with` block that turns what SQLite says of the environment into a StoreAway that a person can act on.

    Errors that would be this program's own (bad SQL, misuse, a broken constraint) pass through as they are.
    """

    __slots__ = ("_path",)

    def __init__(self, path: Path) -> None:
        self._path = path

    def __enter__(self) -> None:
        return None

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> Literal[False]:
        if isinstance(error, apsw.Error):
            words = _words(error)
            if words is not None:
                raise StoreAway(f"{self._path} {words} ({_code(error)})") from error
        return False


_WORDS: Final[tuple[tuple[type[apsw.Error], str], ...]] = (
    (apsw.FullError, "cannot grow because its disk is full: free some space there and run again"),
    (apsw.BusyError, "is locked by another process that writes to it: wait for it to finish and run again"),
    (apsw.LockedError, "is locked by another process that writes to it: wait for it to finish and run again"),
    (apsw.ReadOnlyError, "cannot be written: it or its directory is read-only for this user"),
    (apsw.CantOpenError, "cannot be opened: see that it exists and that this user may read and write it"),
    (apsw.PermissionsError, "cannot be opened: see that this user may read and write it"),
    (apsw.CorruptError, "is damaged: restore it from a backup, or move it away and import again"),
    (apsw.NotADBError, "is not a database of this program, or is damaged: move it away, or restore it from a backup"),
    (apsw.IOError, "could not be read or written: see that its disk is there and sound"),
    (apsw.ProtocolError, "could not be locked: see that its disk is a local one"),
    (apsw.NoMemError, "could not be read: there is not enough memory"),
)


def _code(error: apsw.Error) -> str:
    """SQLite's name of the error, to look it up: it is the same in every version, unlike its words."""
    code = getattr(error, "extendedresult", -1)
    return str(apsw.mapping_extended_result_codes.get(code) or apsw.mapping_result_codes.get(code, "SQLite"))


def _words(error: apsw.Error) -> str | None:
    return next((words for kind, words in _WORDS if isinstance(error, kind)), None)


def read_rows(connection: apsw.Connection, sql: str, bindings: Sequence[Any] = ()) -> list[tuple[Any, ...]]:
    """All rows of a query; the caller knows the types of its columns, of which the driver can say nothing."""
    return connection.execute(sql, tuple(bindings)).fetchall()


@contextmanager
def transaction(connection: apsw.Connection, mode: Literal["IMMEDIATE", "DEFERRED"] = "IMMEDIATE") -> Iterator[None]:
    """One transaction: committed at the end of the block, rolled back when it is left by an exception.

    IMMEDIATE takes the write lock at once (a writer must not read what it will change before it holds it); DEFERRED
    is for reading several things as of one moment.
    """
    connection.execute(f"BEGIN {mode}")
    try:
        yield
        connection.execute("COMMIT")
    except BaseException:
        if connection.in_transaction:  # SQLite itself rolls back on some errors, a full disk among them
            connection.execute("ROLLBACK")
        raise

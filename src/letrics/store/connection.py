"""Open SQLite files with the program's settings, and turn their failures into StoreAway.

Every file is in WAL mode with synchronous=FULL: a reader never waits for a writer, and a committed batch survives a
power cut. apsw contains its own SQLite, so behaviour does not depend on the system's version.
"""

from __future__ import annotations

import os
import time
from array import array
from collections.abc import Collection, Iterable, Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path
from types import TracebackType
from typing import Any, Final, Literal
from urllib.parse import quote

import apsw
import numpy as np

from letrics.store.base import StoreAway, StoreCorrupt
from letrics.store.sql import Ints

BUSY_MS: Final = 30_000
"""Milliseconds that a writer waits for another process's batch before it gives up."""

_MMAP_BYTES: Final = 1 << 40
"""Bytes of a file that SQLite is asked to memory-map (1 TiB). SQLite lowers the number to its own maximum."""
_CACHE_KIB: Final = 64 * 1024
"""Maximum size of a connection's page cache in KiB (64 MiB). The keys of one batch are spread over their whole
table."""
_CHECKPOINT_PAGES: Final = 65_536
"""Pages in the write-ahead log (256 MB) at which SQLite copies them into the file. Consecutive batches change many of
the same pages, so a large log copies each of them less often."""


class SqliteConnection(apsw.Connection):
    """A connection to a SQLite file; see SqlConnection."""

    @property
    def database(self) -> str:
        return self.filename

    @property
    def is_read_only(self) -> bool:
        return self.readonly("main")

    def has_table(self, name: str) -> bool:
        return self.table_exists("main", name)

    def run_script(self, sql: str, /) -> None:
        self.execute(sql)

    def ints(self, values: Ints, /) -> Any:
        numbers = values if isinstance(values, np.ndarray) else array("q", values)
        return apsw.carray(numbers) if len(numbers) else None

    def texts(self, values: Collection[str], /) -> Any:
        return apsw.carray(tuple(values)) if values else None

    def insert(self, table: str, columns: Sequence[str], rows: Iterable[Sequence[Any]]) -> None:
        self.executemany(f"INSERT INTO {table} {_listed(columns)}", rows)

    def insert_missing(self, table: str, columns: Sequence[str], rows: Iterable[Sequence[Any]]) -> int:
        before = self.total_changes()
        self.executemany(f"INSERT OR IGNORE INTO {table} {_listed(columns)}", rows)
        return self.total_changes() - before

    def update(self, table: str, columns: Sequence[str], rows: Iterable[Sequence[Any]]) -> None:
        self.executemany(f"UPDATE {table} SET {', '.join(f'{name}=?' for name in columns)} WHERE num=?", rows)  # noqa: S608

    def delete_rows(self, table: str, columns: Sequence[str], rows: Iterable[Sequence[Any]]) -> int:
        before = self.total_changes()
        self.executemany(f"DELETE FROM {table} WHERE {' AND '.join(f'{name}=?' for name in columns)}", rows)  # noqa: S608
        return self.total_changes() - before

    def has_text(self, column: str, text: str) -> str:
        return f"instr(CAST({column} AS TEXT), '{text}') > 0"

    def text_bytes(self, column: str) -> str:
        return f"CAST({column} AS BLOB)"

    def contains(self, column: str) -> str:
        return f"instr(lower(CAST({column} AS TEXT)), ?) > 0"

    def counter(self, table: str) -> int:
        found = self.execute("SELECT seq FROM sqlite_sequence WHERE name = ?", (table,)).fetchone()
        return 0 if found is None else int(found[0])

    def set_counter(self, table: str, id: int) -> None:
        self.execute("DELETE FROM sqlite_sequence WHERE name = ?", (table,))
        self.execute("INSERT INTO sqlite_sequence (name, seq) VALUES (?, ?)", (table, id))

    def writing(self) -> AbstractContextManager[None]:
        """See SqlConnection. IMMEDIATE takes the write lock at the start."""
        return transaction(self, "IMMEDIATE")

    def reading(self) -> AbstractContextManager[None]:
        return transaction(self, "DEFERRED")

    def away(self) -> Away:
        return Away(Path(self.filename))


def _listed(columns: Sequence[str]) -> str:
    return f"({', '.join(columns)}) VALUES ({', '.join('?' * len(columns))})"


def open_sqlite(
    path: Path, *, create: bool = True, read_only: bool = False, foreign_keys: bool = False, busy_ms: int = BUSY_MS
) -> SqliteConnection:
    """Open the SQLite file at `path` with the program's settings.

    Only its owner can read and write a file that this function creates (mode 0600). Its -wal and -shm files inherit the
    mode. A file that this user cannot write, or in such a directory, is opened for reading only. A connection belongs
    to one thread at a time and must not be used across a fork. Raises StoreAway with the reason if the file cannot be
    opened.
    """
    name, flags = str(path), apsw.SQLITE_OPEN_READONLY if read_only else apsw.SQLITE_OPEN_READWRITE
    if is_unwritable(path):
        name, flags, read_only = _unchanging(path), apsw.SQLITE_OPEN_READONLY | apsw.SQLITE_OPEN_URI, True
    elif create and not read_only:
        _create_private(path)
    with Away(path):
        connection = SqliteConnection(name, flags=flags)
        try:
            connection.set_busy_timeout(busy_ms)
            if not read_only:
                _begin_log(connection, busy_ms)
                connection.pragma("synchronous", "FULL")
                connection.pragma("wal_autocheckpoint", _CHECKPOINT_PAGES)
            connection.pragma("foreign_keys", "ON" if foreign_keys else "OFF")
            connection.pragma("mmap_size", _MMAP_BYTES)
            connection.pragma("cache_size", -_CACHE_KIB)
            connection.pragma("schema_version")  # the first read: fails now if the file is not a database
        except BaseException:
            connection.close(True)
            raise
    return connection


def _begin_log(connection: apsw.Connection, busy_ms: int) -> None:
    """Switch the file to WAL mode.

    If two processes do this to a new file at the same time, SQLite refuses one of them without waiting, to avoid a
    deadlock. This function retries for as long as a writer waits for the lock.
    """
    deadline = time.monotonic() + busy_ms / 1000
    while True:
        try:
            connection.pragma("journal_mode", "WAL")
            return
        except apsw.BusyError:
            if time.monotonic() >= deadline:
                raise
            time.sleep(0.01)


def seal(path: Path) -> None:
    """Make the file at `path` complete in itself, without a write-ahead log, so that it can also be read where nothing
    can be written. No connection may be open. Raises StoreAway."""
    connection = open_sqlite(path, create=False)
    try:
        with Away(path):
            connection.pragma("journal_mode", "DELETE")
    finally:
        connection.close()


def is_filled(path: Path) -> bool:
    """Whether there is a file at `path` that is not empty.

    A file that another program is just copying there can be empty. It must not be mistaken for a new database.
    """
    try:
        return path.stat().st_size > 0
    except FileNotFoundError:
        return False


def is_unwritable(path: Path) -> bool:
    """Whether there is a file at `path` that this user cannot change, such as on a read-only file system."""
    return path.exists() and not (os.access(path, os.W_OK) and os.access(path.parent, os.W_OK))


def _unchanging(path: Path) -> str:
    """The name by which SQLite opens a file in a directory that cannot be written, without a write-ahead log.

    Raises StoreAway if there is such a log, whose changes would be missing.
    """
    log = path.with_name(path.name + "-wal")
    if log.exists() and log.stat().st_size:
        raise StoreAway(
            f"{path} is read-only for this user, and its last changes are in {log.name}: copy all files of its "
            "directory to one that can be written, and use that"
        )
    return f"file:{quote(str(path))}?immutable=1"


def _create_private(path: Path) -> None:
    try:
        os.close(os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600))
    except OSError as error:
        raise StoreAway(f"{path} cannot be created or written: {error.strerror}") from error


class Away:
    """Context manager that turns SQLite errors about the environment into a StoreAway with a suggested fix.

    Errors that indicate a bug in this program (invalid SQL, misuse, a violated constraint) pass through unchanged.
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
                away = StoreCorrupt if words in _DAMAGES else StoreAway
                raise away(f"{self._path} {words} ({_code(error)})") from error
        elif isinstance(error, UnicodeDecodeError) and isinstance(error.object, bytes):
            raise StoreCorrupt(f"{self._path} {_UNREADABLE}") from error
        return False


_DAMAGED: Final = "is damaged: restore it from a backup (letrics restore), or move it away and import again"
_FIX: Final = "Run `letrics check`, which lists all damage and says what repairs it, or restore a backup"
_UNREADABLE: Final = f"is damaged: a text is not UTF-8. {_FIX}"
_MIXED: Final = f"is damaged: a row has a value that its table cannot have. {_FIX}"
"""What is said if a value that was read cannot be written, because a column of its table cannot have such values."""
_NO_DATABASE: Final = "is not a database of this program, or is damaged: move it away, or restore it from a backup"
_DAMAGES: Final = (_DAMAGED, _NO_DATABASE, _MIXED)
"""What is said of damaged files."""
_WORDS: Final[tuple[tuple[type[apsw.Error], str], ...]] = (
    (apsw.FullError, "cannot grow because its disk is full: free some space there and run again"),
    (apsw.BusyError, "is locked by another process that writes to it: wait for it to finish and run again"),
    (apsw.LockedError, "is locked by another process that writes to it: wait for it to finish and run again"),
    (apsw.ReadOnlyError, "cannot be written: it or its directory is read-only for this user"),
    (apsw.CantOpenError, "cannot be opened: check that it exists and that this user may read and write it"),
    (apsw.PermissionsError, "cannot be opened: check that this user may read and write it"),
    (apsw.CorruptError, _DAMAGED),
    (apsw.NotADBError, _NO_DATABASE),
    (apsw.IOError, "could not be read or written: check that its disk is mounted and works"),
    (apsw.ProtocolError, "could not be locked: check that it is on a local disk"),
    (apsw.NoMemError, "could not be read: there is not enough memory"),
)


def _code(error: apsw.Error) -> str:
    """SQLite's name of the error, for looking it up. Unlike the message, it is the same in every version."""
    code = getattr(error, "extendedresult", -1)
    return str(apsw.mapping_extended_result_codes.get(code) or apsw.mapping_result_codes.get(code, "SQLite"))


def _words(error: apsw.Error) -> str | None:
    if getattr(error, "extendedresult", None) == apsw.SQLITE_CONSTRAINT_DATATYPE:
        return _MIXED
    return next((words for kind, words in _WORDS if isinstance(error, kind)), None)


@contextmanager
def transaction(connection: apsw.Connection, mode: Literal["IMMEDIATE", "DEFERRED"] = "IMMEDIATE") -> Iterator[None]:
    """Run the block in one transaction: committed at its end, rolled back if it raises.

    IMMEDIATE takes the write lock at the start, because a writer must hold it before reading what it will change.
    DEFERRED gives several reads the same snapshot.
    """
    connection.execute(f"BEGIN {mode}")
    try:
        yield
        connection.execute("COMMIT")
    except BaseException:
        if connection.in_transaction:  # SQLite itself rolls back on some errors, for example a full disk
            connection.execute("ROLLBACK")
        raise

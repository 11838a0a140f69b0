"""The SQLite implementation of the log store."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from functools import cache
from pathlib import Path
from typing import Final

import apsw

from letrics.normalize.time import now
from letrics.plurals import counted
from letrics.store.base import Changes, StoreAway, StoreReplaced, StoreTooNew
from letrics.store.connection import BUSY_MS, Away, SqliteConnection, is_filled, open_sqlite
from letrics.store.copying.copy_progress import refuse_unfinished
from letrics.store.file_damage import file_damage, is_of_index
from letrics.store.migrate import Migration, Step, load_migrations, migrate
from letrics.store.opened import OpenedFile, has_moved, remove_stale_log
from letrics.store.sqlite.checkpoint import WAL_PAGES, Checkpointer
from letrics.store.sqlite.profile_keys import replace_profile_keys
from letrics.store.tables.company_key_table import add_pages
from letrics.store.tables.following import scan_log
from letrics.store.tables.forgotten_checksums import add_forgotten_checksums
from letrics.store.tables.integrity import faults
from letrics.store.tables.sql_reader import LIMITS
from letrics.store.tables.sql_store import ErasePeople, SqlStore, erase_nothing
from letrics.store.tables.store_limits import StoreLimits
from letrics.store.text_damage import make_readable, text_faults

_CHECKPOINT_PAGES: Final = 4_000
"""Pages in the write-ahead log at which SQLite copies them into the file, until a large batch raises the number."""
_REPAIRED_TEXTS: Final = frozenset(("company_before", "contact_merge", "import"))
"""The tables whose rows are checked and repaired also if their texts are not UTF-8."""
_WAL_BYTES: Final = 64 << 20
"""Bytes to which SQLite truncates the file of the write-ahead log after a checkpoint (64 MiB)."""
_STEPS: Final[dict[str, Step]] = {
    "linkedin_profiles": replace_profile_keys,
    "company_keys": add_pages,
    "forgotten_checksums": add_forgotten_checksums,
}
"""The steps of migrations, by name."""


@cache
def _migrations() -> tuple[Migration, ...]:
    return load_migrations("letrics.store.sqlite.migrations", _STEPS)


class SqliteStore(SqlStore):
    """A log in a SQLite file; see SqlStore. Deleted data is erased from the file.

    SQLite's secure_delete overwrites freed space with zeros, and tombstones contain only numbers. The write-ahead log
    still has the old pages, so it is emptied at once, or after the next batch if a reader in another process is using
    it. Copies elsewhere (backups, file system snapshots) are not erased.
    """

    def __init__(
        self,
        path: Path,
        connection: SqliteConnection,
        limits: StoreLimits = LIMITS,
        clock: Callable[[], str] = now,
        erase_people: ErasePeople = erase_nothing,
    ) -> None:
        super().__init__(connection, limits, clock, erase_people)
        self._path = path
        self._connection = connection
        self._opened = OpenedFile(path, connection)
        self._erasing = False
        self._checkpointer = Checkpointer(path)

    @classmethod
    def open(
        cls,
        path: Path,
        *,
        create: bool = True,
        read_only: bool = False,
        limits: StoreLimits = LIMITS,
        clock: Callable[[], str] = now,
        busy_ms: int = BUSY_MS,
        erase_people: ErasePeople = erase_nothing,
        copying: bool = False,
    ) -> SqliteStore:
        """Open the log at `path`, and upgrade an older file to this version's schema. `clock` dates the changes.
        `busy_ms` is how long a locked file is waited for. `erase_people` is called with contacts that were deleted, to
        erase them where the data directory has them besides the log. With `copying`, a copy into it may be unfinished.

        Raises StoreAway if the file cannot be used, or does not exist and `create` is false. Raises StoreTooNew if a
        newer version wrote it. Once open, every method raises StoreReplaced after the file was removed or replaced.
        """
        if (read_only or not create) and not is_filled(path):
            raise StoreAway(
                f"there is no database at {path}: create it with an import, for example `letrics import companies.csv`"
            )
        remove_stale_log(path)
        connection = open_sqlite(path, create=create, read_only=read_only, busy_ms=busy_ms)
        try:
            with Away(path):
                if not connection.is_read_only:
                    connection.pragma("secure_delete", "ON")
                    connection.pragma("journal_size_limit", _WAL_BYTES)
                    connection.wal_autocheckpoint(_CHECKPOINT_PAGES)
                migrate(connection, _migrations())
                if not copying:
                    refuse_unfinished(connection)
                return cls(path, connection, limits, clock, erase_people)
        except (StoreAway, StoreTooNew):
            connection.close(True)
            raise
        except BaseException as error:
            damage = next(file_damage(connection), None) if isinstance(error, Exception) else None
            connection.close(True)
            if damage is not None:
                raise StoreAway(f"{path}: {damage}") from error
            raise

    def _check(self) -> None:
        self._opened.check()

    def now_ms(self) -> int:
        return time.time_ns() // 1_000_000

    def _bytes(self) -> int:
        """The size includes the write-ahead log and its index."""
        files = [self._path.with_name(self._path.name + end) for end in ("", "-wal", "-shm")]
        return sum(file.stat().st_size for file in files if file.exists())

    def integrity(self) -> list[str]:
        with self._away, self._connection.reading():
            self._check()
            damage = list(file_damage(self._connection))
            if any(not is_of_index(words) for words in damage):
                return damage
            return [*damage, *text_faults(self._connection, _REPAIRED_TEXTS | {"company"}), *faults(self._connection)]

    def _repair_file(self) -> list[str]:
        """Make all texts readable, and build the indexes of the tables again if one does not match its table."""
        done = list[str]()
        if any(is_of_index(words) for words in file_damage(self._connection)):
            try:
                self._connection.execute("REINDEX")
            except apsw.ConstraintError as error:
                raise StoreAway(f"{self._path} has two records with one id or seq: restore it from a backup") from error
            done.append("the indexes of the tables were built again")
        texts = make_readable(self._connection, _REPAIRED_TEXTS)
        return [*done, f"{counted(texts, 'text')} made readable"] if texts else done

    def _end_batch(self, rows: int, deleted: bool = False) -> None:
        self._erase(deleted)
        if rows >= self._limits.large_batch_rows:
            self._connection.wal_autocheckpoint(WAL_PAGES)
            self._checkpointer.wake()

    def _erase(self, deleted: bool) -> None:
        """Empty the write-ahead log if it may still contain deleted data, from the current batch (`deleted`) or
        before."""
        self._erasing = self._erasing or deleted
        if not self._erasing:
            return
        self._connection.set_busy_timeout(self._limits.erase_wait_ms)
        try:
            self._connection.wal_checkpoint(mode=apsw.SQLITE_CHECKPOINT_TRUNCATE)
            self._erasing = False
        except apsw.BusyError:
            pass  # a reader uses the log: retried after the next batch, and when the last connection closes
        finally:
            self._connection.set_busy_timeout(BUSY_MS)

    def settle_erasure(self) -> bool:
        """See Store. Empties the write-ahead log, which has former states of pages."""
        with self._away:
            self._check()
            self._erase(deleted=True)
        return not self._erasing

    def scan(self, size: int, share: tuple[int, int] = (0, 1)) -> Iterator[Changes]:
        with self._away:
            self._opened.check()  # before opening: for a missing file, opening would raise StoreAway instead
            connection = open_sqlite(self._path, read_only=True)
            try:
                self._opened.check()
                if has_moved(connection):
                    raise StoreReplaced(f"{self._path} was replaced by another file while it was in use")
                yield from scan_log(connection, size, share)
            finally:
                connection.close()

    def close(self) -> None:
        self._checkpointer.close()
        with self._away:
            self._opened.close()
